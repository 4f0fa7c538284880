"""Which office gets a case: the kelurahan first, by a table; conduct always the Inspektorat."""

from __future__ import annotations

from datetime import date

import pytest

from guyub.rooms.casework import actions, queries, routing
from guyub.rooms.casework.models import Route
from guyub.rooms.casework.rules import Classification, Mode
from guyub.rooms.people import api as people
from guyub.rooms.people.api import OrganisationKind
from guyub.rooms.people.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db

PLACE = "32.73.02.1004"
ON = date(2026, 11, 20)


def routed(category: str, *, classification=Classification.COMPLAINT, place: str = PLACE, on: date = ON):
    return routing.route(kind="report", category=category, classification=classification, place=place, on=on)


def made_a_desa() -> int:
    """Let the kelurahan of the place be governed by a desa."""
    Organisation.objects.filter(key=f"kelurahan:{PLACE}").update(kind=OrganisationKind.VILLAGE)
    people.forget()
    return Organisation.objects.get(key=f"kelurahan:{PLACE}").pk


def test_the_kelurahan_comes_first(city):
    assert routed("sampah").key == f"kelurahan:{PLACE}"


def test_the_table_sends_to_an_agency_or_a_kecamatan(city):
    agency = Route.objects.filter(level="AGENCY").exclude(organisation_key="inspektorat").first()
    assert routed(agency.category).key == agency.organisation_key
    Route.objects.filter(category="sampah").update(level="KECAMATAN")
    assert routed("sampah").kind == OrganisationKind.DISTRICT


@pytest.mark.parametrize("category", ["sampah", "jalan-berlubang", "no-such-category"])
def test_conduct_goes_to_the_inspektorat_whatever_the_table_says(city, category):
    assert routed(category, classification=Classification.OVERSIGHT).kind == OrganisationKind.INSPECTORATE


def test_what_the_table_does_not_know_goes_to_the_coordinator(city):
    assert routed("no-such-category").kind == OrganisationKind.COORDINATOR


def test_a_place_without_an_office_goes_to_the_coordinator(city):
    assert routed("sampah", place="32.73.02.9999").kind == OrganisationKind.COORDINATOR


def test_an_agency_that_was_dissolved_leaves_its_cases_to_the_coordinator(city):
    agency = Route.objects.filter(level="AGENCY").exclude(organisation_key="inspektorat").first()
    Organisation.objects.filter(key=agency.organisation_key).update(is_active=False)
    people.forget()
    assert routed(agency.category).kind == OrganisationKind.COORDINATOR


def test_a_city_without_anybody_to_act_says_so(city):
    Organisation.objects.filter(kind=OrganisationKind.COORDINATOR).update(is_active=False)
    people.forget()
    with pytest.raises(routing.NoOffice, match="COORDINATOR"):
        routed("no-such-category")


def test_a_newer_row_and_the_more_special_row_win(city):
    rows = {"kind": "report", "legal_basis": "Perwal percontohan"}
    Route.objects.create(category="*", level="KECAMATAN", effective_from=date(2026, 1, 1), **rows)
    assert routed("no-such-category").kind == OrganisationKind.DISTRICT
    assert routed("sampah").key == f"kelurahan:{PLACE}"
    Route.objects.create(category="sampah", level="KECAMATAN", effective_from=date(2026, 11, 20), **rows)
    assert routed("sampah").kind == OrganisationKind.DISTRICT
    assert routed("sampah", on=date(2026, 11, 19)).key == f"kelurahan:{PLACE}"
    Route.objects.create(
        category="sampah",
        classification=Classification.ASPIRATION,
        level="KELURAHAN",
        effective_from=date(2026, 1, 1),
        **rows,
    )
    assert routed("sampah", classification=Classification.ASPIRATION).key == f"kelurahan:{PLACE}"


def test_a_desa_is_asked_not_ordered(city, now):
    desa = made_a_desa()
    _, case = factories.send(at=now, place=PLACE)
    assert (case.office_id, case.mode, case.accepted_at) == (desa, Mode.REQUEST, None)


def test_a_hand_over_to_a_desa_is_a_request_that_it_may_give_back(city, now):
    desa, crew = made_a_desa(), factories.add_people()
    _, case = factories.send(at=now, place=PLACE)
    case.office_id, case.mode = crew["koordinator"].grants[0].organisation, Mode.ORDER
    case.save()
    actions.hand_over(case=case.uuid, to_office=desa, reason="Jalan desa.", by=crew["koordinator"], at=now)
    case.refresh_from_db()
    assert (case.mode, case.accepted_at) == (Mode.REQUEST, None)
    assert queries.returns_to(case).kind == OrganisationKind.DISTRICT


def test_hand_over_targets_are_near_offices_agencies_and_who_coordinates(city, now):
    _, case = factories.send(at=now, place=PLACE)
    targets = queries.hand_over_targets(case)
    assert [office.kind for office in targets.near] == [OrganisationKind.DISTRICT]
    assert {office.kind for office in targets.agencies} == {OrganisationKind.AGENCY}
    kinds = {office.kind for office in [*targets.near, *targets.agencies, *targets.coordination]}
    assert OrganisationKind.INSPECTORATE not in kinds
    assert case.office_id not in {o.id for o in [*targets.near, *targets.agencies, *targets.coordination]}

"""Authority: given by a decree, lent for a while, ended by itself; and nobody holds what no grant in force gives."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guyub.kernel.access.api import ROLES, NotAllowed, roles
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.api import Notice
from guyub.rooms.people import accounts, granting, support, sweeping
from guyub.rooms.people import api as people
from guyub.rooms.people.granting import Basis, GrantRefused
from guyub.rooms.people.models import Account, Grant, Organisation
from guyub.rooms.people.rules import Kind, Period, latest_end, times_extended

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
JAKARTA = ZoneInfo("Asia/Jakarta")
SK = Basis(number="SK Wali Kota 800/123/2026", on=TODAY, about="penunjukan")


class Office:
    """A kelurahan with a lurah and a kasi, its kecamatan, and an admin."""

    def __init__(self, now: datetime) -> None:
        offices = people.directory()
        self.ward = offices.of_settlement("32.73.02.1004")
        self.district = offices.of_district("32.73.02")
        self.other = offices.of_district("32.73.03") or offices.of_kind("DISTRICT")[0]
        self.now = now
        self.lurah = self.hire("lurah", "lurah", self.ward)
        self.kasi = self.hire("kasi", "kasi", self.ward)
        self.camat = self.hire("camat", "camat", self.district)
        self.stranger = self.hire("lain", "kasi", self.other)
        self.admin = self.hire("admin", "admin_kota", offices.of_kind("COORDINATOR")[0])

    def hire(self, slug: str, role: str, office, **more) -> int:
        pk = people.add_account(email=f"{slug}@uji.test", name=f"{slug.title()} Uji")
        values = {"since": date(2026, 1, 1), "legal_basis": "SK uji", "by": None, "at": self.now, **more}
        place = granting.place_of(Organisation.objects.get(pk=office.id))
        people.give_grant(account=pk, role=role, organisation=office.id, place=place, **values)
        return pk

    def person(self, account: int, on: date = TODAY):
        return people.person(account, on=on)

    def delegate(self, **more) -> int:
        own = Grant.objects.get(account=self.lurah, kind=Kind.DEFINITIVE)
        said = {
            "by": self.person(self.lurah),
            "source": own.pk,
            "account": self.kasi,
            "bundles": ["jadwal"],
            "basis": SK,
            "since": TODAY,
            "until": TODAY + timedelta(days=10),
            "reason": "Selama rapat di luar kota.",
            "at": self.now,
        }
        return granting.delegate(**{**said, **more})

    def appoint(self, account: int, **more) -> int:
        said = {
            "by": self.person(self.admin),
            "account": account,
            "role": "lurah",
            "organisation": self.ward.id,
            "basis": SK,
            "since": TODAY,
            "until": TODAY + timedelta(days=10),
            "reason": "Lurah cuti.",
            "kind": Kind.PLH,
            "at": self.now,
        }
        return granting.appoint(**{**said, **more})


@pytest.fixture
def office(city, now) -> Office:
    return Office(now)


def test_a_delegation_gives_just_its_part_and_ends_by_itself(office):
    office.delegate()
    kasi = office.person(office.kasi)
    assert office.ward.id in kasi.offices(roles.APPROVE_SCHEDULE)
    assert not kasi.can(roles.DELEGATE)
    assert not kasi.can(roles.ALERTED)
    last, after = TODAY + timedelta(days=9), TODAY + timedelta(days=10)
    assert office.person(office.kasi, last).can(roles.APPROVE_SCHEDULE)
    assert not office.person(office.kasi, after).can(roles.APPROVE_SCHEDULE)


def test_a_delegation_ends_with_the_grant_of_its_giver(office):
    office.delegate()
    Grant.objects.filter(account=office.lurah).update(until=TODAY + timedelta(days=2))
    assert office.person(office.kasi, TODAY + timedelta(days=1)).can(roles.APPROVE_SCHEDULE)
    assert not office.person(office.kasi, TODAY + timedelta(days=2)).can(roles.APPROVE_SCHEDULE)


def test_a_giver_takes_back_at_once_and_nobody_else_may(office):
    grant = office.delegate()
    with pytest.raises(NotAllowed):
        granting.end_grant(by=office.person(office.camat), grant=grant, reason="bukan saya", at=office.now)
    granting.end_grant(by=office.person(office.lurah), grant=grant, reason="sudah kembali", at=office.now)
    assert not office.person(office.kasi).can(roles.APPROVE_SCHEDULE)
    names = [fact.name for fact in ledger.facts_about(f"people.account:{office.kasi}")]
    assert names.count("people.grant_ended") == 1


@pytest.mark.parametrize("account", ["stranger", "camat", "lurah"])
def test_only_officers_of_the_own_office_are_delegated_to(office, account):
    with pytest.raises(GrantRefused):
        office.delegate(account=getattr(office, account))


def test_what_is_delegated_is_not_handed_on_and_never_more_than_is_held(office):
    grant = office.delegate()
    with pytest.raises(NotAllowed):
        office.delegate(by=office.person(office.kasi), source=grant, account=office.lurah)
    for bundle in ("pengawasan", "wilayah", "apa saja"):
        with pytest.raises(GrantRefused):
            office.delegate(bundles=[bundle])


def test_an_acting_head_does_not_delegate(office):
    acting = office.appoint(office.kasi)
    kasi = office.person(office.kasi)
    assert kasi.can(roles.APPROVE_SCHEDULE)
    assert not kasi.can(roles.DELEGATE)
    with pytest.raises(NotAllowed):
        office.delegate(by=kasi, source=acting, account=office.lurah)


@pytest.mark.parametrize("days", [400, 366])
def test_a_delegation_is_no_longer_than_the_rulebook_and_the_givers_own(office, days):
    with pytest.raises(GrantRefused):
        office.delegate(until=TODAY + timedelta(days=days))
    Grant.objects.filter(account=office.lurah).update(until=TODAY + timedelta(days=5))
    with pytest.raises(GrantRefused):
        office.delegate(until=TODAY + timedelta(days=6))


def test_plh_needs_a_head_plt_a_vacancy(office):
    with pytest.raises(GrantRefused, match="tidak kosong"):
        office.appoint(office.kasi, kind=Kind.PLT)
    office.appoint(office.kasi)
    office2 = Grant.objects.get(account=office.lurah)
    granting.end_grant(by=office.person(office.admin), grant=office2.pk, reason="pensiun", at=office.now)
    assert not office.person(office.kasi).can(roles.APPROVE_SCHEDULE), "a Plh rests on the head"
    with pytest.raises(GrantRefused, match="kosong"):
        office.appoint(office.camat)


def test_plt_lasts_three_months_and_is_extended_once(office):
    Grant.objects.filter(account=office.lurah).update(until=TODAY)
    long = latest_end(TODAY, amount=3, unit="month")
    with pytest.raises(GrantRefused):
        office.appoint(office.kasi, kind=Kind.PLT, until=long + timedelta(days=1))
    office.appoint(office.kasi, kind=Kind.PLT, until=long)
    again = latest_end(long, amount=3, unit="month")
    office.appoint(office.kasi, kind=Kind.PLT, since=long, until=again)
    with pytest.raises(GrantRefused, match="diperpanjang"):
        office.appoint(office.kasi, kind=Kind.PLT, since=again, until=again + timedelta(days=20))


def test_an_acting_head_is_of_the_same_or_a_higher_office_as_long_as_they_act(office):
    with pytest.raises(GrantRefused, match="di atasnya"):
        office.appoint(office.stranger)
    office.appoint(office.camat)
    assert office.ward.id in office.person(office.camat).offices(roles.VERIFY)
    Grant.objects.filter(account=office.camat, role="camat").update(until=TODAY)
    assert not office.person(office.camat).grants, "without a role above, nobody acts below"


def test_nobody_acts_for_themselves_or_gives_to_themselves(office):
    with pytest.raises(GrantRefused, match="dirinya"):
        office.appoint(office.lurah)
    with pytest.raises(GrantRefused, match="dirinya"):
        office.appoint(
            office.admin,
            role="koordinator",
            organisation=people.directory().of_kind("COORDINATOR")[0].id,
            kind=Kind.DEFINITIVE,
            until=None,
        )


def test_only_admins_appoint(office):
    with pytest.raises(NotAllowed):
        office.appoint(office.kasi, by=office.person(office.camat))


def test_two_do_not_act_for_one(office):
    office.appoint(office.kasi)
    with pytest.raises(GrantRefused, match="sudah ada Plh"):
        office.appoint(office.camat, since=TODAY + timedelta(days=9), until=TODAY + timedelta(days=12))
    office.appoint(office.camat, since=TODAY + timedelta(days=10), until=TODAY + timedelta(days=12))


def test_a_role_fits_its_kind_of_office(office):
    with pytest.raises(GrantRefused, match="tidak bertugas"):
        office.appoint(office.stranger, role="camat", kind=Kind.DEFINITIVE, until=None)


def test_history_is_kept_and_periods_do_not_overlap(office):
    Grant.objects.filter(account=office.kasi).update(until=date(2026, 6, 1))
    office.hire("kasi", "kasi", office.ward, since=date(2026, 6, 1))
    assert Grant.objects.filter(account=office.kasi, role="kasi").count() == 2
    with pytest.raises(GrantRefused, match="sudah memegang"):
        office.hire("kasi", "kasi", office.ward, since=date(2026, 7, 1))


def test_the_same_grant_twice_is_one(office):
    assert office.delegate() == office.delegate()
    row = Grant.objects.get(account=office.kasi, kind=Kind.DEFINITIVE)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_the_last_admin_stays(office):
    own = Grant.objects.get(account=office.admin)
    with pytest.raises(GrantRefused, match="terakhir"):
        granting.end_grant(by=office.person(office.admin), grant=own.pk, reason="pindah tugas", at=office.now)
    second = office.hire("admin2", "admin_kota", people.directory().of_kind("COORDINATOR")[0])
    accounts.close_account(by=office.person(office.admin), account=second, reason="pindah", at=office.now)
    with pytest.raises(GrantRefused, match="terakhir"):
        granting.end_grant(by=office.person(office.admin), grant=own.pk, reason="pindah tugas", at=office.now)


def test_a_closed_account_holds_nothing_and_delegates_nothing(office):
    office.delegate()
    accounts.close_account(
        by=office.person(office.admin), account=office.lurah, reason="pensiun", at=office.now
    )
    assert not office.person(office.lurah).grants
    assert not office.person(office.kasi).can(roles.APPROVE_SCHEDULE)


def test_a_grant_ends_to_the_second_at_the_citys_midnight(office, client, monkeypatch):
    office.delegate()
    account = Account.objects.get(pk=office.kasi)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")

    def held_at(moment: datetime) -> bool:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        page = client.get("/petugas/wewenang/", headers={"host": "bandung.localhost"})
        assert page.status_code == 200
        return "a.n. Lurah" in page.content.decode()

    midnight = datetime(2026, 11, 30, tzinfo=JAKARTA)
    assert held_at(midnight - timedelta(seconds=1))
    assert not held_at(midnight)


def test_both_are_told_when_it_begins_nears_its_end_and_ended(office):
    office.delegate()
    told = lambda: sorted(Notice.objects.filter(key__startswith="grant:").values_list("key", flat=True))  # noqa: E731
    sweeping.tell_of_grants(at=office.now)
    assert len([key for key in told() if ":begun:" in key]) == 2
    sweeping.tell_of_grants(at=datetime(2026, 11, 24, 12, tzinfo=JAKARTA))
    assert not [key for key in told() if ":ending:" in key]
    sweeping.tell_of_grants(at=datetime(2026, 11, 25, 12, tzinfo=JAKARTA))
    assert len([key for key in told() if ":ending:" in key]) == 2, "three working days before the 30th"
    sweeping.tell_of_grants(at=datetime(2026, 11, 30, 0, 1, tzinfo=JAKARTA))
    assert len([key for key in told() if ":ended:" in key]) == 2
    while sweeping.tell_of_grants(at=datetime(2026, 12, 1, tzinfo=JAKARTA)):
        pass
    ended = [f for f in ledger.facts_about(f"people.account:{office.kasi}") if f.name == "people.grant_ended"]
    assert [fact.payload["cause"] for fact in ended] == ["expired"]


def test_what_ended_with_its_source_does_not_come_back(office):
    grant = office.delegate()
    Grant.objects.filter(account=office.lurah).update(until=TODAY + timedelta(days=1))
    sweeping.tell_of_grants(at=office.now + timedelta(days=2))
    Grant.objects.filter(account=office.lurah).update(until=None)
    assert Grant.objects.get(pk=grant).ended_at
    assert not office.person(office.kasi).can(roles.APPROVE_SCHEDULE)


def test_alerts_go_to_an_acting_head_but_not_to_a_delegate(office):
    told = {"roles": frozenset({"lurah"}), "organisation": office.ward.id, "on": TODAY}
    office.delegate()
    assert people.accounts_with(**told) == [office.lurah]
    office.appoint(office.camat)
    assert people.accounts_with(**told) == sorted([office.lurah, office.camat])


def test_support_lasts_hours_and_only_for_support_people(office):
    helper = office.hire("bantu", "dukungan", people.directory().of_kind("COORDINATOR")[0])
    said = {"by": office.person(office.admin), "reason": "Daftar tidak tampil.", "at": office.now}
    with pytest.raises(GrantRefused):
        support.open_support(account=helper, hours=9, **said)
    with pytest.raises(GrantRefused):
        support.open_support(account=office.kasi, hours=1, **said)
    with pytest.raises(NotAllowed):
        support.open_support(account=helper, hours=1, **{**said, "by": office.person(office.camat)})
    support.open_support(account=helper, hours=2, **said)
    with pytest.raises(GrantRefused, match="masih terbuka"):
        support.open_support(account=helper, hours=2, **said)
    assert support.tell_of_support(at=office.now + timedelta(hours=2)) == 1
    assert Notice.objects.filter(key__startswith="support:", recipient=f"account:{office.admin}").count() == 2


# ── At no moment does anybody hold a power that no chain of grants in force gives ──────────────────────────

DAYS = st.integers(min_value=0, max_value=8)
GRANTS = st.lists(
    st.tuples(
        st.integers(0, 2),  # who
        st.sampled_from(list(Kind)),
        st.integers(0, 2),  # at which office: ward, its district, another district
        DAYS,
        st.one_of(st.none(), st.integers(1, 6)),
        st.integers(0, 5),  # which earlier grant it rests on
        st.booleans(),  # revoked
    ),
    max_size=9,
)


def _expected(
    rows: list[Grant], ancestors: dict[int, list[int]], on: date
) -> dict[int, set[tuple[int, str]]]:
    """The plain reading of the rules, one grant after another; knows nothing of SQL."""

    def holds(row: Grant) -> bool:
        return row.ended_at is None and row.since <= on and (row.until is None or on < row.until)

    found: dict[int, set[tuple[int, str]]] = {}
    for row in rows:
        if not holds(row) or (row.source is not None and not holds(row.source)):
            continue
        based = any(
            one.account_id == row.account_id
            and one.kind == Kind.DEFINITIVE
            and holds(one)
            and one.organisation_id in ancestors[row.organisation_id]
            for one in rows
        )
        if row.kind in (Kind.PLH, Kind.PLT) and not based:
            continue
        role = ROLES[row.role]
        powers = {
            Kind.DEFINITIVE: role.powers,
            Kind.DELEGATION: frozenset(row.powers) & role.delegable,
        }.get(row.kind, role.acting_powers)
        found.setdefault(row.account_id, set()).update((row.organisation_id, power) for power in powers)
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=GRANTS)
def test_nobody_holds_what_no_grant_in_force_gives(city, now, wanted):
    """Rows that no action would write are among them: the reading itself must not lend what nobody gave."""
    with transaction.atomic():
        offices = people.directory()
        at = [offices.of_settlement("32.73.02.1004").id, offices.of_district("32.73.02").id]
        at.append(next(one.id for one in offices.of_kind("DISTRICT") if one.id != at[1]))
        ancestors = {at[0]: [at[0], at[1]], at[1]: [at[1]], at[2]: [at[2]]}
        who = [people.add_account(email=f"p{n}@uji.test", name=f"P{n}") for n in range(3)]
        rows: list[Grant] = []
        for person, kind, place, begins, days, rests_on, revoked in wanted:
            source = None
            if kind in (Kind.PLH, Kind.DELEGATION):
                heads = [row for row in rows if row.kind == Kind.DEFINITIVE]
                if not heads:
                    continue
                source = heads[rests_on % len(heads)]
            since = TODAY + timedelta(days=begins)
            days = days or (None if kind == Kind.DEFINITIVE else 3)
            office = source.organisation_id if source else at[place]
            row = Grant(
                account_id=who[person],
                role="lurah" if office == at[0] else "camat",
                organisation_id=office,
                kind=kind,
                source=source,
                powers=[roles.APPROVE_SCHEDULE, roles.DELEGATE, roles.VIEW]
                if kind == Kind.DELEGATION
                else [],
                legal_basis="x",
                since=since,
                until=since + timedelta(days=days) if days else None,
                ended_at=now if revoked else None,
            )
            try:
                with transaction.atomic():
                    row.save()
            except IntegrityError:
                continue
            rows.append(row)
        for day in range(-1, 16):
            on = TODAY + timedelta(days=day)
            expected = _expected(rows, ancestors, on)
            for account in who:
                person = people.person(account, on=on)
                held = {(g.organisation, power) for g in person.grants for power in g.powers}
                assert held == expected.get(account, set())
        transaction.set_rollback(True)


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1)), st.integers(1, 24))
def test_months_later_is_never_in_a_later_month(day, months):
    end = latest_end(day, amount=months, unit="month")
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day <= day.day


def test_periods_touch_without_overlapping():
    first, second = Period(date(2026, 1, 1), date(2026, 2, 1)), Period(date(2026, 2, 1), None)
    assert not first.overlaps(second)
    assert Period(date(2026, 1, 31), None).overlaps(first)
    assert times_extended(date(2026, 2, 1), [first]) == 1
    assert times_extended(date(2026, 4, 1), [first]) == 0


def test_every_power_has_plain_words():
    assert {power for role in ROLES.values() for power in role.powers} <= set(roles.POWERS)
    assert all(bundle.powers <= set(roles.POWERS) for bundle in roles.BUNDLES)

"""What is kept of residents who give: told to them, and gone with their account or with its time; sums stay."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guyub.kernel import retention
from guyub.kernel.files.api import Photo
from guyub.rooms.initiatives import delivering, drafting, papers, pledging
from guyub.rooms.initiatives.delivering import Brings
from guyub.rooms.initiatives.models import Delivery, Initiative, Line, Note, Paper, Pledge, Proof
from guyub.rooms.initiatives.tests.conftest import photo
from guyub.rooms.partners.models import Partner
from guyub.rooms.people import api as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(scene):
    """A volunteer's hours, promised by name and with words, brought, found there, certified; beside a partner's goods."""
    row, giver = scene.opened(running=True), scene.person("rahayu")
    own = scene.pledge(
        scene.line(row, "HOURS"), 8, by=giver, is_named=True, words="Rahasia satu.", conflict="Rahasia dua."
    )
    pledging.accept(pledge=own.pk, reason="Boleh.", by=scene.officer(), at=scene.now)
    pledging.put_off(pledge=own.pk, due_on=own.due_on, words="Rahasia tiga.", by=giver, at=scene.now)
    partner = scene.partner("Komunitas Uji", "rahayu")
    Partner.objects.filter(pk=partner.pk).update(contact_name="Rahayu", contact_email="RAHAYU@uji.test")
    goods = scene.pledge(scene.line(row, "HOURS"), 5, by=giver, partner=partner, words="Kata mitra.")
    pledging.accept(pledge=goods.pk, by=scene.officer(), at=scene.now)
    for one in (own, goods):
        said = Brings(one.promised, scene.now.date(), "Penerima Rahasia", words="Rahasia empat.")
        made = delivering.deliver(
            pledge=one.pk, said=said, photos=[photo()], receipt=[photo("olive")], by=giver, at=scene.now
        )
        delivering.receive(delivery=made.pk, at=scene.now)
        kasi = scene.officer("kasi", role="kasi")
        delivering.verify(delivery=made.pk, found=one.promised, by=kasi, at=scene.now)
    papers.issue_hours(pledge=own.pk, is_named=True, by=giver, at=scene.now)
    return row, giver, own, goods


def sums(row: Initiative) -> list[tuple[int, ...]]:
    lines = Line.objects.filter(initiative=row)
    return list(lines.values_list("pledged", "accepted", "delivered", "verified", "spent"))


def words_kept() -> str:
    """Whatever anybody wrote about promises."""
    found: list[str] = []
    for model, names in (
        (Pledge, ("words", "conflict_words")), (Note, ("words",)), (Proof, ("words", "public_words"))
    ):  # fmt: skip
        found += [str(value) for rows in model.objects.values_list(*names) for value in rows]
    return " ".join(found)


def test_an_erased_account_leaves_sums_and_a_partners_record(given):
    row, giver, own, goods = given
    before, account = sums(row), giver.acting
    told = people.belongings_of(account)
    mine, theirs = told["janji dalam prakarsa"]
    assert mine["kata"].split("\n") == [f"Rahasia {n}." for n in ("satu", "dua", "tiga", "empat")]
    assert (mine["atas nama"], theirs["atas nama"]) == ("", "Komunitas Uji")
    assert told["mitra"][0]["kontak mitra"] == "Rahayu, RAHAYU@uji.test"
    people.erase_account(account, at=row.opened_at)
    own, goods = (Pledge.objects.get(pk=one.pk) for one in (own, goods))
    assert (own.account_id, own.is_named, own.words) == (None, False, "")
    assert not Paper.objects.filter(is_named=True).exists()
    assert goods.words == "Kata mitra."
    assert "Rahasia satu" not in words_kept()
    assert "Rahasia tiga" not in words_kept()
    assert words_kept().count("Rahasia empat.") == 1  # the partner's own proof
    assert sums(row) == before
    partner = Partner.objects.get(pk=goods.partner_id)
    assert (partner.contact_name, partner.contact_email) == ("", "")


def test_givers_receivers_and_receipts_go_when_their_time_is_over(given, scene):
    row, _giver, own, _goods = given
    before = sums(row)
    drafting.stop(initiative=row.pk, words="Selesai lebih awal.", by=scene.officer(), at=scene.now)
    young, old = scene.now + timedelta(days=700), scene.now + timedelta(days=3700)
    kinds = ("initiative_givers", "initiative_receivers", "initiative_receipts")
    assert not [kind for kind in kinds if retention.due(at=young)[kind].exists()]
    swept = retention.sweep(at=old)
    assert {kind: swept[kind] for kind in kinds} == dict(zip(kinds, (1, 2, 2), strict=True))
    assert {one.receiver_name for one in Delivery.objects.all()} == {""}
    assert not Photo.objects.filter(subject__startswith="initiatives.receipt:").exists()
    assert Photo.objects.filter(subject__startswith="initiatives.delivery:").exists()
    assert Pledge.objects.get(pk=own.pk).account_id is None
    assert sums(row) == before
    assert not [kind for kind in kinds if kind in retention.sweep(at=old)]

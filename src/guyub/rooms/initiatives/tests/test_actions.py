"""Initiatives from their draft to their end: who may, what is refused, and what the sums say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.rooms.initiatives import delivering, drafting, lines, partnering, pledging, queries, working
from guyub.rooms.initiatives.acting import Refused
from guyub.rooms.initiatives.delivering import Brings, Record
from guyub.rooms.initiatives.lines import Wanted
from guyub.rooms.initiatives.models import Delivery, Initiative, Line, Pledge
from guyub.rooms.initiatives.rules import Consent, Pledged, State
from guyub.rooms.initiatives.tests.conftest import DAY, DISTRICT, PLACE, photo
from guyub.rooms.people import api as people

pytestmark = pytest.mark.django_db


def test_an_office_begins_one_only_where_it_acts(scene):
    elsewhere = "32.73.05.1001"
    row = scene.draft()
    assert (row.state, row.slug) == (State.DRAFT, "taman-contoh-bersama")
    assert scene.draft().slug == "taman-contoh-bersama-2"
    with pytest.raises(NotAllowed):
        scene.draft(places=(elsewhere,))
    with pytest.raises(NotAllowed):
        scene.draft(by=scene.person("warga"))
    with pytest.raises(Refused):
        scene.draft(places=())
    with pytest.raises(Refused):
        scene.draft(ends_on=DAY - timedelta(days=1))
    assert [fact.name for fact in ledger.facts_about(row.subject)] == ["initiatives.initiative_drafted"]


def test_a_partner_on_public_ground_needs_the_consent_of_the_place(scene):
    fresh = scene.partner("Baru", "fani", verified=False)
    with pytest.raises(Refused):
        scene.draft(partner=fresh.pk, by=scene.person("fani"))
    row = scene.partner("Komunitas Taman", "ani")
    ani = scene.person("ani")
    made = scene.draft(partner=row.pk, by=ani, on_public_ground=True, template="taman")
    with pytest.raises(Refused):
        drafting.open_up(initiative=made.pk, by=ani, at=scene.now)
    drafting.ask_consent(initiative=made.pk, by=ani, at=scene.now)
    made.refresh_from_db()
    assert made.consent_office_id == scene.office
    with pytest.raises(NotAllowed):
        drafting.decide_consent(
            initiative=made.pk,
            is_given=True,
            words="",
            by=scene.officer("lurah2", place="32.73.05.1001"),
            at=scene.now,
        )
    drafting.decide_consent(
        initiative=made.pk, is_given=True, words="Silakan.", by=scene.officer(), at=scene.now
    )
    drafting.open_up(initiative=made.pk, by=ani, at=scene.now)
    made.refresh_from_db()
    assert (made.state, made.consent) == (State.OPEN, Consent.GIVEN)
    assert [card.slug for card in queries.of_place(DISTRICT)] == [made.slug]


def test_a_template_brings_lines_tasks_and_risks_and_calls_its_partners(scene):
    scene.partner("Komunitas Taman", "ani")
    lurah = scene.officer()
    found = drafting.open_from_template(
        template="taman", place=PLACE, by=lurah, at=scene.now, cause="sensing.alert:7"
    )
    assert found.state == State.OPEN
    assert Line.objects.filter(initiative=found).count() == 5
    called = Notice.objects.filter(
        recipient=f"account:{scene.person('ani').acting}", link=f"/prakarsa/{found.slug}/"
    )
    assert called.count() == 1
    again = drafting.open_from_template(
        template="taman", place=PLACE, by=lurah, at=scene.now, cause="sensing.alert:7"
    )
    assert again.pk == found.pk
    with pytest.raises(NotAllowed):
        drafting.open_from_template(template="taman", place=PLACE, by=scene.person("warga"), at=scene.now)
    with pytest.raises(Refused):
        drafting.open_from_template(template="tidak-ada", place=PLACE, by=lurah, at=scene.now)


def test_money_and_goods_are_asked_of_the_public_only_with_a_basis(scene):
    row, lurah = scene.opened(), scene.officer()
    other, budi = scene.partner("PT Contoh", "budi"), scene.person("budi")
    goods, hours = scene.line(row, "GOODS"), scene.line(row, "HOURS")
    with pytest.raises(Refused):
        scene.pledge(goods, 5, by=budi, partner=other)
    with pytest.raises(Refused):
        scene.pledge(goods, 5, by=budi)
    assert scene.pledge(hours, 5, by=budi).state == Pledged.PROMISED
    lines.state_permit(
        initiative=row.pk,
        number="PUB/1",
        issued_by="Dinas Sosial",
        valid_from=DAY - timedelta(days=100),
        valid_until=DAY - timedelta(days=1),
        by=lurah,
        at=scene.now,
    )
    with pytest.raises(Refused):  # it has run out
        scene.pledge(goods, 5, by=budi, partner=other)
    lines.state_exemption(initiative=row.pk, code="gotong-royong", by=lurah, at=scene.now)
    assert scene.pledge(goods, 5, by=budi, partner=other).pledged == 5
    with pytest.raises(Refused):  # a resident gives time and skill
        scene.pledge(goods, 5, by=budi)


def test_a_narrow_exemption_is_for_one_kelurahan(scene):
    camat = scene.officer("camat", role="camat", place=DISTRICT)
    office = people.directory().of_district(PLACE).id
    wide = drafting.draft(plan=scene.plan(places=(DISTRICT,)), by=camat, at=scene.now, office=office)
    with pytest.raises(Refused):
        lines.state_exemption(initiative=wide.pk, code="gotong-royong", by=camat, at=scene.now)


def test_a_promise_goes_from_word_to_thanks(scene):
    row, lurah = scene.opened(), scene.officer()
    partner, ani = scene.partner("Komunitas Taman", "ani", members=("budi",)), scene.person("ani")
    scene.joined(row, partner, ani)
    goods = scene.line(row, "GOODS")
    made = scene.accepted(goods, 60, by=ani, partner=partner)
    said = Brings(amount=10, on=DAY, receiver_name="")
    with pytest.raises(files.NotAPhoto):
        delivering.deliver(pledge=made.pk, said=said, photos=[], by=ani, at=scene.now)
    first = scene.delivered(made, 40, by=ani, signed=False)
    with pytest.raises(Refused):  # the giver's own people sign for nothing
        delivering.receive(delivery=first.pk, by=scene.person("budi"), at=scene.now)
    with pytest.raises(Refused):  # nobody signed yet
        delivering.verify(delivery=first.pk, found=40, by=lurah, at=scene.now)
    assert delivering.delivery_of(delivering.key_of(first.uuid)) == first
    assert delivering.delivery_of("0" * 32 + "-x") is None
    delivering.receive(delivery=first.pk, at=scene.now)
    delivering.verify(delivery=first.pk, found=38, by=lurah, at=scene.now)
    goods.refresh_from_db()
    assert (goods.pledged, goods.accepted, goods.delivered, goods.verified) == (60, 60, 38, 38)
    second = scene.delivered(made, 22, by=ani)
    delivering.send_back(delivery=second.pk, words="Layu semua.", by=lurah, at=scene.now)
    third = scene.delivered(made, 22, by=ani)
    delivering.verify(delivery=third.pk, found=22, by=lurah, at=scene.now)
    pledging.thank(pledge=made.pk, words="Terima kasih.", by=lurah, at=scene.now)
    made.refresh_from_db()
    assert (made.state, made.verified) == (Pledged.THANKED, 60)
    (line, *_more) = queries.record_of([partner.pk])[partner.pk]
    assert "22" in line.words
    assert line.in_time
    told = [fact.name.partition(".")[2] for fact in ledger.facts_about(row.subject)]
    assert told.count("delivery_verified") == 2
    assert told[-1] == "pledge_thanked"


def test_who_gave_or_brought_does_not_verify(scene):
    """Also where the officer who runs it is one of the giver's people."""
    row, lurah = scene.opened(), scene.officer()
    hours = scene.line(row, "HOURS")
    mine = scene.accepted(hours, 10, by=lurah)
    made = scene.delivered(mine, 10, by=lurah)
    with pytest.raises(Refused):
        delivering.verify(delivery=made.pk, found=10, by=lurah, at=scene.now)
    delivering.verify(delivery=made.pk, found=10, by=scene.officer("kasi", role="kasi"), at=scene.now)


def test_never_more_is_accepted_than_is_needed(scene):
    row, lurah = scene.opened(), scene.officer()
    hours = scene.line(row, "HOURS")
    scene.accepted(hours, 150, by=scene.person("ani"))
    made = scene.pledge(hours, 60, by=scene.person("budi"))
    with pytest.raises(Refused):
        pledging.accept(pledge=made.pk, by=lurah, at=scene.now)
    wanted = Wanted("HOURS", "Kerja bakti", "jam", 210)
    lines.change_line(line=hours.pk, wanted=wanted, by=lurah, at=scene.now)
    pledging.accept(pledge=made.pk, by=lurah, at=scene.now)
    wanted = Wanted("HOURS", "Kerja bakti", "jam", 100)
    with pytest.raises(Refused):
        lines.change_line(line=hours.pk, wanted=wanted, by=lurah, at=scene.now)
    with pytest.raises(Refused):
        lines.remove_line(line=hours.pk, by=lurah, at=scene.now)


def test_who_waits_for_a_permit_is_accepted_by_a_head_with_a_reason(scene):
    row, lurah = scene.opened(), scene.officer()
    partner, budi = scene.partner("PT Contoh", "budi"), scene.person("budi")
    scene.joined(row, partner, budi)
    made = scene.pledge(scene.line(row, "GOODS"), 10, by=budi, partner=partner, conflict="Izin bangunan.")
    with pytest.raises(Refused):
        pledging.accept(pledge=made.pk, by=scene.officer("kasi", role="kasi"), at=scene.now, reason="baik")
    with pytest.raises(Refused):
        pledging.accept(pledge=made.pk, by=lurah, at=scene.now)
    pledging.accept(pledge=made.pk, by=lurah, at=scene.now, reason="Izinnya diputus dinas lain, terbuka.")
    made.refresh_from_db()
    assert made.state == Pledged.ACCEPTED


def test_goods_for_the_government_close_with_their_record(scene):
    row, lurah = scene.opened(), scene.officer()
    partner, budi = scene.partner("PT Contoh", "budi"), scene.person("budi")
    scene.joined(row, partner, budi)
    wanted = Wanted("GOODS", "Bangku", "buah", 4, for_government=True)
    key = lines.add_line(initiative=row.pk, wanted=wanted, by=lurah, at=scene.now)
    made = scene.accepted(Line.objects.get(pk=key), 4, by=budi, partner=partner)
    brought = scene.delivered(made, 4, by=budi)
    with pytest.raises(Refused):
        delivering.verify(delivery=brought.pk, found=4, by=lurah, at=scene.now)
    said = Record("BAST", "BAST/12/2026", DAY, "KIB-B 1.3.2.05", "Bangku taman")
    delivering.hand_over(pledge=made.pk, said=said, by=lurah, at=scene.now)
    with pytest.raises(NotAllowed):
        delivering.hand_over(pledge=made.pk, said=said, by=lurah, at=scene.now)
    delivering.verify(delivery=brought.pk, found=4, by=lurah, at=scene.now)


def test_late_is_derived_and_a_new_day_needs_a_reason(scene):
    row = scene.opened()
    ani = scene.person("ani")
    made = scene.accepted(scene.line(row, "HOURS"), 10, by=ani, due_on=DAY)
    later = scene.now + timedelta(days=3)
    assert pledging.remind_late(at=later) == 1
    assert pledging.remind_late(at=later) == 1  # asked again, told once
    assert Notice.objects.filter(key__startswith=f"initiative:{row.pk}:overdue:{made.pk}").count() == 1
    with pytest.raises(Refused):
        pledging.put_off(pledge=made.pk, due_on=DAY + timedelta(days=9), words=" ", by=ani, at=later)
    pledging.put_off(pledge=made.pk, due_on=DAY + timedelta(days=9), words="Truk rusak.", by=ani, at=later)
    made.refresh_from_db()
    assert (made.first_due_on, made.due_on) == (DAY, DAY + timedelta(days=9))
    assert pledging.remind_late(at=later) == 0


def test_what_was_brought_stays_when_the_rest_is_withdrawn(scene):
    row, lurah = scene.opened(), scene.officer()
    ani, hours = scene.person("ani"), scene.line(row, "HOURS")
    made = scene.accepted(hours, 10, by=ani)
    brought = scene.delivered(made, 4, by=ani)
    pledging.withdraw(pledge=made.pk, words="Pindah kota.", by=ani, at=scene.now)
    made.refresh_from_db()
    assert (made.promised, made.pledged, made.state) == (10, 4, Pledged.DELIVERED)
    delivering.verify(delivery=brought.pk, found=4, by=lurah, at=scene.now)
    gone = scene.pledge(hours, 5, by=scene.person("budi"))
    with pytest.raises(NotAllowed):
        pledging.withdraw(pledge=gone.pk, words="x", by=ani, at=scene.now)
    pledging.withdraw(pledge=gone.pk, words="Sakit.", by=scene.person("budi"), at=scene.now)
    refused = scene.pledge(hours, 5, by=scene.person("budi"))
    pledging.refuse(pledge=refused.pk, words="Sudah cukup.", by=lurah, at=scene.now)
    hours.refresh_from_db()
    assert (hours.pledged, hours.accepted, hours.verified) == (4, 4, 4)


def test_no_more_is_spent_than_was_found(scene):
    row, lurah = scene.opened(), scene.officer()
    partner, budi = scene.partner("PT Contoh", "budi"), scene.person("budi")
    scene.joined(row, partner, budi)
    money = scene.line(row, "MONEY")
    made = scene.accepted(money, 2_000_000, by=budi, partner=partner)
    brought = scene.delivered(made, 2_000_000, by=budi)
    spend = {"line": money.pk, "what": "Pupuk", "on": DAY, "by": lurah, "at": scene.now}
    with pytest.raises(Refused):
        delivering.spend(amount=1, **spend)
    delivering.verify(delivery=brought.pk, found=2_000_000, by=lurah, at=scene.now)
    delivering.spend(amount=1_999_999, **spend)
    with pytest.raises(Refused):
        delivering.spend(amount=2, **spend)
    assert queries.money_of(row) == {
        "amount": 10_000_000,
        "pledged": 2_000_000,
        "accepted": 2_000_000,
        "delivered": 2_000_000,
        "verified": 2_000_000,
        "spent": 1_999_999,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"pledged": 4},
        {"verified": 6},
        {"delivered": 201},
        {"accepted": 201, "pledged": 201},
        {"spent": 1},
        {"verified": -1},
    ],
)
def test_the_database_refuses_sums_that_lie(scene, wrong):
    row = scene.opened()
    hours = scene.line(row, "HOURS")
    scene.accepted(hours, 5, by=scene.person("ani"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.filter(pk=hours.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pledge.objects.filter(line=hours).update(state=Pledged.VERIFIED)


def test_done_is_done_only_when_all_is_proved_and_kept(scene):
    row, lurah = scene.opened(running=True), scene.officer()
    task, kasi = scene.task(row), scene.officer("kasi", role="kasi")
    made = scene.accepted(scene.line(row, "HOURS"), 5, by=scene.person("ani"))
    with pytest.raises(Refused):
        drafting.finish(initiative=row.pk, words="Selesai.", by=lurah, at=scene.now)
    working.prove(task=task.pk, words="Sudah ditanam.", photos=[photo()], by=lurah, at=scene.now)
    with pytest.raises(Refused):  # who proved it does not verify it
        working.verify_task(task=task.pk, by=lurah, at=scene.now)
    working.send_back_task(task=task.pk, words="Foto gelap.", by=kasi, at=scene.now)
    working.prove(task=task.pk, words="Foto baru.", photos=[photo("green")], by=lurah, at=scene.now)
    working.verify_task(task=task.pk, by=kasi, at=scene.now)
    with pytest.raises(Refused):
        drafting.finish(initiative=row.pk, words="Selesai.", by=lurah, at=scene.now)
    pledging.withdraw(pledge=made.pk, words="Batal.", by=scene.person("ani"), at=scene.now)
    drafting.finish(initiative=row.pk, words="Taman jadi.", by=lurah, at=scene.now)
    assert Initiative.objects.get(pk=row.pk).state == State.DONE
    with pytest.raises(NotAllowed):
        scene.pledge(scene.line(row, "HOURS"), 5, by=scene.person("ani"))


def test_what_is_stopped_releases_its_promises(scene):
    row, lurah = scene.opened(), scene.officer()
    hours, ani = scene.line(row, "HOURS"), scene.person("ani")
    made = scene.accepted(hours, 10, by=ani)
    scene.delivered(made, 4, by=ani)
    scene.pledge(hours, 7, by=scene.person("budi"))
    with pytest.raises(Refused):
        drafting.stop(initiative=row.pk, words="  ", by=lurah, at=scene.now)
    drafting.stop(initiative=row.pk, words="Lahan dipakai jalan.", by=lurah, at=scene.now)
    hours.refresh_from_db()
    assert (hours.pledged, hours.delivered) == (4, 4)
    assert sorted(Pledge.objects.filter(line=hours).values_list("state", flat=True)) == [
        "DELIVERED",
        "WITHDRAWN",
    ]


def test_figures_of_many_only(scene):
    row = scene.opened(template="jama-pai")
    lurah = scene.officer()
    figure = {"initiative": row.pk, "month": DAY, "by": lurah, "at": scene.now}
    working.record_figure(code="hamil", count=31, **figure)
    working.record_figure(code="hamil", count=32, **figure)
    for code in ("nama_ibu", "nik", "bukan-angka"):
        with pytest.raises(NotAllowed):
            working.record_figure(code=code, count=1, **figure)
    for words in ("Ibu Contoh, NIK 3273024101900001", "hubungi 0812-3456-7890"):
        with pytest.raises(Refused):
            working.post_update(initiative=row.pk, words=words, by=lurah, at=scene.now)
    working.post_update(initiative=row.pk, words="Kelas ibu pertama sudah berjalan.", by=lurah, at=scene.now)


def test_partners_are_called_answer_and_leave(scene):
    row, lurah = scene.opened(), scene.officer()
    partner, ani = scene.partner("Komunitas Taman", "ani"), scene.person("ani")
    other, budi = scene.partner("PT Contoh", "budi"), scene.person("budi")
    scene.joined(row, partner, ani)
    with pytest.raises(Refused):
        partnering.invite(initiative=row.pk, partner=partner.pk, role="MITRA", by=lurah, at=scene.now)
    with pytest.raises(NotAllowed):
        partnering.answer(initiative=row.pk, partner=other.pk, is_accepted=True, by=budi, at=scene.now)
    scene.accepted(scene.line(row, "HOURS"), 5, by=budi, partner=other)  # whoever is taken on takes part
    (tie,) = queries.ties_since(DAY - timedelta(days=9))
    assert {tie.first, tie.second} == {partner.pk, other.pk}
    assert tie.place == PLACE
    with pytest.raises(Refused):
        partnering.leave(initiative=row.pk, partner=other.pk, by=budi, at=scene.now)
    partnering.leave(initiative=row.pk, partner=partner.pk, by=ani, at=scene.now)
    assert queries.ties_since(DAY) == []


def test_photos_of_what_was_brought_are_looked_at(scene):
    from guyub.rooms.initiatives import proving
    from guyub.rooms.initiatives.models import Proof

    row = scene.opened()
    ani = scene.person("ani")
    made = scene.accepted(scene.line(row, "HOURS"), 10, by=ani)
    first, again = scene.delivered(made, 4, by=ani), scene.delivered(made, 6, by=ani)
    for delivery in (first, again):
        proving.check(Proof.objects.get(delivery=delivery).pk, at=scene.now)
    found = {proof.delivery_id: proof for proof in Proof.objects.filter(delivery__in=[first, again])}
    assert found[first.pk].flagged is False
    assert found[again.pk].flagged is True
    assert "USED_BEFORE" in [one["code"] for one in found[again.pk].findings]
    assert proving.check_forgotten(at=scene.now) == 0
    assert Delivery.objects.count() == 2

"""What happens in an incident, by its actions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from tests import factories

from guyub.kernel import retention
from guyub.kernel.access.api import NotAllowed
from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.kernel.parties import party
from guyub.rooms.incidents import api, caring, commanding, opening, playing, queries, situation, tasking
from guyub.rooms.incidents.acting import Refused
from guyub.rooms.incidents.caring import Counted
from guyub.rooms.incidents.models import (
    GONE,
    Count,
    HandOver,
    Holder,
    Incident,
    Item,
    Line,
    Movement,
    RunStep,
    SituationReport,
    Task,
)
from guyub.rooms.incidents.rules import Move, StepState
from guyub.rooms.incidents.tests.conftest import HOUR, PLACES
from guyub.rooms.initiatives import api as initiatives
from guyub.rooms.people import api as people

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def office(key: str) -> str:
    return party("office", people.directory().by_key[key].id)


def test_an_incident_is_opened_once_and_goes_its_way(scene):
    row = scene.opened(sources=("warnings.warning:7", "reports.report:12"))
    assert scene.opened(sources=("reports.report:12",), by=scene.sari).pk == row.pk
    assert Holder.objects.get(incident=row).account == scene.rini.acting
    for by in (scene.lala, scene.wira):
        with pytest.raises(NotAllowed):
            scene.opened(by=by)
        with pytest.raises(NotAllowed):
            opening.move(incident=row.pk, to=Move.CONTAIN, reason="Surut", by=by, at=scene.now)
    for wrong in ({"kind": "ufo"}, {"places": ()}, {"places": ("99",)}, {"level": "NORMAL"}, {"title": " "}):
        with pytest.raises(Refused):
            scene.opened(**wrong)
    with pytest.raises(NotAllowed):
        opening.move(incident=row.pk, to=Move.CLOSE, reason="x", by=scene.rini, at=scene.now)
    with pytest.raises(Refused):
        opening.move(incident=row.pk, to=Move.CONTAIN, reason=" ", by=scene.rini, at=scene.now)
    for move in (Move.CONTAIN, Move.WORSEN, Move.CONTAIN):
        opening.move(incident=row.pk, to=move, reason="Air surut", by=scene.rini, at=scene.now)
    task = tasking.set_task(
        incident=row.pk,
        party=office("pu"),
        what="Pompa",
        due_at=scene.now + HOUR,
        by=scene.rini,
        at=scene.now,
    )
    with pytest.raises(Refused):
        opening.move(incident=row.pk, to=Move.CLOSE, reason="Usai", by=scene.rini, at=scene.now)
    tasking.drop(incident=row.pk, task=task.pk, reason="Surut", by=scene.rini, at=scene.now)
    opening.move(incident=row.pk, to=Move.CLOSE, reason="Usai", by=scene.rini, at=scene.now)
    assert api.open_incidents(at=scene.now) == []
    with pytest.raises(Refused):
        tasking.write(incident=row.pk, words="Terlambat", by=scene.rini, at=scene.now)
    other = scene.opened(sources=("reports.report:12",))
    assert other.pk != row.pk
    opening.move(incident=row.pk, to=Move.REOPEN, reason="Rob lagi", by=scene.rini, at=scene.now)
    assert {one.id for one in api.open_incidents(at=scene.now)} == {row.pk, other.pk}
    with pytest.raises(Refused):
        opening.add_source(incident=row.pk, source="reports.report:99x", by=scene.rini, at=scene.now) or (
            opening.add_source(incident=other.pk, source="reports.report:99x", by=scene.rini, at=scene.now)
        )


def test_a_proposal_is_made_once_for_each_level_and_decided_once(scene):
    def propose(level):
        return opening.propose(
            warning=3, number="PD-1", kind="rob", level=level, mode="ACTUAL", areas=PLACES, at=scene.now
        )

    first = propose("WASPADA")
    assert propose("WASPADA") is None
    assert Notice.objects.filter(key__startswith=f"incident-proposed:{first.pk}:").count() == 3
    row = opening.accept(proposal=first.pk, by=scene.sari, at=scene.now)
    steps = RunStep.objects.filter(incident=row)
    before = steps.count()
    assert before
    assert not steps.exclude(level="WASPADA").exists()
    with pytest.raises(Refused):
        opening.accept(proposal=first.pk, by=scene.rini, at=scene.now)
    higher = propose("AWAS")
    assert opening.accept(proposal=higher.pk, by=scene.rini, at=scene.now).pk == row.pk
    assert steps.filter(level="AWAS").exists()
    assert Incident.objects.get(pk=row.pk).level == "AWAS"
    other = opening.propose(
        warning=4, number="PD-2", kind="rob", level="AWAS", mode="LATIHAN", areas=PLACES, at=scene.now
    )
    with pytest.raises(Refused):
        opening.decline(proposal=other.pk, reason="", by=scene.rini, at=scene.now)
    with pytest.raises(NotAllowed):
        opening.decline(proposal=other.pk, reason="Tidak perlu", by=scene.wira, at=scene.now)
    opening.decline(proposal=other.pk, reason="Tidak perlu", by=scene.rini, at=scene.now)
    assert queries.undecided() == []


def test_steps_are_done_or_skipped_and_do_what_they_say(scene):
    row = scene.opened()
    step = {one.code: one for one in RunStep.objects.filter(incident=row)}
    assert "evakuasi" not in step  # only from AWAS on
    done = playing.do_step(incident=row.pk, step=step["pompa"].pk, by=scene.rini, at=scene.now)
    assert done.task.party == office("pu")
    assert Notice.objects.filter(recipient=f"account:{scene.wira.acting}").count() == 1
    with pytest.raises(Refused):
        playing.do_step(incident=row.pk, step=step["pompa"].pk, by=scene.rini, at=scene.now)
    with pytest.raises(Refused):  # nobody works on the theme here
        playing.do_step(incident=row.pk, step=step["kabar-komunitas"].pk, by=scene.rini, at=scene.now)
    with pytest.raises(Refused):
        playing.skip_step(
            incident=row.pk, step=step["kabar-komunitas"].pk, reason=" ", by=scene.rini, at=scene.now
        )
    playing.skip_step(
        incident=row.pk, step=step["kabar-komunitas"].pk, reason="Lewat radio", by=scene.rini, at=scene.now
    )
    with pytest.raises(Refused):  # the operator runs no initiatives
        playing.do_step(incident=row.pk, step=step["posko-rob"].pk, by=scene.sari, at=scene.now)
    opened = playing.do_step(incident=row.pk, step=step["posko-rob"].pk, by=scene.rini, at=scene.now)
    assert initiatives.of_cause(row.subject)
    assert opened.initiative
    left = RunStep.objects.filter(incident=row, state=StepState.OPEN).count()
    assert left == len(step) - 3
    assert playing.raise_level(incident=row.pk, level="AWAS", by=scene.rini, at=scene.now) == 3
    assert playing.raise_level(incident=row.pk, level="AWAS", by=scene.rini, at=scene.now) == 0
    own = playing.add_own_step(
        kind="rob", level="WASPADA", step="DO", what="Tutup pintu air", party="", template="", minutes=5,
        by=scene.rini, at=scene.now,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        playing.end_own_step(own_step=own.pk, by=scene.lala, at=scene.now)
    assert RunStep.objects.filter(incident=scene.opened(), code=f"kota-{own.pk}").count() == 1
    playing.end_own_step(own_step=own.pk, by=scene.rini, at=scene.now)
    assert not RunStep.objects.filter(incident=scene.opened(), code=f"kota-{own.pk}").exists()


def test_an_exercise_opens_nothing_in_earnest_and_says_so(scene):
    row = scene.opened(mode="LATIHAN")
    step = {one.code: one.pk for one in RunStep.objects.filter(incident=row)}
    with pytest.raises(Refused):
        playing.do_step(incident=row.pk, step=step["posko-rob"], by=scene.rini, at=scene.now)
    playing.do_step(incident=row.pk, step=step["pompa"], by=scene.rini, at=scene.now)
    assert Notice.objects.get(recipient=f"account:{scene.wira.acting}").subject.startswith("LATIHAN")
    with pytest.raises(Refused):
        caring.decree(
            incident=row.pk, status="SIAGA_DARURAT", number="1", signed_on=date(2026, 11, 20),
            first=date(2026, 11, 20), last=date(2026, 11, 21), by=scene.rini, at=scene.now,
        )  # fmt: skip


def test_a_task_is_done_by_those_whose_it_is_with_proof(scene):
    row = scene.opened()
    task = tasking.set_task(
        incident=row.pk,
        party=office("pu"),
        what="Pompa",
        due_at=scene.now + HOUR,
        by=scene.rini,
        at=scene.now,
    )
    with pytest.raises(Refused):
        tasking.set_task(
            incident=row.pk,
            party="office:999999",
            what="x",
            due_at=scene.now + HOUR,
            by=scene.rini,
            at=scene.now,
        )
    with pytest.raises(NotAllowed):
        tasking.finish(task=task.pk, proof="Sudah", by=scene.lala, at=scene.now)
    with pytest.raises(Refused):
        tasking.finish(task=task.pk, proof="  ", by=scene.wira, at=scene.now)
    tasking.finish(task=task.pk, proof="Dua pompa hidup", by=scene.wira, at=scene.now)
    with pytest.raises(Refused):
        tasking.finish(task=task.pk, proof="Lagi", by=scene.wira, at=scene.now)
    with transaction.atomic(), pytest.raises(DatabaseError):
        Task.objects.filter(pk=task.pk).update(proof="")


def test_the_log_is_only_added_to(scene):
    row = scene.opened()
    line = tasking.write(incident=row.pk, words="Air 40 cm di Tirto", by=scene.rini, at=scene.now)
    fixed = tasking.write(
        incident=row.pk, words="Air 30 cm", corrects=line.pk, by=scene.budi, at=scene.now + HOUR
    )
    assert fixed.corrects_id == line.pk
    for change in (Line.objects.filter(pk=line.pk).delete, lambda: Line.objects.update(words="")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(Refused):
        tasking.write(incident=row.pk, words="x", corrects=line.pk + 999, by=scene.rini, at=scene.now)
    with pytest.raises(Refused):
        tasking.write(incident=row.pk, words="x", happened_at=scene.now + HOUR, by=scene.rini, at=scene.now)
    words = " ".join(str(fact.payload) for fact in ledger.facts_about(row.subject))
    assert "Tirto" not in words


def test_a_post_changes_hands_when_the_incoming_accepts(scene):
    row = scene.opened()
    with pytest.raises(Refused):
        commanding.assign(
            incident=row.pk, post="KOMANDAN", account=scene.budi.acting, by=scene.rini, at=scene.now
        )
    with pytest.raises(Refused):
        commanding.assign(
            incident=row.pk, post="OPERASI", account=scene.lala.acting, by=scene.rini, at=scene.now
        )
    tasking.set_task(
        incident=row.pk,
        party=office("pu"),
        what="Pompa",
        due_at=scene.now + HOUR,
        by=scene.rini,
        at=scene.now,
    )
    said = {"incident": row.pk, "post": "KOMANDAN", "words": "Pantau Meduri", "at": scene.now}
    with pytest.raises(NotAllowed):
        commanding.write_hand_over(incoming=scene.rini.acting, by=scene.budi, **said)
    with pytest.raises(Refused):
        commanding.write_hand_over(incoming=scene.rini.acting, by=scene.rini, **said)
    made = commanding.write_hand_over(incoming=scene.budi.acting, by=scene.rini, **said)
    with pytest.raises(Refused):
        commanding.write_hand_over(incoming=scene.sari.acting, by=scene.rini, **said)
    with pytest.raises(NotAllowed):
        commanding.accept(incident=row.pk, hand_over=made.pk, by=scene.sari, at=scene.now)
    tasking.write(incident=row.pk, words="Tanggul retak", by=scene.sari, at=scene.now)
    commanding.accept(incident=row.pk, hand_over=made.pk, by=scene.budi, at=scene.now + HOUR)
    kept = HandOver.objects.get(pk=made.pk)
    assert len(kept.open_tasks) == 1
    assert kept.unread
    assert tasking.unread(row, scene.budi.acting) == []
    assert commanding.holder_of(row, "KOMANDAN").account == scene.budi.acting
    with pytest.raises(Refused):
        commanding.accept(incident=row.pk, hand_over=made.pk, by=scene.budi, at=scene.now)
    commanding.vacate(
        incident=row.pk, post="KOMANDAN", account=scene.sari.acting, reason="Tak terhubung", by=scene.rini, at=scene.now
    )  # fmt: skip
    held = Holder.objects.filter(incident=row, post="KOMANDAN").order_by("pk")
    assert [one.until_at is None for one in held] == [False, False, True]


def test_numbers_shelters_and_stock_hold(scene):
    row = scene.opened()
    how = {"incident": row.pk, "by": scene.rini, "at": scene.now}
    given = {
        "figures": {"luka": 2, "ufo": 9},
        "counted_at": scene.now,
        "source": "Posko",
        "unknown": "Pabean",
    }
    assert caring.assess(**given, **how).figures == {"luka": 2}
    assert caring.assess(**given, **how).version == 2
    with pytest.raises(Refused):
        caring.assess(**{**given, "figures": {}, "unknown": ""}, **how)
    shelter = caring.open_shelter(name="Aula", place=PLACES[0], address="Jalan Uji", capacity=100, **how)
    said = Counted(families=10, people=40, vulnerable={"babies": 3})
    with pytest.raises(Refused):
        caring.count(
            shelter=shelter.pk, said=Counted(families=9, people=4, vulnerable={}), counted_at=scene.now, **how
        )
    caring.count(shelter=shelter.pk, said=said, counted_at=scene.now - HOUR, **how)
    with pytest.raises(Refused):
        caring.close_shelter(shelter=shelter.pk, **how)
    assert api.open_incidents(at=scene.now)[0].displaced == 40
    caring.count(
        shelter=shelter.pk, said=Counted(families=0, people=0, vulnerable={}), counted_at=scene.now, **how
    )
    caring.close_shelter(shelter=shelter.pk, **how)
    item = caring.state_need(name="Selimut", unit="lembar", needed=50, **how)
    caring.move_stock(item=item.pk, amount=20, words="PMI", **how)
    with pytest.raises(Refused):
        caring.move_stock(item=item.pk, amount=-21, words="Aula", **how)
    caring.move_stock(item=item.pk, amount=-20, words="Aula", **how)
    for wrong in (0, 2**40):
        with pytest.raises(Refused):
            caring.move_stock(item=item.pk, amount=wrong, words="x", **how)
    with pytest.raises(DatabaseError), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(stock=-1)


def test_the_status_of_the_law_is_apart_from_the_water(scene):
    row = scene.opened(level="WASPADA")
    day = date(2026, 11, 20)
    how = {"incident": row.pk, "by": scene.rini, "at": scene.now, "signed_on": day}
    caring.decree(status="TANGGAP_DARURAT", number="SK 1", first=day, last=day + 13 * DAY, **how)
    assert caring.status_on(row, day).number == "1"
    assert caring.status_on(row, day + 14 * DAY) is None
    with pytest.raises(Refused):
        caring.decree(
            status="TANGGAP_DARURAT", number="SK 2", first=day + 15 * DAY, last=day + 20 * DAY, **how
        )
    with pytest.raises(Refused):
        caring.decree(status="TRANSISI", number="SK 1", first=day + DAY, last=day + 20 * DAY, **how)
    more = caring.decree(
        status="TANGGAP_DARURAT", number="SK 2", first=day + 14 * DAY, last=day + 20 * DAY, **how
    )
    assert more.is_extension
    found = api.open_incidents(at=scene.now)[0]
    assert (found.level, found.status) == ("WASPADA", "TANGGAP_DARURAT")


def test_a_report_keeps_what_was_known_and_says_what_is_not(scene):
    row = scene.opened()
    how = {"incident": row.pk, "by": scene.rini, "at": scene.now}
    first = situation.make(**how)
    caring.open_shelter(name="Aula", place=PLACES[0], address="Jalan Uji", capacity=100, **how)
    second = situation.make(**how)
    assert (first.number, second.number) == (1, 2)
    assert any("Kaji cepat" in one for one in first.content["unknown"])
    assert any("Aula" in one for one in second.content["unknown"])
    assert "Rini" not in str(second.content)
    assert situation.digest_of(second.content) == second.digest
    assert situation.pdf(second).startswith(b"%PDF")
    paper = situation.values_of(second)
    assert paper["known"].endswith(" WIB")  # read in Jakarta, too
    assert [row[1].endswith(" WIB") for row in paper["facts"] if row[0] == "Dibuka"] == [True]
    with pytest.raises(DatabaseError), transaction.atomic():
        second.delete()


def test_words_go_when_their_time_is_over_and_the_database_lets_nothing_else_be_changed(scene):
    row = scene.opened()
    how = {"incident": row.pk, "by": scene.rini, "at": scene.now}
    who = "Pak Karto 0812-3456-7890"
    line = tasking.write(words=who, **how)
    commanding.write_hand_over(post="KOMANDAN", incoming=scene.budi.acting, words=who, **how)
    item = caring.state_need(name="Selimut", unit="lembar", needed=50, **how)
    caring.move_stock(item=item.pk, amount=20, words=who, **how)
    shelter = caring.open_shelter(name="Aula", place=PLACES[0], address="Jalan Uji", capacity=9, **how)
    said = Counted(families=1, people=4, vulnerable={}, needs=who)
    caring.count(shelter=shelter.pk, said=said, counted_at=scene.now - HOUR, **how)
    nobody = Counted(families=0, people=0, vulnerable={})
    caring.count(shelter=shelter.pk, said=nobody, counted_at=scene.now, **how)
    caring.close_shelter(shelter=shelter.pk, **how)
    task = tasking.set_task(party=office("pu"), what="Pompa", due_at=scene.now + HOUR, **how)
    tasking.finish(task=task.pk, proof=who, by=scene.wira, at=scene.now, photos=[factories.picture()])
    opening.show(is_public=True, words="Hindari pantai", contact=who, **how)
    situation.make(**how)
    for move in (Move.CONTAIN, Move.CLOSE):
        opening.move(to=move, reason=f"Usai, kata {who}", **how)
    _may_not_be_changed(line)

    facts = [fact.payload for fact in ledger.facts_about(row.subject)]
    assert not {"incident_words", "incident_photos"} & set(retention.sweep(at=scene.now + 1800 * DAY))
    assert retention.sweep(at=scene.now + 1826 * DAY)["incident_photos"] == 1
    assert retention.sweep(at=scene.now + 3651 * DAY)["incident_words"] == 1
    assert not Photo.objects.exists()
    tables = (Incident, Line, HandOver, Movement, Count, Task)
    kept = str([list(table.objects.values()) for table in tables])
    assert "Karto" not in kept
    assert Line.objects.get(pk=line.pk).words == GONE
    assert [one.people for one in Count.objects.order_by("pk")] == [4, 0]
    assert SituationReport.objects.get().digest == situation.digest_of(SituationReport.objects.get().content)
    assert [fact.payload for fact in ledger.facts_about(row.subject)] == facts
    _may_not_be_changed(line)
    assert "incident_words" not in retention.sweep(at=scene.now + 3652 * DAY)

    late = scene.now + 3660 * DAY
    opening.move(incident=row.pk, to=Move.REOPEN, reason="Ada lagi", by=scene.rini, at=late)
    again = tasking.write(incident=row.pk, words=who, by=scene.rini, at=late)
    _may_not_be_changed(again, words=GONE)
    assert not retention.due(at=late + 9000 * DAY)["incident_words"]
    for move in (Move.CONTAIN, Move.CLOSE):
        opening.move(incident=row.pk, to=move, reason="Usai", by=scene.rini, at=late)
    assert retention.sweep(at=late + 3651 * DAY)["incident_words"] == 1
    assert Line.objects.get(pk=again.pk).words == GONE


def _may_not_be_changed(line: Line, words: str = "Lain") -> None:
    for change in ({"words": words}, {"by": 9}, {"words": GONE, "by": 9}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Line.objects.filter(pk=line.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        line.delete()

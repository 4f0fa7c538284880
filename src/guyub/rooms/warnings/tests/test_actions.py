"""A warning from its draft to its end, who may do what, and what may never happen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from guyub.kernel import retention
from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.rooms.warnings import api, drafting, issuing, queries, roster, words
from guyub.rooms.warnings.acting import Refused
from guyub.rooms.warnings.models import Ask, Chain, Message, Note, Review, Text
from guyub.rooms.warnings.rules import State

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def facts_of(chain: Chain) -> list[str]:
    return [fact.name.removeprefix("warnings.") for fact in ledger.facts_about(chain.subject)]


def test_what_is_remembered_leads_each_reader_to_their_own_language(scene):
    scene.issue(scene.draft())
    addresses = []
    for language in ("en", "id"):
        with translation.override(language):
            addresses.append(queries.in_force(at=scene.now)[0].address)
    assert addresses[0] == f"/en{addresses[1]}"


def test_a_program_drafts_two_people_send_and_it_ends(scene):
    at = scene.now
    row = scene.draft()
    assert row.author is None
    assert {one.recipient for one in Notice.objects.filter(key__startswith="warning-draft")} == {
        f"account:{one.account}" for one in (scene.sari, scene.rini, scene.budi)
    }
    asked = scene.ask(row)
    assert (asked.account, asked.position) == (scene.rini.account, 1)
    link = Notice.objects.get(key=f"warning-ask:{asked.pk}")
    assert asked.uuid.hex in link.link
    assert issuing.key_of(asked.uuid) not in link.link  # signed only when it goes out
    issuing.approve(message=row.pk, texts=1, by=scene.rini, at=at)
    (found,) = api.open_warnings(place="32.73.02")
    assert (found.state, found.level, found.is_in_force(at)) == ("ISSUED", "SIAGA", True)
    assert api.open_warnings(place="32.73.03") == []

    api.draft_update(
        warning=found.id,
        level="AWAS",
        areas=found.areas,
        onset=found.onset,
        expires=found.expires,
        facts=found.facts,
        by=scene.sari,
        at=at,
    )
    (both,) = api.open_warnings()
    assert (both.level, both.has_pending) == ("SIAGA", True)  # the draft holds for nobody yet
    scene.issue(Message.objects.get(chain=found.id, state="DRAFT"))
    api.draft_cancel(warning=found.id, reason="Air sudah surut.", by=scene.sari, at=at)
    scene.issue(Message.objects.get(chain=found.id, state="DRAFT"))
    states = list(Message.objects.filter(chain=found.id).order_by("serial").values_list("state", flat=True))
    assert states == ["SUPERSEDED", "CANCELLED", "CANCELLED"]
    assert api.open_warnings() == []
    chain = Chain.objects.get(pk=found.id)
    assert chain.closed_at == at
    assert facts_of(chain) == [
        "warning_drafted",
        "approval_asked",
        "warning_issued",
        "warning_drafted",
        "approval_asked",
        "warning_updated",
        "warning_drafted",
        "approval_asked",
        "warning_cancelled",
    ]


def test_one_source_has_one_open_warning(scene):
    first = scene.draft()
    assert scene.draft().pk == first.pk
    assert Text.objects.filter(message=first).values("version").distinct().count() == 1

    scene.draft(level="AWAS")  # its own draft, which nobody touched, a program renews
    first.refresh_from_db()
    assert (first.level, first.text_version) == ("AWAS", 2)
    assert "AWAS" in words.texts_of(first)["SMS", "id"]

    drafting.change(message=first.pk, content=scene.content(level="WASPADA"), by=scene.sari, at=scene.now)
    scene.draft(level="AWAS")  # what somebody works on is left alone
    first.refresh_from_db()
    assert first.level == "WASPADA"
    scene.issue(first)
    scene.draft(level="WASPADA", onset=scene.now + timedelta(hours=6, minutes=20))
    assert Message.objects.count() == 1  # twenty minutes are no news
    scene.draft(level="SIAGA")
    assert list(Message.objects.order_by("serial").values_list("kind", "state")) == [
        ("ALERT", "ISSUED"),
        ("UPDATE", "DRAFT"),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Chain.objects.create(source="uji:1", year=2026, hazard="rob", opened_at=scene.now)


def test_a_program_withdraws_what_it_does_not_stand_by_any_more(scene, visitor):
    """A fact, once; whoever was asked hears it, and their link says so. What people have changed is theirs."""
    assert not api.withdraw_draft(source="uji:1", reason="Surut.", at=scene.now)
    row = scene.draft()
    asked = scene.ask(row)
    for expected in (True, False):
        done = api.withdraw_draft(source="uji:1", reason="Air laut sudah turun.", at=scene.now)
        assert done is expected
    row.refresh_from_db()
    assert (row.state, api.open_warnings()) == ("REJECTED", [])
    assert facts_of(row.chain)[-1] == "draft_withdrawn"
    assert facts_of(row.chain).count("draft_withdrawn") == 1
    told = Notice.objects.filter(key__startswith=f"warning-withdrawn:{row.pk}:")
    assert {one.recipient for one in told} == {f"account:{one.account}" for one in (scene.rini, scene.sari)}
    page = visitor.get(f"/peringatan/setuju/{issuing.key_of(asked.uuid)}/")
    assert page.status_code == 410
    assert "menariknya sebelum disetujui. Air laut sudah turun." in page.content.decode()
    with pytest.raises(NotAllowed):
        issuing.approve(message=row.pk, texts=1, by=scene.rini, at=scene.now)

    mine = scene.draft(source="uji:2")
    drafting.change(message=mine.pk, content=scene.content(level="AWAS"), by=scene.sari, at=scene.now)
    assert not api.withdraw_draft(source="uji:2", reason="Surut.", at=scene.now)
    sent = scene.issued(source="uji:3")
    assert not api.withdraw_draft(source="uji:3", reason="Surut.", at=scene.now)
    drafting.draft_cancel(warning=sent.chain_id, reason="Surut.", by=None, at=scene.now)
    assert not api.withdraw_draft(source="uji:3", reason="Naik lagi.", at=scene.now)
    assert {one.source for one in api.open_warnings()} == {"uji:2", "uji:3"}


def test_calling_off_does_not_wait_for_an_update(scene):
    """What people call off takes the place of an update that waits, and whoever was asked for that one is asked no
    more; a program leaves it to them."""
    sent = scene.issued()
    update = scene.draft(level="AWAS")
    assert (update.kind, update.state) == ("UPDATE", "DRAFT")
    scene.ask(update)
    with pytest.raises(Refused):
        drafting.draft_cancel(warning=sent.chain_id, reason="Surut.", by=None, at=scene.now)
    with pytest.raises(Refused):  # without a word to the residents nothing is put aside
        drafting.draft_cancel(warning=sent.chain_id, reason=" ", by=scene.sari, at=scene.now)
    update.refresh_from_db()
    assert update.state == "WAITING"
    over = drafting.draft_cancel(warning=sent.chain_id, reason="Air surut.", by=scene.sari, at=scene.now)
    update.refresh_from_db()
    assert (update.state, over.state, over.kind) == ("REJECTED", "DRAFT", "CANCEL")
    assert not Ask.objects.filter(message=update, answer="").exists()
    with pytest.raises(Refused):  # one is enough
        drafting.draft_cancel(warning=sent.chain_id, reason="Air surut.", by=scene.sari, at=scene.now)
    scene.issue(over)
    assert api.open_warnings() == []


WHO = ("sari", "rini", "budi", "lala")
# Who may do what in which state, if Sari wrote it: everything else is refused.
MATRIX = {
    "DRAFT": {
        "change": {"sari", "rini", "budi"},
        "ask": {"sari", "rini", "budi"},
        "reject": {"sari", "rini", "budi"},
    },
    "WAITING": {
        "approve": {"rini", "budi"},
        "send_back": {"rini", "budi"},
        "reject": {"sari", "rini", "budi"},
    },
    "ISSUED": {},
    "EXPIRED": {},
    "REJECTED": {},
}


def _do(scene, move: str, row: Message, who) -> None:
    at = scene.now
    {
        "change": lambda: drafting.change(message=row.pk, content=scene.content(), by=who, at=at),
        "ask": lambda: issuing.ask_approval(message=row.pk, by=who, at=at),
        "approve": lambda: issuing.approve(message=row.pk, texts=row.text_version, by=who, at=at),
        "send_back": lambda: issuing.send_back(message=row.pk, reason="Kurang jelas.", by=who, at=at),
        "reject": lambda: drafting.reject(message=row.pk, reason="Salah baca.", by=who, at=at),
        "alone": lambda: issuing.issue_alone(message=row.pk, by=who, at=at),
    }[move]()


def test_people_and_states(scene):
    scene.person("lala", "lurah", "kelurahan:32.73.02.1004")
    row = scene.draft(by=scene.sari)
    chain = row.chain
    for state, allowed in MATRIX.items():
        issued = {"issued_at": scene.now, "issued_by": scene.rini.account} if state == "ISSUED" else {}
        Message.objects.filter(pk=row.pk).update(state=state, **issued, asked_by=scene.sari.account)
        for move in ("change", "ask", "approve", "send_back", "reject", "alone"):
            for name in WHO:
                with transaction.atomic():
                    point = transaction.savepoint()
                    try:
                        _do(scene, move, row, scene.people[name])
                        did = True
                    except NotAllowed:
                        did = False
                    transaction.savepoint_rollback(point)
                assert did == (name in allowed.get(move, ())), (state, move, name)
        Message.objects.filter(pk=row.pk).update(issued_at=None, issued_by=None, state="DRAFT")
    assert chain.closed_at is None


def test_the_second_person_is_never_the_first(scene):
    row = scene.draft(by=scene.rini)
    asked = scene.ask(row)
    assert asked.account == scene.budi.account  # Rini stands first on the roster, but wrote it
    with pytest.raises(NotAllowed):
        issuing.approve(message=row.pk, texts=1, by=scene.rini, at=scene.now)
    with pytest.raises(IntegrityError), transaction.atomic():  # nor by any other way into the table
        Message.objects.filter(pk=row.pk).update(
            state="ISSUED", issued_at=scene.now, issued_by=scene.rini.account
        )
    issuing.send_back(message=row.pk, reason="Waktunya keliru.", by=scene.budi, at=scene.now)
    assert Note.objects.get(message=row).words == "Waktunya keliru."
    drafting.change_texts(
        message=row.pk, bodies={("SMS", "id"): "SIAGA rob. BPBD, data BMKG"}, by=scene.budi, at=scene.now
    )
    row.refresh_from_db()
    with pytest.raises(Refused):  # both have their hands in it now, and nobody else is on the roster
        scene.ask(row)
    row.refresh_from_db()
    assert row.state == State.DRAFT


def test_the_next_is_asked_once_after_ten_minutes(scene):
    row, at = scene.draft(), scene.now
    scene.ask(row)
    asked = lambda: list(Ask.objects.order_by("pk").values_list("account", flat=True))  # noqa: E731
    assert issuing.ask_due(at=at + 9 * MINUTE) == 0
    assert issuing.ask_due(at=at + 10 * MINUTE) == 1
    assert issuing.ask_due(at=at + 10 * MINUTE) == 0
    assert issuing.ask_due(at=at + 40 * MINUTE) == 0  # everybody was asked
    assert asked() == [scene.rini.account, scene.budi.account]
    issuing.approve(message=row.pk, texts=1, by=scene.budi, at=at + 41 * MINUTE)
    assert list(Ask.objects.order_by("pk").values_list("answer", flat=True)) == ["LAPSED", "APPROVED"]


def test_who_is_slower_is_told_that_it_went_out(scene):
    row = scene.draft()
    scene.issue(row)
    with pytest.raises(NotAllowed):
        issuing.approve(message=row.pk, texts=1, by=scene.budi, at=scene.now)
    assert Ask.objects.filter(answer="APPROVED").count() == 1


def test_words_that_changed_are_read_again(scene):
    row = scene.draft(by=scene.sari)
    scene.ask(row)
    issuing.send_back(message=row.pk, reason="Sebut titik kumpul.", by=scene.rini, at=scene.now)
    drafting.change_texts(
        message=row.pk,
        bodies={("WEB", "id"): "Kumpul di kantor kelurahan. Sumber data: BMKG."},
        by=scene.sari,
        at=scene.now,
    )
    row.refresh_from_db()
    scene.ask(row)
    with pytest.raises(Refused):
        issuing.approve(message=row.pk, texts=1, by=scene.rini, at=scene.now)
    issuing.approve(message=row.pk, texts=2, by=scene.rini, at=scene.now)
    assert words.texts_of(row, 1)["WEB", "id"] != words.texts_of(row, 2)["WEB", "id"]


def test_only_an_observed_awas_goes_out_alone_and_is_reviewed(scene):
    at = scene.now
    for content in ({"level": "AWAS"}, {"level": "SIAGA", "is_observed": True}):
        row = scene.draft(source=f"uji:{content}", **content)
        with pytest.raises(NotAllowed):
            issuing.issue_alone(message=row.pk, by=scene.sari, at=at)
    row = scene.draft(source="uji:seen", level="AWAS", is_observed=True)
    issuing.issue_alone(message=row.pk, by=scene.sari, at=at)
    owed = Review.objects.get(message=row)
    assert owed.due_at == at + timedelta(hours=24)
    assert issuing.mark_late_reviews(at=at + timedelta(hours=23)) == 0
    assert issuing.mark_late_reviews(at=at + timedelta(hours=24)) == 1
    assert issuing.mark_late_reviews(at=at + timedelta(hours=25)) == 0
    with pytest.raises(NotAllowed):
        issuing.review(message=row.pk, was_right=True, words_said="Benar.", by=scene.sari, at=at)
    late = at + timedelta(hours=26)
    issuing.review(message=row.pk, was_right=True, words_said="Benar.", by=scene.budi, at=late)
    assert facts_of(row.chain)[-2:] == ["review_late", "warning_reviewed"]


def test_what_is_past_its_time_ends_even_unsent(scene):
    sent = scene.issued()
    waiting = scene.draft(source="uji:2")
    scene.ask(waiting)
    later = scene.now + timedelta(hours=10)
    assert issuing.expire_due(at=later) == 2
    assert issuing.expire_due(at=later) == 0
    assert {row.state for row in Message.objects.all()} == {"EXPIRED"}
    assert Chain.objects.filter(closed_at__isnull=True).count() == 0
    told = [fact.payload["was_issued"] for fact in ledger.facts_about(sent.chain.subject)[-1:]]
    assert told == [True]
    assert (
        scene.draft(source="uji:1", onset=later, expires=later + timedelta(hours=3), at=later).pk != sent.pk
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": "NORMAL"}, "level"),
        ({"areas": ()}, "areas"),
        ({"areas": ("32.73.02",)}, "areas"),
        ({"areas": ("99.99.99.9999",)}, "areas"),
        ({"hazard": "naga"}, "hazard"),
    ],
)
def test_what_no_warning_can_say_is_refused(scene, changes, field):
    with pytest.raises(Refused) as refused:
        scene.draft(**changes)
    assert refused.value.field == field


def test_times_are_sound(scene):
    for onset, expires in ((6, 6), (6, 5), (-5, -1), (0, 80)):
        with pytest.raises(Refused):
            scene.draft(
                onset=scene.now + timedelta(hours=onset), expires=scene.now + timedelta(hours=expires)
            )
    with pytest.raises(TypeError):
        scene.draft(facts={"peaks": [1, 2]})


def test_scores_are_kept_with_their_evidence(scene):
    row = scene.issued()
    with pytest.raises(Refused):  # nothing has happened yet
        api.score_warning(warning=row.chain_id, outcome="HIT", evidence={}, at=scene.now)
    later = scene.now + timedelta(hours=12)
    (owed,) = queries.unscored(since=scene.now, until=later)
    score = {"outcome": "HIT", "evidence": {"peak_cm": 118, "reports": 4}, "at": later}
    first = api.score_warning(warning=owed.id, **score)
    assert api.score_warning(warning=owed.id, **score) == first
    second = api.score_warning(warning=owed.id, outcome="NEAR", evidence={"peak_cm": 99}, at=later)
    assert second != first
    assert queries.unscored(since=scene.now, until=later) == []
    miss = {
        "outcome": "MISS",
        "event": "tides.flood:7",
        "hazard": "rob",
        "level": "SIAGA",
        "areas": row.areas,
        "happened_at": later,
        "evidence": {"peak_cm": 120},
        "at": later,
    }
    assert api.score_warning(**miss) == api.score_warning(**miss)
    with pytest.raises(Refused):
        api.score_warning(warning=owed.id, outcome="MISS", evidence={}, at=later)


def test_who_was_asked_and_what_officers_wrote_goes_with_its_time_but_not_what_was_sent(scene):
    at = scene.now
    row = scene.draft(by=scene.sari)
    scene.ask(row)
    issuing.send_back(message=row.pk, reason="Nama Pak Karto keliru.", by=scene.rini, at=at)
    scene.ask(row)
    row.refresh_from_db()
    issuing.approve(message=row.pk, texts=row.text_version, by=scene.rini, at=at)
    api.draft_cancel(warning=row.chain_id, reason="Air surut.", by=scene.sari, at=at)
    alone = scene.draft(source="uji:seen", level="AWAS", is_observed=True)
    issuing.issue_alone(message=alone.pk, by=scene.sari, at=at)
    issuing.review(message=alone.pk, was_right=True, words_said="Kata Pak Karto.", by=scene.budi, at=at)
    roster.remove(approver=roster.standing()[-1].pk, by=scene.rini, at=at)

    def sweep(days: int) -> dict[str, int]:
        done = retention.sweep(at=at + timedelta(days=days))
        return {key: count for key, count in done.items() if key.startswith("warning_")}

    before, asked = facts_of(row.chain), Ask.objects.count()
    assert sweep(729) == {}
    assert sweep(731) == {"warning_roster": 1}
    assert sweep(1826) == {"warning_asks": asked}
    assert sweep(3651) == {"warning_notes": 1, "warning_reviews": 1}
    assert sweep(3652) == {}
    assert [one.words for one in Note.objects.all()] == ["Air surut."]
    assert Review.objects.get().was_right is True
    row.refresh_from_db()
    assert (row.issued_by, bool(row.cap)) == (scene.rini.account, True)
    assert facts_of(row.chain) == before
    assert len(roster.standing()) == 1

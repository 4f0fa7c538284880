"""A meeting from its invitation to the next one, for a subject made up here."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar

from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.rooms.meetings import actions, queries, rules, subjects
from guyub.rooms.meetings.calendar import calendar
from guyub.rooms.meetings.models import How, Kind, Meeting, Minutes, StepKind
from guyub.rooms.meetings.subjects import Member, Subject
from guyub.rooms.people import api as people

pytestmark = pytest.mark.django_db
SUBJECT = "tests.circle:7"
RUNNER, STRANGER, OWNER = Person(account=901), Person(account=902), Person(account=903)
DAY = timedelta(days=1)


@pytest.fixture
def circle(city, monkeypatch):
    """Four offices meet; one account runs it, another stands for the first office."""
    offices = [f"office:{one.id}" for one in people.directory().of_kind("AGENCY")[:4]]

    def source(key, person):
        return Subject(
            title="Lingkar contoh",
            address="/",
            can_read=True,
            can_run=person.account == RUNNER.account,
            members=lambda: [Member(code, "GOV_BUREAUCRACY") for code in offices],
            accounts_of=lambda code: [903] if code == offices[0] else [],
            answers_for=lambda code: person.account == OWNER.account and code == offices[0],
            quorum_percent=50,
            opens_with_follow_up=True,
        )

    monkeypatch.setitem(subjects._sources, "tests.circle", source)
    return offices


def plan(at: datetime, *, by=RUNNER, **changes):
    given = {
        "subject": SUBJECT,
        "title": "Rapat; pertama, contoh",
        "starts_at": at,
        "ends_at": at + timedelta(hours=2),
        "venue": "Aula\nlantai 2",
        "agenda": ["Taman", "Lain-lain"],
    }
    return actions.plan(**{**given, **changes}, by=by, at=at - 7 * DAY)


def names_of_facts():
    return [fact.name.removeprefix("meetings.") for fact in ledger.facts_about(SUBJECT)]


def test_from_one_meeting_to_the_next(circle, now):
    first = plan(now)
    assert [item.title for item in queries.agenda_of(first)][1:] == ["Taman", "Lain-lain"]
    assert queries.agenda_of(first)[0].is_follow_up
    assert Notice.objects.filter(recipient="account:903", link=f"/rapat/{first.uuid}/").count() == 1
    who = {"meeting": first.uuid, "by": RUNNER}
    with pytest.raises(actions.NotNow):  # not begun yet
        actions.hold(came=circle, at=now - DAY, **who)
    with pytest.raises(actions.NotNow):  # nobody has come yet
        actions.decide(body="Taman dibuka.", at=now, **who)

    actions.hold(came=circle[:2], at=now, **who)
    with pytest.raises(rules.NoQuorum):  # two of four are not more than half
        actions.decide(body="Taman dibuka.", at=now, **who)
    actions.hold(came=circle[:3], others="Bu Contoh dari RW 1", at=now, **who)  # put right
    assert queries.presence_of(Meeting.objects.get()).came == 3
    item = queries.agenda_of(first)[1].id
    assert actions.record_minutes(bodies={item: "Taman dibahas.", 10**9: "bukan"}, at=now, **who) == 1
    actions.record_minutes(bodies={item: "Taman dibahas panjang."}, at=now, **who)
    assert Minutes.objects.count() == 1  # not approved yet: written over
    actions.decide(body="Taman dibuka.", item=item, at=now, **who)
    with pytest.raises(rules.WrongCount):
        actions.decide(body="Pagar dicat.", how=How.VOTE, votes=(3, 1, 0), at=now, **who)
    actions.decide(body="Pagar dicat.", how=How.VOTE, votes=(2, 1, 0), at=now, **who)
    late = actions.follow_up(
        subject=SUBJECT, what="Tanam pohon", owner=circle[0], due_on=date(2026, 11, 25), at=now, **who
    )
    later = actions.follow_up(
        subject=SUBJECT, what="Cat pagar", owner=circle[1], due_on=date(2027, 3, 1), at=now, **who
    )
    kept = actions.follow_up(
        subject=SUBJECT, what="Beri tahu warga", owner=circle[1], due_on=date(2026, 11, 24), at=now, **who
    )
    actions.approve(at=now, **who)
    with pytest.raises(actions.NotNow):  # the attendance is closed with the minutes
        actions.hold(came=circle, at=now, **who)
    with pytest.raises(actions.NotNow):  # a correction says why
        actions.record_minutes(bodies={item: "Lain."}, at=now, **who)
    actions.record_minutes(bodies={item: "Lain."}, reason="Salah tulis.", at=now, **who)
    actions.decide(body="Taman dibuka Senin.", number=1, reason="Harinya lupa.", at=now, **who)
    said = list(Minutes.objects.order_by("version").values_list("version", "body", "reason"))
    assert said == [(1, "Taman dibahas panjang.", ""), (2, "Lain.", "Salah tulis.")]
    decided = [(one.number, one.version, one.body, one.votes) for one in queries.decisions_of([first])]
    assert decided == [(1, 2, "Taman dibuka Senin.", None), (2, 1, "Pagar dicat.", (2, 1, 0))]

    actions.done(follow_up=kept.uuid, note="Sudah diumumkan.", by=RUNNER, at=now + DAY)
    second = plan(now + 30 * DAY)
    today = (now + 30 * DAY).date()
    called = queries.called_at(second, on=today)
    # What is done is not called, what is late comes first.
    assert [row.what for row in called] == ["Tanam pohon", "Cat pagar"]
    assert [row.is_late for row in called] == [True, False]
    second = actions.hold(meeting=second.uuid, came=circle, by=RUNNER, at=now + 30 * DAY)
    assert [row.carried for row in queries.open_follow_up(subject=SUBJECT, on=today)] == [1, 1]
    actions.done(follow_up=late.uuid, note="Sepuluh pohon.", by=OWNER, at=now + 31 * DAY)
    # What a held meeting opened with stays on its page, with what became of it.
    assert [(row.what, row.is_done) for row in queries.called_at(second, on=today)] == [
        ("Cat pagar", False),
        ("Tanam pohon", True),
    ]
    actions.move(follow_up=later.uuid, due_on=date(2027, 5, 1), reason="Menunggu cat.", by=RUNNER, at=now)
    actions.reopen(follow_up=late.uuid, reason="Pohonnya mati.", by=RUNNER, at=now + 32 * DAY)
    assert [step.kind for step in late.steps.order_by("pk")] == [
        StepKind.CARRIED,
        StepKind.DONE,
        StepKind.REOPENED,
    ]
    assert queries.count_undone(subjects=[SUBJECT], on=today) == {SUBJECT: (2, 1)}
    assert names_of_facts().count("follow_up_carried") == 2
    assert "minutes_corrected" in names_of_facts()


def test_only_those_who_run_it_write_and_only_the_owner_answers(circle, now):
    row = plan(now)
    assert plan(now).pk == row.pk  # the form was sent twice
    with pytest.raises(NotAllowed):
        plan(now, by=STRANGER)
    with pytest.raises(NotAllowed):
        plan(now, by=Person(account=RUNNER.account, support=1))
    with pytest.raises(NotAllowed):
        actions.hold(meeting=row.uuid, came=circle, by=STRANGER, at=now)
    made = actions.follow_up(
        subject=SUBJECT, what="Tanam", owner=circle[0], due_on=date(2026, 12, 1), by=RUNNER, at=now
    )
    again = {"subject": SUBJECT, "what": "Tanam", "owner": circle[0], "due_on": date(2026, 12, 1)}
    assert actions.follow_up(**again, by=RUNNER, at=now).pk == made.pk
    for person in (STRANGER, Person()):
        with pytest.raises(NotAllowed):
            actions.done(follow_up=made.uuid, note="Selesai.", by=person, at=now)
    before = names_of_facts()
    with pytest.raises(NotAllowed):
        actions.reopen(follow_up=made.uuid, reason="Bukan saya.", by=OWNER, at=now)
    assert names_of_facts() == before
    actions.done(follow_up=made.uuid, note="Selesai.", by=OWNER, at=now)
    actions.done(follow_up=made.uuid, note="Dua kali.", by=OWNER, at=now)
    assert made.steps.count() == 1


def test_a_calendar_that_programs_read(circle, now):
    row = plan(now)
    plan(now + DAY, kind=Kind.WORK_DAY, title="Kerja bakti")
    moved = {"title": row.title, "venue": row.venue, "agenda": ["Taman"], "by": RUNNER, "at": now - DAY}
    actions.change(meeting=row.uuid, starts_at=now + DAY, ends_at=now + 2 * DAY, **moved)
    actions.cancel(meeting=row.uuid, reason="Hujan deras.", by=RUNNER, at=now - DAY)
    with pytest.raises(actions.NotNow):
        actions.change(meeting=row.uuid, starts_at=now, ends_at=now + DAY, **moved)
    raw = calendar(subjects=[SUBJECT], name="Lingkar contoh")
    assert b"SUMMARY:Rapat\\; pertama\\, contoh" in raw
    assert b"LOCATION:Aula\\nlantai 2" in raw
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    read = Calendar.from_ical(raw)
    assert [str(zone["TZID"]) for zone in read.walk("VTIMEZONE")] == ["Asia/Jakarta"]
    events = {str(one["SUMMARY"]): one for one in read.walk("VEVENT")}
    assert set(events) == {"Rapat; pertama, contoh", "Kerja bakti"}
    found = events["Rapat; pertama, contoh"]
    assert str(found["UID"]) == str(row.uuid)
    assert (found["SEQUENCE"], str(found["STATUS"])) == (2, "CANCELLED")
    assert found["DTSTART"].dt.isoformat() == "2026-11-21T10:00:00+07:00"
    assert events["Kerja bakti"]["SEQUENCE"] == 0
    # A cancelled meeting is told of once, as are an invitation and a change.
    assert Notice.objects.filter(key__startswith=f"meeting:{row.pk}:").count() == 3

"""What is said of values and sensors afterwards: flags by the job and by officers, silence, refused messages, the end."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from guyub.events import sensing as events
from guyub.kernel.access.api import GrantInForce, NotAllowed, Person
from guyub.kernel.ledger import api as ledger
from guyub.rooms.people.models import Account, Organisation
from guyub.rooms.sensing import checking, listing, managing, receiving, retiring, silence
from guyub.rooms.sensing.ingesting import ingest
from guyub.rooms.sensing.messages import read_topic, reply_topic, row_of
from guyub.rooms.sensing.models import Archive, DeadLetter, Hour, Judgement, Latest, Silence
from guyub.rooms.sensing.quality import Flag
from guyub.rooms.sensing.queries import hourly, series, silent
from guyub.rooms.sensing.receiving import Message
from guyub.rooms.sensing.rules import No, Refused, Row, State, Verdict
from guyub.rooms.sensing.tests.factories import NOW, a_datastream

pytestmark = pytest.mark.django_db


def keeper(office: Organisation) -> Person:
    account = Account.objects.create(email=f"sensor-{office.pk}@uji.test", name="Petugas Uji")
    grant = GrantInForce("penghubung", office.pk, office.kind, office.name, "")
    return Person(account.pk, account.name, account.email, (grant,))


def test_the_job_marks_what_neighbours_tell_and_officers_stand_above_it(city):
    office, stranger = Organisation.objects.order_by("pk")[:2]
    stream = a_datastream(kind="sea_level", owner=office, cadence=1800)
    first = NOW - timedelta(hours=20)
    values = [0.5 + 0.05 * (n % 5) for n in range(40)]
    values[10] = 3.0
    ingest([Row(stream.pk, first + timedelta(minutes=30 * n), v) for n, v in enumerate(values)], at=NOW)
    assert checking.check_new(at=NOW) == 1
    spike = first + timedelta(minutes=300)
    (found,) = listing.flagged(stream.pk, since=first, limit=9)
    assert (found.time, found.flags, found.quality) == (spike, Flag.SPIKE, 4)
    assert len(series(stream.pk, start=first, until=NOW)) == 39
    assert sum(one.count for one in hourly(stream.pk, start=first - timedelta(hours=1), until=NOW)) == 39
    assert checking.check_new(at=NOW) == 0
    assert checking.check(stream.pk, at=NOW) == 0

    by, other = keeper(office), keeper(stranger)
    said = {"datastream": stream.pk, "time": spike, "reason": "Pasang tinggi sungguhan.", "at": NOW}
    with pytest.raises(NotAllowed):
        managing.judge(verdict=Verdict.GOOD, by=other, **said)
    managing.judge(verdict=Verdict.GOOD, by=by, **said)
    assert checking.check(stream.pk, at=NOW + timedelta(minutes=1)) == 0
    assert len(series(stream.pk, start=first, until=NOW)) == 40
    managing.judge(verdict=Verdict.TESTS, by=by, **said)
    ingest([Row(stream.pk, NOW, 0.5)], at=NOW + timedelta(minutes=2))
    checking.check(stream.pk, at=NOW + timedelta(minutes=3))
    managing.judge(verdict=Verdict.BAD, by=by, **said)
    assert (Judgement.objects.count(), len(ledger.facts_named(events.ValueJudged))) == (3, 3)
    assert listing.find_value(stream.pk, found.id).quality == 4


def test_a_sensor_is_marked_while_it_stays_away_from_its_neighbour(city):
    other = a_datastream(kind="sea_level")
    stream = a_datastream(kind="sea_level", quality_rules={"neighbour": other.pk, "flat_hours": None})
    hour = NOW.replace(minute=0)
    hours = [hour - timedelta(hours=n) for n in range(20 * 24, 0, -1)]
    ingest([Row(other.pk, at, 0.5 + n % 12 / 50) for n, at in enumerate(hours)], at=NOW)
    away = {at: 0.4 if at >= NOW - timedelta(hours=24) else 0.0 for at in hours}
    ingest([Row(stream.pk, at, 0.7 + n % 12 / 50 + away[at]) for n, at in enumerate(hours)], at=NOW)
    for _again in range(2):
        checking.check(stream.pk, at=NOW)
        marked = listing.flagged(stream.pk, since=hours[0], limit=99)
        assert [one.flags & Flag.DRIFT for one in marked] == [Flag.DRIFT] * 24
    back = hour + timedelta(hours=30)
    ingest(
        [
            Row(key, hour + timedelta(hours=n), v)
            for n in range(30)
            for key, v in ((other.pk, 0.5 + n % 12 / 50), (stream.pk, 0.7 + n % 12 / 50))
        ],
        at=back,
    )
    checking.check(stream.pk, at=back)
    newest = listing.newest(stream.pk, limit=24)
    assert not any(one.flags & Flag.DRIFT for one in newest)


def test_one_alarm_while_a_sensor_is_silent(city):
    stream, other = a_datastream(cadence=600), a_datastream(kind="pm25")
    ingest([Row(stream.pk, NOW, 1.0), Row(other.pk, NOW, 1.0)], at=NOW)
    assert silence.sweep_silence(at=NOW + timedelta(minutes=29)) == (0, 0)
    later = NOW + timedelta(minutes=31)
    assert silence.sweep_silence(at=later) == (1, 0)
    assert silence.sweep_silence(at=later) == (0, 0)
    assert silent() == [stream.pk]
    (row, *_rest) = listing.health(at=later)
    assert (row.id, row.silent_since) == (stream.pk, NOW)
    with pytest.raises(Exception, match="sensing_one_open_silence"), transaction.atomic():
        Silence.objects.create(datastream=stream, since=NOW, opened_at=later)
    ingest([Row(stream.pk, later, 1.0)], at=later)
    assert silence.sweep_silence(at=later + timedelta(minutes=1)) == (0, 1)
    assert [fact.payload.get("minutes") for fact in ledger.facts_about(stream.subject)] == [None, 32]


def test_messages_are_stored_or_kept_with_the_reason(city):
    stream = a_datastream()
    by = keeper(Organisation.objects.first())
    good = {"phenomenonTime": NOW.isoformat(), "result": 2, "Datastream": {"@iot.id": stream.pk}}
    early = {"phenomenonTime": "2026-11-20T02:00:00Z", "result": 3, "client": "alat-7"}
    messages = [
        Message("bandung/v1.1/Observations", json.dumps(good).encode()),
        Message(f"v1.1/Datastreams({stream.pk})/Observations", json.dumps(good | {"result": 9}).encode()),
        Message("v1.1/Datastreams(987654)/Observations", json.dumps(early).encode()),
        Message("v1.1/Observations", b"\xff\x00bukan json"),
        Message("v1.1/Observations", json.dumps({"result": 1}).encode()),
    ]
    replies = receiving.receive(messages * 2, at=NOW)
    assert Latest.objects.get().count == 1
    letters = {row.code: row for row in DeadLetter.objects.all()}
    assert {code: row.times for code, row in letters.items()} == {"no_datastream": 2, "message": 2, "time": 2}
    assert {one.topic for one in replies} >= {"v1.1/replies/alat-7", "v1.1/replies/_"}
    assert json.loads(replies[0].payload)["reason"]

    lost = letters["no_datastream"]
    assert receiving.try_again(letter=lost.pk, by=by, at=NOW).code == No.NO_DATASTREAM
    lost.topic = f"v1.1/Datastreams({stream.pk})/Observations"
    lost.save()
    assert receiving.try_again(letter=lost.pk, by=by, at=NOW).state is State.STORED
    receiving.put_aside(letter=letters["message"].pk, by=by, at=NOW)
    assert listing.count_waiting_letters() == 1
    with pytest.raises(DeadLetter.DoesNotExist):
        receiving.put_aside(letter=lost.pk, by=by, at=NOW)


def test_topics_and_times_of_the_standard():
    assert read_topic("v1.1/FeaturesOfInterest(3)/Observations").feature == 3
    assert read_topic("pekalongan/v1.1/Datastreams(5)/Observations").city == "pekalongan"
    assert read_topic("v1.1/Things(1)/Observations") is None
    assert (
        reply_topic(read_topic("kota/v1.1/Datastreams(5)/Observations"), "")
        == "kota/v1.1/replies/Datastreams(5)"
    )
    row = row_of(
        {"phenomenonTime": "2026-11-20T00:00:00Z/2026-11-20T01:00:00+01:00", "result": 1}, datastream=1
    )
    assert row.time == row.end
    for wrong in ("2026-11-20T00:00:00", "kemarin", 5, "9" * 50, None):
        with pytest.raises(Refused):
            row_of({"phenomenonTime": wrong, "result": 1}, datastream=1)


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=9)
anything = plain | st.lists(plain, max_size=3) | st.dictionaries(st.text(max_size=3), plain, max_size=3)


def test_no_message_whatever_raises(city):
    stream = a_datastream()

    @settings(max_examples=60, deadline=None)
    @given(anything, anything, anything, st.binary(max_size=40))
    def send(result, parameters, link, raw):
        document = {"phenomenonTime": "2026-11-20T02:00:00Z", "result": result, "parameters": parameters}
        payloads = [
            raw,
            json.dumps(document).encode(),
            json.dumps(document | {"FeatureOfInterest": link}).encode(),
        ]
        topic = f"v1.1/Datastreams({stream.pk})/Observations"
        receiving.receive([Message(topic, one) for one in payloads], at=NOW)
        rows = [
            Row(stream.pk, NOW, result, parameters=parameters, foi=link),
            Row(link, NOW, result),
            Row(stream.pk, link, 1),
        ]
        assert len(ingest(rows, at=NOW)) == 3

    send()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sensing_observation")
        assert cursor.fetchone()[0] <= 2


def test_values_go_and_their_hours_stay(city, settings, tmp_path):
    settings.GUYUB_DATA = str(tmp_path)
    stream, short = a_datastream(), a_datastream(kind="pm25", retention_days=10)
    old = NOW - timedelta(days=1000)
    ingest([Row(stream.pk, old + timedelta(minutes=n), float(n)) for n in range(5)], at=NOW)
    ingest([Row(stream.pk, NOW, 1.0)], at=NOW)
    ingest([Row(short.pk, NOW - timedelta(days=9), 1.0)], at=NOW)
    (refused,) = ingest([Row(short.pk, NOW - timedelta(days=11), 1.0)], at=NOW)
    assert refused.code == No.TOO_OLD
    pq = pytest.importorskip("pyarrow.parquet")
    assert retiring.due_months(at=NOW) == [date(old.year, old.month, 1)]
    later = NOW + timedelta(days=2)
    assert retiring.retire_due(at=later) == 1
    assert retiring.retire_due(at=later) == 0
    row = Archive.objects.get()
    table = pq.read_table(retiring.folder() / row.file)
    assert (row.rows, table.num_rows, table["result_num"].to_pylist()) == (5, 5, [0.0, 1.0, 2.0, 3.0, 4.0])
    assert sum(one.count for one in Hour.objects.filter(datastream=stream)) == 6
    newest = {one.datastream_id: one for one in Latest.objects.all()}
    assert newest[stream.pk].count == 1
    assert short.pk not in newest
    (late,) = ingest([Row(stream.pk, old, 9.0)], at=later)
    assert late.code == No.ARCHIVED

"""The sea from the gauge to the draft of a warning: what is forecast, what a level does, who may set a threshold, pages."""

from __future__ import annotations

import json
import math
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from guyub.kernel import tasks
from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.places import api as places
from guyub.rooms.sensing import api as sensing
from guyub.rooms.sensing.tests.factories import a_datastream
from guyub.rooms.tides import (
    api,
    duties,
    fitting,
    forecasting,
    gauges,
    harmonics,
    importing,
    outlooks,
    queries,
    reference,
    scoring,
    standing,
    thresholds,
)
from guyub.rooms.tides.harmonics import Constants
from guyub.rooms.tides.ladder import Level
from guyub.rooms.tides.models import Chance, Fit, Forecast, Score, Standing, Threshold
from guyub.rooms.tides.wording import metres
from guyub.rooms.warnings import api as warnings
from guyub.rooms.warnings import drafting
from guyub.rooms.warnings.models import Message
from guyub.rooms.warnings.models import Score as WarningScore
from guyub.rooms.warnings.showing import evidence, moment
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SEA = Constants(("K1", "O1", "M2", "S2"), (0.21, 0.09, 0.10, 0.06), (40.0, 20.0, 230.0, 170.0), 0.60, -6.86)


class Scene:
    """A gauge with forty days of values, one station, and thresholds in two kelurahan."""

    def __init__(self, at) -> None:
        self.at = gauges.whole_hour(at)
        self.people = factories.add_people()
        self.keeper = self.people["pusdalops"]
        self.gauge = a_datastream(
            kind="sea_level", name="Pasang surut contoh", cadence=3600, is_simulated=True
        )
        self.places = [row.code for row in places.gazetteer().settlements[:2]]
        self.station = api.add_station(
            datastream=self.gauge.pk,
            name="Pelabuhan Contoh",
            port="Contoh",
            latitude=-6.86,
            longitude=109.69,
            by=self.keeper,
            at=self.at,
        )

    def measure(self, days: int = 40, *, more: float = 0.0, until=None) -> list[float]:
        """Values up to now, `more` metres above the tide, and four centimetres that the tide does not explain."""
        times = [(until or self.at) - HOUR * n for n in range(days * 24)]
        heights = [height + 0.04 + more for height in harmonics.predict(times, SEA)]
        rows = [sensing.Row(self.gauge.pk, at, height) for at, height in zip(times, heights, strict=True)]
        assert {one.state for one in sensing.ingest(rows, at=self.at)} == {sensing.State.STORED}
        return heights

    def survey(self, place: int = 0, low: float = 2.0, **more):
        today = reference.today(self.at)
        values = {
            "place": self.places[place],
            "station": self.station.pk,
            "datum": "Nol alat",
            "heights": {Level.WASPADA: low, Level.SIAGA: low + 0.1, Level.AWAS: low + 0.2},
            "surveyed_on": today - timedelta(days=30),
            "valid_until": today + timedelta(days=300),
            "basis": "SK uji",
            "effective_from": today,
        }
        return api.Survey(**{**values, **more})

    def set(self, place: int = 0, low: float = 2.0, **more):
        return api.set_thresholds(said=self.survey(place, low, **more), by=self.keeper, at=self.at)


@pytest.fixture
def scene(city, now):
    """At ten in the morning, so that nothing depends on when the tests run."""
    return Scene(now)


@pytest.fixture
def live(city):
    """Now, for pages, which ask the clock."""
    return Scene(timezone.now())


def _facts(place):
    return [
        fact.payload["level"]
        for fact in ledger.facts_about(f"tides.place:{place}")
        if "before" in fact.payload
    ]


def test_from_the_gauge_to_a_draft_and_back(scene):
    """A fit, a forecast, chances; a level that rises drafts one warning for all its places, and comes down in time."""
    scene.measure(40)
    top = max(harmonics.predict([scene.at + HOUR * n for n in range(1, 37)], SEA)) + 0.04
    scene.set(0, top - 0.02)
    scene.set(1, top - 0.03)
    duties.fit(scene.station.pk, at=scene.at)
    fit, forecast = Fit.objects.get(), Forecast.objects.get()
    assert (fit.version, fit.kind) == (1, "FITTED")
    assert fit.rmse < 0.02
    assert forecast.heights[0] == pytest.approx(harmonics.predict([scene.at + HOUR], SEA)[0] + 0.04, abs=0.02)
    hours = api.forecast(scene.station.pk, at=scene.at)
    assert len(hours) == 168
    assert all(one.low < one.p50 < one.high for one in hours)
    days = api.outlook(place=scene.places[0], at=scene.at)
    assert len(days) == 7
    assert all(list(day.chances.values()) == sorted(day.chances.values(), reverse=True) for day in days)
    assert max(day.chances[Level.WASPADA] for day in days[:2]) > 0.6
    rows = {row.place: row for row in Standing.objects.all()}
    assert {rows[code].level for code in scene.places} == {Level.WASPADA}
    assert _facts(scene.places[0]) == ["WASPADA"]
    (draft,) = warnings.open_warnings()
    assert (draft.level, draft.areas, draft.state) == ("WASPADA", tuple(sorted(scene.places)), "DRAFT")
    assert draft.source == "tides.rob:WASPADA"
    assert draft.facts["simulated"] is True
    duties.fit(scene.station.pk, at=scene.at)  # again, and by another worker: nothing new
    duties.forecast(scene.station.pk, at=scene.at)
    duties.sweep(at=scene.at)
    assert (Fit.objects.count(), Forecast.objects.count(), len(warnings.open_warnings())) == (1, 1, 1)
    assert _facts(scene.places[0]) == ["WASPADA"]
    calm = scene.at + timedelta(days=3)
    standing.assess(at=calm)  # nothing is known any more: the level holds for hours, then falls
    standing.assess(at=calm + HOUR * 7)
    assert Standing.objects.get(place=scene.places[0]).level == Level.NORMAL
    assert _facts(scene.places[0]) == ["WASPADA", "NORMAL"]
    assert (
        warnings.open_warnings() == []
    )  # what nobody had approved is withdrawn, by the program that drafted it
    said = [fact.name for fact in ledger.facts_about(f"warnings.warning:{draft.id}")]
    assert said[-1] == "warnings.draft_withdrawn"


def test_water_that_came_without_a_warning_is_a_miss_and_counts(scene):
    """The water of a day was over a mark: at one place somebody had warned, at the other nobody."""
    day = reference.today(scene.at) + timedelta(days=1)
    start, until = outlooks.bounds(day)
    peak = max(harmonics.predict([start + HOUR * n for n in range(24)], SEA)) + 0.04
    for n in range(2):
        scene.set(n, peak - 0.15)
    scene.at = until + 10 * HOUR
    scene.measure(3)
    warned = drafting.draft(
        source="uji:rob",
        hazard="rob",
        content=drafting.Content(
            level="WASPADA",
            areas=(scene.places[0],),
            onset=start + 2 * HOUR,
            expires=until,
            facts={"sources": "BPBD"},
        ),
        by=None,
        at=start,
    )
    sent = Message.objects.filter(pk=warned.pk)
    sent.update(
        state="EXPIRED", issued_at=start + HOUR, issued_by=scene.keeper.acting, asked_by=0, ended_at=until
    )
    for _again in range(2):
        duties.score(at=scene.at)
    (row,) = WarningScore.objects.filter(outcome="MISS", happened_on=day)
    assert (row.level, row.areas, row.event) == ("SIAGA", [scene.places[1]], f"tides.rob:{day.isoformat()}")
    assert row.evidence["peak_m"] == pytest.approx(peak, abs=0.01)
    assert row.evidence["simulated"] is True
    page = Client(headers=factories.HOST).get("/peringatan/ketepatan/").content.decode()
    assert f'data-label="Luput">{WarningScore.objects.filter(outcome="MISS").count()}<' in page


def test_water_over_the_mark_counts_more_than_any_forecast(scene):
    """A single wrong value opens nothing; water that stays does, and the draft says that it was seen."""
    heights = scene.measure(2)
    scene.set(0, heights[0] + 0.3)
    later = scene.at + timedelta(minutes=20)
    rows = [sensing.Row(scene.gauge.pk, scene.at + timedelta(minutes=10), heights[0] + 0.65)]
    sensing.ingest(rows, at=later)
    assert standing.assess(at=later) == []
    more = [
        sensing.Row(scene.gauge.pk, scene.at + timedelta(minutes=n), heights[0] + 0.65) for n in (12, 14, 16)
    ]
    sensing.ingest(more, at=later)
    (changed,) = standing.assess(at=later)
    assert (changed.level, changed.source) == (Level.AWAS, "OBSERVED")
    (draft,) = warnings.open_warnings()
    assert (draft.level, draft.is_observed, draft.facts["water_m"]) == (
        "AWAS",
        True,
        round(heights[0] + 0.65, 2),
    )
    said = evidence(draft.facts)
    at = said.index(("Air terukur", metres(heights[0] + 0.65)))
    assert said[at + 1] == ("Terukur pada", moment(later))
    drafting.reject(message=draft.message, reason="Uji: alat dibersihkan.", by=scene.keeper, at=later)
    standing.assess(at=later + timedelta(minutes=5))  # what people put aside is not proposed every minute
    assert warnings.open_warnings() == []
    silent = later + timedelta(hours=8)  # the gauge falls silent: what is old decides nothing
    standing.assess(at=silent)
    standing.assess(at=silent + HOUR * 7)
    assert Standing.objects.get().level == Level.NORMAL


def test_rain_and_pumps_lower_the_mark_with_their_reason(scene):
    scene.measure(40)
    top = max(harmonics.predict([scene.at + HOUR * n for n in range(-11, 14)], SEA)) + 0.04
    scene.set(0, top + 0.05)
    rain = a_datastream(kind="rain")
    pump = a_datastream(kind="pump_state", properties={"serves": [scene.places[0]]})
    duties.fit(scene.station.pk, at=scene.at)
    before = Chance.objects.get(place=scene.places[0], lead=0, level=1)
    sensing.ingest(
        [
            sensing.Row(rain.pk, scene.at - timedelta(minutes=5), 61.0),
            sensing.Row(pump.pk, scene.at, "rusak"),
        ],
        at=scene.at,
    )
    outlooks.refresh(scene.station, at=scene.at)
    after = Chance.objects.get(place=scene.places[0], lead=0, level=1)
    assert after.limit == pytest.approx(before.limit - 0.25)
    assert after.probability > before.probability
    assert [one["code"] for one in after.reasons] == ["pompa_rusak", "hujan_sangat_lebat"]
    assert after.raises == 1
    standing.assess(at=scene.at)
    (draft,) = warnings.open_warnings()
    assert draft.facts["reasons"] == "hujan sangat lebat terukur, pompa tidak bekerja", (
        "read by whoever approves"
    )
    assert Chance.objects.get(place=scene.places[0], lead=1, level=1).reasons == []


def test_a_threshold_needs_a_datum_that_the_gauge_knows(scene):
    with pytest.raises(api.Refused) as refused:
        scene.set(0, 0.4, datum="MSL")
    assert refused.value.field == "datum"
    with pytest.raises(NotAllowed):
        api.set_thresholds(said=scene.survey(), by=scene.people["lurah"], at=scene.at)
    day = reference.today(scene.at) - timedelta(days=400)
    given = {
        "station": scene.station.pk,
        "name": "MSL",
        "basis": "BA uji",
        "by": scene.keeper,
        "at": scene.at,
    }
    api.set_datum(zero=0.7, surveyed_on=day, **given)
    api.set_datum(zero=0.6, surveyed_on=day + timedelta(days=365), **given)
    with pytest.raises(api.Refused):
        api.set_datum(zero=0.5, surveyed_on=day, **given)
    scene.set(0, 0.4, datum="MSL")
    (first, *_more) = thresholds.in_force(on=reference.today(scene.at), at=scene.at, place=scene.places[0])
    assert first.limit == pytest.approx(1.0)  # by the newest levelling
    with pytest.raises(api.Refused):  # never edited: the same day twice
        scene.set(0, 0.5, datum="MSL")
    with pytest.raises(api.Refused):  # Siaga alone below Waspada
        scene.set(
            0, 0.5, heights={Level.SIAGA: 0.3}, effective_from=reference.today(scene.at) + timedelta(days=2)
        )
    scene.set(0, 0.9, effective_from=reference.today(scene.at) + timedelta(days=3))
    newer = thresholds.in_force(
        on=reference.today(scene.at) + timedelta(days=3), at=scene.at, place=scene.places[0]
    )
    assert [round(one.limit, 2) for one in newer] == [0.9, 1.0, 1.1]
    assert Threshold.objects.count() == 6
    with pytest.raises(IntegrityError), transaction.atomic():
        Threshold.objects.update(effective_from=reference.today(scene.at))


def _published(**more) -> dict:
    rows = [
        {"name": name, "amplitude": size, "phase": phase}
        for name, size, phase in zip(SEA.names, SEA.amplitudes, SEA.phases, strict=True)
    ]
    said = {
        "port": "Contoh",
        "latitude": -6.86,
        "longitude": 109.69,
        "source": "Uji, CC-BY",
        "constituents": rows,
    }
    return {**said, **more}


def test_a_young_gauge_starts_from_constants_of_its_own_port_only(scene):
    scene.measure(3)
    assert fitting.fit_station(scene.station, at=scene.at) is None
    for wrong in (
        _published(port="Jakarta"),
        _published(latitude=-6.1),
        _published(constituents=[]),
        _published(source=" "),
        {},
        [],
        7,
        None,
    ):
        with pytest.raises(api.Refused):
            api.publish_constants(station=scene.station.pk, said=wrong, by=scene.keeper, at=scene.at)
    with pytest.raises(NotAllowed):
        api.publish_constants(
            station=scene.station.pk, said=_published(), by=scene.people["lurah"], at=scene.at
        )
    fit = api.publish_constants(station=scene.station.pk, said=_published(), by=scene.keeper, at=scene.at)
    found = forecasting.make_forecast(scene.station, at=scene.at)
    assert (fit.kind, found.fit) == ("PUBLISHED", fit)
    expected = harmonics.predict([scene.at + HOUR * n for n in range(1, 169)], SEA)
    assert max(abs(a - b - 0.04) for a, b in zip(found.heights, expected, strict=True)) < 0.05


def test_a_height_is_rounded_and_not_cut_off():
    assert [metres(one) for one in (0.6459, 1.0499999, 2, -0.001, -0.456)] == [
        "0,65 m",
        "1,05 m",
        "2,00 m",
        "0,00 m",
        "-0,46 m",
    ]


def test_days_are_scored_once_and_only_when_the_gauge_spoke(scene):
    scene.measure(6)
    scene.set(0, 0.65)
    threshold = Threshold.objects.get(level=1)
    today = reference.today(scene.at)
    Threshold.objects.update(effective_from=today - timedelta(days=9))
    scene.set(1, 0.65, effective_from=today)
    for back in range(1, 5):
        Chance.objects.create(
            place=scene.places[0],
            day=today - timedelta(days=back),
            level=1,
            lead=1,
            station=scene.station,
            threshold=threshold,
            probability=0.5 if back % 2 else 0.1,
            expected=0.8,
            sigma=0.05,
            limit=0.65,
            at=scene.at,
        )
    silent = today - timedelta(days=8)
    Chance.objects.filter(day=today - timedelta(days=4)).update(day=silent)
    assert scoring.score_days(at=scene.at) == 3
    assert scoring.score_days(at=scene.at) == 0
    assert not Score.objects.filter(day=silent).exists()
    (waspada, *_others) = queries.tallies()
    start, until = outlooks.bounds(today - timedelta(days=1))
    peak, _hours = gauges.highest(scene.station, start=start, until=until)
    assert Score.objects.get(day=today - timedelta(days=1)).happened == (peak > 0.65)
    counts = waspada.counts
    assert counts.hits + counts.misses + counts.false_alarms + counts.quiet == 3
    told = queries.days_told(limit=9)  # the list beside the figures holds all that they count
    for name in ("hits", "misses", "false_alarms"):
        assert sum(getattr(one.counts, name) for one in told) == getattr(counts, name)
    assert told
    assert [one.day for one in told] == sorted({one.day for one in told}, reverse=True)
    page = _shown(Client(headers=factories.HOST).get("/rob/ketepatan/")).split("</h1>")[1]
    words = f"air melewati ambang {counts.hits + counts.misses} kali; {counts.hits} kali sudah diramal"
    assert words in page
    assert page.split('id="hari"')[1].split("</details>")[0].count("<tr>") == len(told) + 1


def test_a_sweep_asks_for_what_is_due(scene, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks, "enqueue", lambda name, **values: asked.append(name))
    scene.measure(2)
    duties.sweep(at=scene.at)
    assert asked[:2] == [duties.FIT, duties.FORECAST]


# ── Pages ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def desk(live):
    made = Client(headers=factories.HOST)
    made.force_login(live.people.account("pusdalops"), backend=factories.BACKEND)
    return made


def _shown(response, status=200) -> str:
    assert response.status_code == status
    return response.content.decode()


def test_pages_of_a_city_by_the_sea(live, desk):
    live.measure(40)
    top = max(harmonics.predict([live.at + HOUR * n for n in range(1, 48)], SEA)) + 0.04
    live.set(0, top - 0.02, valid_until=reference.today(live.at) + timedelta(days=1))
    duties.fit(live.station.pk, at=live.at)
    outlook = _shown(desk.get("/petugas/rob/"))
    assert "Waspada" in outlook
    assert "simulasi" in outlook
    station = _shown(desk.get("/petugas/rob/stasiun/pelabuhan-contoh/"))
    assert "<polygon" in station
    place = _shown(desk.get(f"/petugas/rob/{live.places[0]}/"))
    assert "Pasang tertinggi" in place
    assert "%" in place
    assert "segera habis" in _shown(desk.get("/petugas/rob/ambang/"))
    assert desk.get("/petugas/rob/ketepatan/").status_code == 200
    everyone = Client(headers=factories.HOST)
    page = _shown(everyone.get("/rob/"))
    assert "Data simulasi" in page
    assert "Tidak ada peringatan yang berlaku di kelurahan pesisir" in page
    own = _shown(everyone.get(f"/rob/{live.places[0]}/"))
    assert "%" not in own.split("<main")[1].split("</main")[0]
    assert "Hari-hari ke depan" not in own
    rulebook.publish(
        key="warnings.bmkg_agreement",
        value={"recorded": True, "number": "1", "signed_on": "2026-11-01"},
        effective_from=reference.today(live.at) - timedelta(days=2),
        legal_basis="uji",
        confidence="V",
        at=live.at,
    )
    assert "Hari-hari ke depan" in _shown(everyone.get(f"/rob/{live.places[0]}/"))
    assert everyone.get("/rob/ketepatan/").status_code == 200
    for gone in ("/rob/99.99/", f"/rob/{live.places[1]}/", "/petugas/rob/stasiun/tidak-ada/"):
        assert desk.get(gone).status_code == 404
    assert "Rob (banjir air laut)" in _shown(everyone.get("/"))


def test_a_city_without_the_sea_shows_none_of_it(city):
    everyone = Client(headers=factories.HOST)
    for path in ("/rob/", "/rob/ketepatan/", "/rob/32.73.02.1004/"):
        assert everyone.get(path).status_code == 404
    assert "banjir air laut" not in everyone.get("/").content.decode()


def test_forms_say_what_is_wrong_and_lists_are_tried_first(live, desk):
    for path in ("ambang/baru/", "stasiun/baru/", "stasiun/pelabuhan-contoh/datum/"):
        assert desk.get(f"/petugas/rob/{path}").status_code == 200
        assert desk.post(f"/petugas/rob/{path}", {"zero": "x", "place": "\x00"}).status_code == 422
    sent = {
        "name": "MSL",
        "zero": "0,62",
        "surveyed_on": reference.today(live.at).isoformat(),
        "basis": "BA 1",
    }
    assert desk.post("/petugas/rob/stasiun/pelabuhan-contoh/datum/", sent).status_code == 302
    for content in (b"{", b"[" * 90_000, b"\xff\xfe", json.dumps(_published(port="Jakarta")).encode()):
        file = SimpleUploadedFile("k.json", content)
        page = desk.post("/petugas/rob/stasiun/pelabuhan-contoh/konstanta/", {"file": file})
        assert page.status_code == 422
    file = SimpleUploadedFile("k.json", json.dumps(_published()).encode())
    assert desk.post("/petugas/rob/stasiun/pelabuhan-contoh/konstanta/", {"file": file}).status_code == 302
    heading = ",".join(column.heading for column in importing.TABLE.columns)
    today = reference.today(live.at)
    row = f'{live.places[0]},Pelabuhan Contoh,MSL,"0,40","0,55","0,70",{today},{today + timedelta(days=90)},{today},SK 1'
    bad = row.replace("MSL", "LWS").replace(live.places[0], live.places[1])
    for rows, is_good in (((row, bad), False), ((row,), True)):
        file = SimpleUploadedFile("a.csv", "\n".join((heading, *rows)).encode())
        page = desk.post("/petugas/rob/ambang/impor/", {"file": file})
        assert page.status_code == 302
        tried = _shown(desk.get(page["Location"]))
        assert ("Terapkan daftar" in tried) == is_good
        assert desk.post(page["Location"]).status_code == 302
        assert Threshold.objects.count() == (3 if is_good else 0)
    assert math.isclose(Threshold.objects.get(level=2).metres, 0.55)
    for form in ("csv", "xlsx"):
        assert desk.get(f"/petugas/rob/ambang/impor/contoh.{form}").status_code == 200
    assert desk.get("/petugas/rob/ambang/impor/contoh.exe").status_code == 404

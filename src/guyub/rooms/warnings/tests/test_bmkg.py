"""What comes from BMKG: read tolerantly, asked for politely, and never trusted. Nothing here touches the network."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.warnings import api
from guyub.rooms.warnings.bmkg import fetching, parsing
from guyub.rooms.warnings.bmkg.fetching import Answer, NoAnswer
from guyub.rooms.warnings.models import Bulletin

SAMPLES = Path(__file__).resolve().parents[6] / "shared" / "data" / "bmkg"
NOON = datetime(2026, 11, 20, 6, tzinfo=UTC)


def slot(**changes) -> dict:
    return {"utc_datetime": "2026-11-20 06:00:00", "tp": 2.5, "weather_desc": "Hujan", "ws": 3, **changes}


def forecast(cuaca, timezone="Asia/Jakarta", **more) -> bytes:
    place = {"adm4": "33.75.03.1001", "timezone": timezone}
    return json.dumps({"lokasi": place, "data": [{"lokasi": place, "cuaca": cuaca, **more}]}).encode()


@pytest.mark.parametrize(
    "cuaca",
    [
        [[slot()], [slot(utc_datetime="2026-11-20 09:00:00")]],
        [slot(), slot(utc_datetime="2026-11-20 09:00:00")],
        [[[slot()]], [], None, 7, [slot(utc_datetime="2026-11-20 09:00:00", tp="0,4 mm")], ["x"]],
        [[slot(utc_datetime=None, datetime="2026-11-20T06:00:00Z"), slot(utc_datetime="2026-11-20 09:00")]],
    ],
)
def test_lists_of_lists_and_flat_lists_are_read(cuaca):
    found = parsing.read_forecast(forecast(cuaca))
    assert found.place == "33.75.03.1001"
    assert [one.at.hour for one in found.slots] == [6, 9]
    assert found.slots[0] == parsing.Slot(NOON, 2.5, "Hujan", 3.0)


@pytest.mark.parametrize("timezone", ["Asia/Jakarta", "+0700", "+07:00", "UTC+7", "WIB"])
def test_zones_however_they_are_written(timezone):
    only_local = slot(utc_datetime=None, local_datetime="2026-11-20 13:00:00")
    assert parsing.read_forecast(forecast([[only_local]], timezone)).slots[0].at == NOON


def test_strange_values_are_left_out():
    raw = forecast([[slot(tp="NaN"), slot(utc_datetime="2026-11-20 09:00:00", tp=1e999, ws=True)]])
    assert [(one.rain_mm, one.wind) for one in parsing.read_forecast(raw).slots] == [
        (None, 3.0),
        (None, None),
    ]
    for zone in ("../../etc/passwd", "Asia/Nowhere", 7, None, "+99:99", "A/" + "b" * 30):
        assert parsing.zone_of(zone) is None


HOSTILE = [
    b"",
    b"\xff\xfe",
    b"[" * 200_000,
    b'{"a":' * 100_000,
    b'{"data": 5}',
    b'{"data": [{"cuaca": {"a": 1}}]}',
    b'{"Infogempa": []}',
    b"<a>" * 100_000,
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><alert><info>&x;</info></alert>",
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><alert>&b;</alert>",
    # Whole and readable but for its own entities: what opens them would read it.
    b"<!DOCTYPE alert [<!ENTITY x 'Hujan'>]><alert><info><event>&x;</event></info></alert>",
    b"<!DOCTYPE a SYSTEM 'http://127.0.0.1/x'><alert/>",
    b"<rss><channel/></rss>",
    b"{}" + b" " * 50_000_000,
    b"<a/>" + b" " * 50_000_000,
]


@pytest.mark.parametrize("raw", HOSTILE, ids=lambda raw: repr(raw[:24]))
def test_what_is_hostile_is_only_unreadable(raw):
    for read in (parsing.read_forecast, parsing.read_nowcast, parsing.read_quakes):
        with pytest.raises(parsing.Unreadable):
            read(raw)
    with contextlib.suppress(parsing.Unreadable):
        assert parsing.read_feed(raw) == []


trees = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "data",
                    "cuaca",
                    "lokasi",
                    "tp",
                    "datetime",
                    "utc_datetime",
                    "Infogempa",
                    "gempa",
                    "Coordinates",
                ]
            ),
            inside,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(tree=trees, text=st.text(max_size=200))
def test_wrong_types_never_break_the_readers(tree, text):
    for raw in (
        json.dumps(tree).encode(),
        forecast(tree),
        json.dumps({"Infogempa": {"gempa": tree}}).encode(),
    ):
        for read in (parsing.read_forecast, parsing.read_quakes):
            with contextlib.suppress(parsing.Unreadable):
                read(raw)
    assert isinstance(parsing.read_polygon(text), tuple)
    parsing.moment(text)
    parsing._rss_moment(text)


def a_nowcast(**changes) -> bytes:
    said = {
        "expires": "2026-11-20T09:00:00Z",
        "area": "<areaDesc>Pesisir</areaDesc><polygon>-6.7,107.4 -7.1,107.9 -6.7,107.9 -7.1,107.4</polygon>",
        "kind": "Alert",
        **changes,
    }
    return (
        "<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>2.49.0.1.360.0</identifier>"
        f"<msgType>{said['kind']}</msgType><info><language>en</language><event>Thunderstorm</event></info>"
        "<info><language>id-ID</language><event>Hujan lebat</event><headline>Hujan lebat dan petir</headline>"
        f"<effective>2026-11-20T05:00:00+07:00</effective><expires>{said['expires']}</expires>"
        f"<web>https://nowcasting.bmkg.go.id/x.jpg</web><area>{said['area']}</area></info></alert>"
    ).encode()


def test_nowcasts_with_all_their_quirks():
    found = parsing.read_nowcast(a_nowcast())
    assert (found.event, found.expires) == ("Hujan lebat", datetime(2026, 11, 20, 9, tzinfo=UTC))
    (ring,) = found.areas[0].rings  # a ring that crosses itself, and is not closed
    assert parsing.contains(ring, -6.75, 107.85)
    assert not parsing.contains(ring, -6.72, 107.65)
    assert parsing.read_nowcast(a_nowcast(area="<areaDesc>Coblong</areaDesc>")).areas[0].rings == ()
    assert parsing.read_nowcast(a_nowcast(area="", expires="besok")).expires is None


def test_samples_as_they_were_published():
    """Answers of BMKG as they were once; where they are not at hand, the invented ones above stand in."""
    if not SAMPLES.exists():
        pytest.skip("the samples of BMKG are not beside this checkout")
    (rain,) = SAMPLES.glob("*prakiraan*.json")
    found = parsing.read_forecast(rain.read_bytes())
    assert found.place == "31.71.01.1001"
    assert [one.rain_mm for one in found.slots] == [0.1, 0.0]
    (shake,) = SAMPLES.glob("*gempa*.json")
    (quake,) = parsing.read_quakes(shake.read_bytes())
    assert (quake.magnitude, quake.lat, quake.depth_km) == (3.6, -3.48, 5.0)


@pytest.mark.parametrize(
    ("address", "theirs"),
    [
        ("https://api.bmkg.go.id/publik", True),
        ("https://bmkg.go.id/", True),
        ("http://api.bmkg.go.id/", False),
        ("https://bmkg.go.id.jahat.example/", False),
        ("https://jahatbmkg.go.id/", False),
        ("https://a@api.bmkg.go.id/", False),
        ("https://api.bmkg.go.id:8443/", False),
        ("https://[::1", False),
        ("https://127.0.0.1/", False),
    ],
)
def test_only_their_own_addresses_are_asked(address, theirs):
    assert fetching.is_theirs(address) is theirs


class Server:
    """BMKG as the tests have it: what it says by address, and what it was asked."""

    def __init__(self, pages):
        self.pages, self.asked = pages, []

    def __call__(self, address, headers):
        self.asked.append((address, dict(headers)))
        for start, answer in self.pages.items():
            if address.startswith(start):
                if isinstance(answer, Exception):
                    raise answer
                return answer
        return Answer(404)


@pytest.mark.django_db
def test_bmkg_is_asked_politely_and_only_when_the_city_says_so(city, now):
    feed = b"<rss><channel><item><title>x</title><link>https://www.bmkg.go.id/alerts/nowcast/id/A_alert.xml</link></item><item><link>https://jahat.example/</link></item></channel></rss>"
    server = Server(
        {
            "https://www.bmkg.go.id/alerts/nowcast/id/A": Answer(200, a_nowcast()),
            "https://www.bmkg.go.id/alerts/nowcast/id": Answer(200, feed, etag='"1"', modified="Fri"),
            "https://api.bmkg.go.id": Answer(200, forecast([[slot()]])),
            "https://data.bmkg.go.id": NoAnswer("Timeout"),
        }
    )
    assert fetching.sweep(at=now, ask=server) == 0
    said = rulebook.rule("warnings.bmkg", on=date(2026, 11, 20)).value
    rulebook.publish(
        key="warnings.bmkg",
        value={**said, "enabled": True, "per_minute": 60},
        effective_from=date(2026, 11, 1),
        legal_basis="uji",
        confidence="V",
        at=now,
    )
    share = fetching.share({"per_minute": 600})
    assert share == 60 // 2  # two cities behind one address
    at = now
    while fetching.sweep(at=at, ask=server):
        assert fetching.sweep(at=at, ask=server) == 0  # a minute's share is a minute's share
        at += timedelta(minutes=1)
        assert at - now < timedelta(minutes=8)
    addresses = [address for address, _headers in server.asked]
    assert len([one for one in addresses if "adm4" in one]) == 151
    assert len([one for one in addresses if "A_alert" in one]) == 1
    assert not any("jahat" in one for one in addresses)
    assert Bulletin.objects.get(kind="QUAKE").problem == "Timeout"

    server.pages = {"https://www.bmkg.go.id/": Answer(304), "https://": Answer(503)}
    server.asked.clear()
    fetching.sweep(at=at + timedelta(minutes=10), ask=server)
    (again,) = [headers for address, headers in server.asked if address.endswith("/id")]
    assert (again["If-None-Match"], again["If-Modified-Since"]) == ('"1"', "Fri")
    kept = Bulletin.objects.get(kind="FEED")
    assert (kept.problem, bytes(kept.raw)) == ("", feed)

    rain = api.rain_forecast("32.73.02.1004", at=now)
    assert [(one.at, one.mm) for one in rain.hours] == [(NOON, 2.5)]
    assert "BMKG" in rain.source
    assert api.rain_forecast("32.73.02", at=now) is not None
    assert api.rain_forecast("32.73.02", at=now + timedelta(days=2)) is None
    assert [one.event for one in api.nowcasts(place=None, at=now)] == ["Hujan lebat"]
    assert api.nowcasts(place=None, at=now + timedelta(hours=7)) == []
    assert api.quakes(at=now) == []


@pytest.mark.django_db
def test_nowcasts_touch_places_by_area_or_by_name(city, now):
    def put(name, raw):
        row = Bulletin.objects.create(kind="NOWCAST", address=f"https://www.bmkg.go.id/{name}")
        fetching.take(row, Answer(200, raw), at=now)

    everywhere = "<areaDesc>x</areaDesc><polygon>-6,106 -6,109 -8,109 -8,106 -6,106</polygon>"
    put("wide", a_nowcast(area=everywhere))
    put("named", a_nowcast(area="<areaDesc>Kec. Coblong dan sekitarnya</areaDesc>"))
    put("far", a_nowcast(area="<areaDesc>Papua</areaDesc>"))
    put("over", a_nowcast(area=everywhere, kind="Cancel"))
    put("broken", b"<alert")
    assert len(api.nowcasts(place="32.73.02.1004", at=now)) == 2
    assert len(api.nowcasts(place="32.73", at=now)) == 2
    assert len(api.nowcasts(place="99.99", at=now)) == 0
    assert Bulletin.objects.get(address__endswith="broken").problem == "no XML"

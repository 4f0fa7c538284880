"""What a web process holds after pages of every kind: no library for areas, pictures, tables or letters, and a limit."""

from __future__ import annotations

import http.client
import json
import re
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.architecture.test_weight import HEAVY
from tests.processes import Installation

SECRET = "a" * 32  # a form's token is this cookie's own value
# Measured 141 MB, 4 of it the tools of the tests; with a geometry library it was 155. The rest is for other machines.
MOST_MEGABYTES = 153
SCENE = """
import json, django; django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from guyub.kernel.cities import api as cities
from guyub.kernel.ledger import api as ledger
from guyub.rooms.people.models import Account
from guyub.rooms.places import api as places
from guyub.rooms.places.tests.boundaries import cells, collection
from tests.factories import BACKEND
with cities.inside(cities.get_city_by_slug("bandung")):
    now = timezone.now()
    places.import_boundaries(data=collection(cells()), source="uji", licence="CC0", valid_from=now.date(), at=now)
    ledger.seal(at=now)
    user, session = Account.objects.get(email="koordinator@demo.guyub.example"), SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    row = next(row for row in places.gazetteer().settlements if row.lat)
    print(json.dumps({"session": session.session_key, "lat": row.lat, "lon": row.lon, "code": row.code}))
"""
PUBLIC = [
    "/",
    "/laporan/",
    "/laporan/?cari=jalan",
    "/laporan/baru/",
    "/laporan/peta.json",
    "/wilayah/",
    "/wilayah/batas.json",
    "/kinerja/",
    "/tentang/",
    "/bukti/",
    "/bukti/1.json",
    "/masuk/",
    "/peringatan/",
    "/banjir/",
    "/banjir/lapor/",
    "/insiden/",
    "/sensor/",
    "/mitra/",
    "/mitra/jejaring/",
    "/kebutuhan/",
    "/prakarsa/",
    "/gotong-royong/",
    "/forum/",
    "/kerja-sama/",
    "/laporan/unduh.csv",
]
PROGRAMS = [
    "/open311/v2/requests.json",
    "/open311/v2/requests.xml",
    "/sta/v1.1/Things?$expand=Locations,Datastreams",
    "/sta/v1.1/Observations?$top=10",
    "/api/v1/openapi.json",
    "/cap/",
    "/metrics",
]
OFFICERS = [
    "/petugas/",
    "/petugas/semua/",
    "/petugas/peta/",
    "/petugas/lembar/apel/",
    "/pantau/",
]


class Visitor:
    def __init__(self, made: Installation, session: str = "", city: str = "bandung") -> None:
        self.made = made
        self.headers = {"Host": f"{city}.localhost", "Cookie": f"guyub_csrf={SECRET}; guyub_sesi={session}"}

    def ask(self, path: str, **said: object) -> tuple[int, bytes]:
        body = urlencode({**said, "csrfmiddlewaretoken": SECRET}) if said else None
        form = {"Content-Type": "application/x-www-form-urlencoded"} if said else {}
        with closing(http.client.HTTPConnection("127.0.0.1", self.made.port, timeout=60)) as line:
            line.request("POST" if said else "GET", path, body, self.headers | form)
            answer = line.getresponse()
            return answer.status, answer.read()


def _imported(log: str) -> set[str]:
    """The modules of a process that tells what it imports (PYTHONPROFILEIMPORTTIME)."""
    return set(re.findall(r"^import time: +\d+ \| +\d+ \| *(\S+)$", log, re.MULTILINE))


@pytest.mark.skipif(sys.platform != "linux", reason="a process's memory is read from /proc")
def test_pages_of_every_kind_stay_within_a_web_processs_memory(made: Installation):
    scene = json.loads(made.run("-c", SCENE).splitlines()[-1])
    made.env["PYTHONPROFILEIMPORTTIME"] = "1"
    made.start("web")
    stranger, officer = Visitor(made), Visitor(made, scene["session"])
    assert (
        Visitor(made, city="pekalongan").ask("/wilayah/batas.json")[1].count(b"Feature") > 20
    )  # approximate
    point = {"lat": scene["lat"], "lon": scene["lon"]}
    for _ in range(3):
        for path in [*PUBLIC, *("/en" + path for path in PUBLIC if "." not in path), *PROGRAMS]:
            assert stranger.ask(path)[0] == 200, path
        for path in OFFICERS:
            assert officer.ask(path)[0] in (200, 302), path
        status, found = stranger.ask("/wilayah/di/", **point)
        assert (status, json.loads(found)) == (200, {"code": scene["code"], "outside": False})
    told = Path(f"/proc/{made.processes['web'].pid}/status").read_text()
    resident = int(told.split("VmRSS:")[1].split()[0]) / 1024
    known = _imported(made.log("web"))
    assert "guyub.rooms.places.locating" in known
    heavy = {one for one in known for library in HEAVY if one == library or one.startswith(library + ".")}
    assert not heavy, f"{sorted(heavy)[:10]}, {resident:.0f} MB"
    assert resident < MOST_MEGABYTES, f"{resident:.0f} MB"

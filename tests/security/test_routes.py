"""The access matrix: every route, for every kind of person. A route that the table does not know fails."""

from __future__ import annotations

import pytest
from django.urls import get_resolver
from django.utils import timezone

from guyub.rooms.casework.api import Verb, access
from guyub.rooms.casework.models import AnswerTemplate
from guyub.rooms.people.models import Grant
from tests.architecture.test_house import routes
from tests.security.conftest import PERSONS, Browser

pytestmark = pytest.mark.django_db

ALL = frozenset(PERSONS)
RESIDENTS = frozenset({"warga", "ketua_rt", "dukungan", "kepala_daerah", "dewan"})
ADMIN = frozenset({"admin_kota"})
WITH_POWERS = ALL - RESIDENTS - {"nobody"}
OFFICERS = WITH_POWERS - ADMIN - {"kemitraan", "peringatan"}
RUNS_INCIDENTS = frozenset({"operator"})
WARNERS = frozenset({"operator", "peringatan"})
SEES_THE_SEA = WARNERS | {"lurah", "camat"}
PARTNERSHIP = frozenset({"kemitraan"})
COLLABORATES = frozenset({"lurah", "kasi", "camat", "penghubung", "kepala_opd"})
FOUNDER = frozenset({"warga"})
MODERATORS = PARTNERSHIP | COLLABORATES
HEADS = frozenset({"lurah", "camat", "kepala_opd", "inspektur", "sekda"})
TAPEM = frozenset({"tapem"})
LURAH = frozenset({"lurah"})
SENSORS = frozenset({"penghubung", "operator"})
OWNS_SENSOR = frozenset({"penghubung"})
FLOODS = frozenset({"lurah", "camat", "operator"})
SEES_FUNDS = frozenset({"lurah", "camat", "tapem"})
OWN_OFFICE = frozenset({"lurah", "kasi"})
WATCH = frozenset({"koordinator", "sekda", "operator"})
COORDINATOR = frozenset({"koordinator"})
EDITORS = frozenset({"koordinator", "tapem"})
DISPOSERS = frozenset({"lurah", "camat", "kepala_opd"})
DECIDES_DATA = COORDINATOR | {"inspektur"}
SEES_THE_CASE = OWN_OFFICE | {"camat", "koordinator", "sekda"}


def everyone(status: int) -> dict[str, int]:
    return dict.fromkeys(ALL, status)


def mixed(*, nobody: int, signed_in: int) -> dict[str, int]:
    return {**everyone(signed_in), "nobody": nobody}


def only(allowed: frozenset[str], status: int) -> dict[str, int]:
    """Nobody is asked to sign in; whoever may not is told that there is no such page."""
    return {**everyone(404), **dict.fromkeys(allowed, status), "nobody": 302}


def page_for(allowed: frozenset[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Read by some, written by nobody."""
    return only(allowed, 200), only(allowed, 405)


def form_for(allowed: frozenset[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Read and filled in by some; an empty one is not enough."""
    return only(allowed, 200), only(allowed, 422)


NONE: frozenset[str] = frozenset()
PUBLIC = (everyone(200), everyone(405))
NO_PAGE = (only(NONE, 404), only(NONE, 404))
SAFE_DESK = page_for(OFFICERS)
MEETS = frozenset({"camat", "koordinator", "sekda"})
LEADS = frozenset({"koordinator", "sekda"})
# Whoever acts for no verified partner is told what comes first.
BEGINS = {**mixed(nobody=302, signed_in=200), "warga": 422}
VERIFIERS = OFFICERS - {"sekda", "tapem", "kepala_opd"}
ANSWERS = OFFICERS - {"sekda", "tapem"}
COMPLETES = OFFICERS - {"tapem", "sekda", "kepala_opd"}
LOOKS = OFFICERS - {"tapem"}
# Each route with sample arguments: what GET and what an empty POST answer to each person.
TABLE: list[tuple[str, str, dict[str, int], dict[str, int]]] = [
    ("healthz", "/healthz", everyone(200), everyone(200)),
    ("readyz", "/readyz", everyone(200), everyone(200)),
    ("metrics", "/metrics", everyone(200), everyone(200)),
    ("berkas/<uuid:uuid>.jpg", "/berkas/{photo}.jpg", everyone(404), everyone(404)),
    ("berkas/<uuid:uuid>-k.jpg", "/berkas/{photo}-k.jpg", everyone(404), everyone(404)),
    ("pemberitahuan.js", "/pemberitahuan.js", *PUBLIC),
    ("ui/kota.css", "/ui/kota.css", *PUBLIC),
    ("", "/", *PUBLIC),
    ("tentang/", "/tentang/", *PUBLIC),
    ("pengembang/", "/pengembang/", *PUBLIC),
    ("open311/v2/discovery.<str:form>", "/open311/v2/discovery.xml", *PUBLIC),
    ("open311/v2/services.<str:form>", "/open311/v2/services.json", *PUBLIC),
    ("open311/v2/services/<str:code>.<str:form>", "/open311/v2/services/lampu-jalan.xml", *PUBLIC),
    # Whoever sends shows a key; who is signed in matters to nobody there.
    ("open311/v2/requests.<str:form>", "/open311/v2/requests.json", everyone(200), everyone(403)),
    ("open311/v2/requests/<str:number>.<str:form>", "/open311/v2/requests/{published}.json", *PUBLIC),
    (
        "open311/v2/requests/<str:number>.<str:form>",
        "/open311/v2/requests/{conduct}.json",
        everyone(404),
        everyone(405),
    ),
    ("open311/v2/tokens/<str:token>.<str:form>", "/open311/v2/tokens/{published}.xml", *PUBLIC),
    (
        "open311/v2/servicerequestupdates.<str:form>",
        "/open311/v2/servicerequestupdates.xml",
        everyone(403),
        everyone(403),
    ),
    # Doors that the city has not opened are no addresses; the demo's own messenger is there in the demo alone.
    ("kiriman/whatsapp/", "/kiriman/whatsapp/", everyone(404), everyone(404)),
    ("kiriman/telegram/", "/kiriman/telegram/", everyone(405), everyone(404)),
    ("obrolan-uji/", "/obrolan-uji/", everyone(404), everyone(404)),
    ("laporan/baru/pertanyaan/", "/laporan/baru/pertanyaan/?kategori=sampah", *PUBLIC),
    ("petugas/kategori/", "/petugas/kategori/", *page_for(EDITORS)),
    ("petugas/kategori/<str:code>/", "/petugas/kategori/sampah/", *form_for(EDITORS)),
    ("kiriman/laporan.json", "/kiriman/laporan.json", everyone(405), everyone(403)),
    ("open311/<path:rest>", "/open311/v3/", everyone(404), everyone(404)),
    ("panduan/", "/panduan/", *PUBLIC),
    ("panduan/<slug:role>/", "/panduan/lurah/", *PUBLIC),
    ("bukti/", "/bukti/", *PUBLIC),
    ("rob/", "/rob/", *PUBLIC),
    ("rob/ketepatan/", "/rob/ketepatan/", *PUBLIC),
    ("rob/<str:code>/", "/rob/{place}/", *PUBLIC),
    ("petugas/rob/", "/petugas/rob/", only(SEES_THE_SEA, 200), only(SEES_THE_SEA, 405)),
    ("petugas/rob/ketepatan/", "/petugas/rob/ketepatan/", only(SEES_THE_SEA, 200), only(SEES_THE_SEA, 405)),
    ("petugas/rob/stasiun/", "/petugas/rob/stasiun/", only(SEES_THE_SEA, 302), only(SEES_THE_SEA, 405)),
    ("petugas/rob/stasiun/baru/", "/petugas/rob/stasiun/baru/", only(WARNERS, 200), only(WARNERS, 422)),
    (
        "petugas/rob/stasiun/<slug:slug>/",
        "/petugas/rob/stasiun/pelabuhan-uji/",
        only(SEES_THE_SEA, 200),
        only(SEES_THE_SEA, 405),
    ),
    (
        "petugas/rob/stasiun/<slug:slug>/datum/",
        "/petugas/rob/stasiun/pelabuhan-uji/datum/",
        only(WARNERS, 200),
        only(WARNERS, 422),
    ),
    (
        "petugas/rob/stasiun/<slug:slug>/konstanta/",
        "/petugas/rob/stasiun/pelabuhan-uji/konstanta/",
        only(WARNERS, 200),
        only(WARNERS, 422),
    ),
    ("petugas/rob/ambang/", "/petugas/rob/ambang/", only(SEES_THE_SEA, 200), only(SEES_THE_SEA, 405)),
    ("petugas/rob/ambang/baru/", "/petugas/rob/ambang/baru/", only(WARNERS, 200), only(WARNERS, 422)),
    ("petugas/rob/ambang/impor/", "/petugas/rob/ambang/impor/", only(WARNERS, 200), only(WARNERS, 422)),
    (
        "petugas/rob/ambang/impor/contoh.<str:form>",
        "/petugas/rob/ambang/impor/contoh.csv",
        only(WARNERS, 200),
        only(WARNERS, 405),
    ),
    (
        "petugas/rob/ambang/impor/<uuid:uuid>/",
        "/petugas/rob/ambang/impor/{photo}/",
        only(NONE, 404),
        only(NONE, 404),
    ),
    ("petugas/rob/<str:code>/", "/petugas/rob/{place}/", only(SEES_THE_SEA, 200), only(SEES_THE_SEA, 405)),
    ("peringatan/", "/peringatan/", *PUBLIC),
    ("peringatan/ketepatan/", "/peringatan/ketepatan/", *PUBLIC),
    ("peringatan/setuju/<str:key>/", "/peringatan/setuju/{forged}/", everyone(404), everyone(404)),
    ("peringatan/<str:number>/", "/peringatan/{warning}/", *PUBLIC),
    ("cap/", "/cap/", *PUBLIC),
    ("cap/<str:identifier>.xml", "/cap/{cap}.xml", *PUBLIC),
    ("insiden/", "/insiden/", *PUBLIC),
    ("insiden/<slug:number>/", "/insiden/{incident}/", *PUBLIC),
    ("insiden/tugas/", "/insiden/tugas/", mixed(nobody=302, signed_in=200), mixed(nobody=302, signed_in=405)),
    (
        "insiden/tugas/<uuid:uuid>/",
        "/insiden/tugas/{incident_task}/",
        only(RUNS_INCIDENTS | {"penghubung", "kepala_opd"}, 200),
        only(RUNS_INCIDENTS | {"penghubung", "kepala_opd"}, 422),
    ),
    ("petugas/insiden/", "/petugas/insiden/", only(RUNS_INCIDENTS, 200), only(RUNS_INCIDENTS, 405)),
    ("petugas/insiden/baru/", "/petugas/insiden/baru/", only(RUNS_INCIDENTS, 200), only(RUNS_INCIDENTS, 422)),
    (
        "petugas/insiden/panduan/",
        "/petugas/insiden/panduan/",
        only(RUNS_INCIDENTS, 200),
        only(RUNS_INCIDENTS, 422),
    ),
    (
        "petugas/insiden/panduan/<int:step>/cabut/",
        "/petugas/insiden/panduan/{own_step}/cabut/",
        only(RUNS_INCIDENTS, 405),
        only(RUNS_INCIDENTS, 302),
    ),
    (
        "petugas/insiden/usulan/<int:proposal>/<slug:answer>/",
        "/petugas/insiden/usulan/{proposal}/tolak/",
        only(RUNS_INCIDENTS, 405),
        only(RUNS_INCIDENTS, 302),
    ),
    (
        "petugas/insiden/<slug:number>/",
        "/petugas/insiden/{incident}/",
        only(RUNS_INCIDENTS, 200),
        only(RUNS_INCIDENTS, 405),
    ),
    (
        "petugas/insiden/<slug:number>/<slug:section>/",
        "/petugas/insiden/{incident}/logistik/",
        only(RUNS_INCIDENTS, 200),
        only(RUNS_INCIDENTS, 405),
    ),
    (
        "petugas/insiden/<slug:number>/laporan/<int:report>.pdf",
        "/petugas/insiden/{incident}/laporan/1.pdf",
        only(RUNS_INCIDENTS, 200),
        only(RUNS_INCIDENTS, 405),
    ),
    (
        "petugas/insiden/<slug:number>/lakukan/<slug:act>/",
        "/petugas/insiden/{incident}/lakukan/tulis/",
        only(RUNS_INCIDENTS, 405),
        only(RUNS_INCIDENTS, 422),
    ),
    ("petugas/peringatan/", "/petugas/peringatan/", only(WARNERS, 200), only(WARNERS, 405)),
    ("petugas/peringatan/baru/", "/petugas/peringatan/baru/", only(WARNERS, 200), only(WARNERS, 422)),
    (
        "petugas/peringatan/daftar/",
        "/petugas/peringatan/daftar/",
        only(WARNERS, 200),
        only(frozenset({"peringatan"}), 422),
    ),
    ("petugas/peringatan/catatan/", "/petugas/peringatan/catatan/", only(WARNERS, 200), only(WARNERS, 405)),
    (
        "petugas/peringatan/<str:number>/",
        "/petugas/peringatan/{warning}/",
        only(WARNERS, 200),
        only(WARNERS, 405),
    ),
    (
        "petugas/peringatan/<str:number>/ubah/",
        "/petugas/peringatan/{warning}/ubah/",
        only(WARNERS, 200),
        only(WARNERS, 422),
    ),
    (
        "petugas/peringatan/<str:number>/teks/",
        "/petugas/peringatan/{warning}/teks/",
        only(WARNERS, 302),
        only(WARNERS, 302),
    ),
    (
        "petugas/peringatan/<str:number>/<str:act>/",
        "/petugas/peringatan/{warning}/minta/",
        only(WARNERS, 405),
        only(WARNERS, 302),
    ),
    ("bukti/undian/", "/bukti/undian/", *PUBLIC),
    ("bukti/undian/<int:seal>.json", "/bukti/undian/1.json", everyone(404), everyone(405)),
    ("bukti/<int:number>.json", "/bukti/1.json", everyone(404), everyone(405)),
    ("kinerja/", "/kinerja/", *PUBLIC),
    ("kinerja/cara-hitung/", "/kinerja/cara-hitung/", *PUBLIC),
    ("kinerja/laporan/", "/kinerja/laporan/?angka=masuk", *PUBLIC),
    ("kinerja/angka.csv", "/kinerja/angka.csv", *PUBLIC),
    ("kinerja/angka.json", "/kinerja/angka.json", *PUBLIC),
    ("kinerja/<slug:kind>/<str:code>/", "/kinerja/wilayah/32.73.02/", *PUBLIC),
    ("kinerja/<slug:kind>/<str:code>/laporan/", "/kinerja/kategori/sampah/laporan/?angka=terlambat", *PUBLIC),
    ("kinerja/<slug:kind>/<str:code>/angka.csv", "/kinerja/wilayah/32.73.02/angka.csv", *PUBLIC),
    ("kinerja/<slug:kind>/<str:code>/angka.json", "/kinerja/wilayah/32.73.02/angka.json", *PUBLIC),
    ("api/v1/openapi.json", "/api/v1/openapi.json", *PUBLIC),
    ("pantau/", "/pantau/", only(WATCH, 200), only(WATCH, 405)),
    ("pantau/bagian/<slug:part>/", "/pantau/bagian/angka/", only(WATCH, 200), only(WATCH, 405)),
    ("pantau/ulang/", "/pantau/ulang/", only(WATCH, 200), only(WATCH, 405)),
    # Whoever holds a screen's own link looks on; in tests/rooms/test_wall.py.
    ("pantau/layar/<str:key>/", "/pantau/layar/salah/", everyone(404), everyone(405)),
    (
        "pantau/layar/<str:key>/bagian/<slug:part>/",
        "/pantau/layar/salah/bagian/angka/",
        everyone(404),
        everyone(405),
    ),
    ("petugas/pantau/", "/petugas/pantau/", only(WATCH, 302), only(WATCH, 405)),
    ("petugas/pantau/layar/", "/petugas/pantau/layar/", only(WATCH, 200), only(WATCH, 422)),
    (
        "petugas/pantau/layar/<int:screen>/akhiri/",
        "/petugas/pantau/layar/1/akhiri/",
        only(WATCH, 405),
        only(WATCH, 404),
    ),
    ("robots.txt", "/robots.txt", *PUBLIC),
    ("favicon.ico", "/favicon.ico", everyone(302), everyone(405)),
    ("masuk/", "/masuk/", mixed(nobody=200, signed_in=302), mixed(nobody=200, signed_in=302)),
    ("masuk/kode/", "/masuk/kode/", everyone(302), everyone(302)),
    ("masuk/tujuan/", "/masuk/tujuan/", everyone(302), everyone(302)),
    ("masuk/kedua/", "/masuk/kedua/", everyone(302), everyone(302)),
    (
        "masuk/kedua/pasang/",
        "/masuk/kedua/pasang/",
        mixed(nobody=302, signed_in=200),
        mixed(nobody=302, signed_in=200),
    ),
    (
        "masuk/kedua/pemulihan/",
        "/masuk/kedua/pemulihan/",
        mixed(nobody=302, signed_in=404),
        mixed(nobody=302, signed_in=405),
    ),
    ("masuk/kedua/akun/", "/masuk/kedua/akun/", everyone(302), everyone(302)),
    # Nobody of these has a second factor: whoever has none is sent to where it is set up.
    (
        "masuk/kedua/lagi/",
        "/masuk/kedua/lagi/",
        mixed(nobody=302, signed_in=403),
        mixed(nobody=302, signed_in=403),
    ),
    ("masuk/kedua/ingat/", "/masuk/kedua/ingat/", everyone(302), everyone(302)),
    ("daftar/", "/daftar/", mixed(nobody=200, signed_in=302), mixed(nobody=200, signed_in=302)),
    ("daftar/kode/", "/daftar/kode/", everyone(302), everyone(302)),
    ("keluar/", "/keluar/", mixed(nobody=302, signed_in=200), everyone(302)),
    ("laporan/baru/", "/laporan/baru/", everyone(200), everyone(422)),
    ("laporan/baru/dekat/", "/laporan/baru/dekat/", everyone(405), everyone(204)),
    ("laporan/baru/kategori/", "/laporan/baru/kategori/", everyone(405), everyone(204)),
    (
        "laporan/baru/mirip/<uuid:draft>/",
        "/laporan/baru/mirip/{photo}/",
        everyone(404),
        everyone(404),
    ),
    ("laporan/kode/", "/laporan/kode/", everyone(200), everyone(422)),
    ("laporan/ikuti/<str:key>/", "/laporan/ikuti/{key}/", everyone(200), everyone(422)),
    ("laporan/ikuti/<str:key>/", "/laporan/ikuti/{forged}/", everyone(404), everyone(404)),
    ("laporan/ikuti/<str:key>/foto/", "/laporan/ikuti/{key}/foto/", everyone(405), everyone(400)),
    ("laporan/ikuti/<str:key>/foto/", "/laporan/ikuti/{forged}/foto/", everyone(405), everyone(404)),
    (
        "laporan/ikuti/<str:key>/foto/<uuid:photo>/",
        "/laporan/ikuti/{key}/foto/{photo}/",
        everyone(200),
        everyone(422),
    ),
    (
        "laporan/ikuti/<str:key>/foto/<uuid:photo>/",
        "/laporan/ikuti/{forged}/foto/{photo}/",
        everyone(404),
        everyone(404),
    ),
    ("laporan/ikuti/<str:key>/data/", "/laporan/ikuti/{key}/data/", everyone(200), everyone(422)),
    ("laporan/ikuti/<str:key>/data/", "/laporan/ikuti/{forged}/data/", everyone(404), everyone(404)),
    ("laporan/ikuti/<str:key>/data.zip", "/laporan/ikuti/{key}/data.zip", *PUBLIC),
    ("laporan/ikuti/<str:key>/data.zip", "/laporan/ikuti/{forged}/data.zip", everyone(404), everyone(405)),
    ("akun/data/", "/akun/data/", mixed(nobody=302, signed_in=200), mixed(nobody=302, signed_in=422)),
    ("akun/data.zip", "/akun/data.zip", mixed(nobody=302, signed_in=200), mixed(nobody=302, signed_in=405)),
    ("data-pribadi/", "/data-pribadi/", *PUBLIC),
    ("petugas/data-pribadi/", "/petugas/data-pribadi/", *page_for(DECIDES_DATA)),
    ("petugas/data-pribadi/<int:key>/", "/petugas/data-pribadi/0/", only(DECIDES_DATA, 405), only(NONE, 404)),
    ("lapangan.js", "/lapangan.js", *PUBLIC),
    ("tugas/<str:key>/", "/tugas/{forged}/", everyone(404), everyone(404)),
    ("tugas/<str:key>/", "/tugas/{crew}/", everyone(200), everyone(422)),
    ("laporan/<str:number>/saksi/", "/laporan/{published}/saksi/", everyone(405), everyone(302)),
    ("laporan/<str:number>/saksi/", "/laporan/{fresh}/saksi/", everyone(405), everyone(404)),
    ("laporan/<str:number>/saksi/", "/laporan/{conduct}/saksi/", everyone(405), everyone(404)),
    ("laporan/<str:number>/dukung/", "/laporan/{published}/dukung/", everyone(405), everyone(302)),
    ("laporan/<str:number>/dukung/", "/laporan/{conduct}/dukung/", everyone(405), everyone(404)),
    ("saya/", "/saya/", mixed(nobody=302, signed_in=200), mixed(nobody=302, signed_in=405)),
    ("laporan/", "/laporan/", *PUBLIC),
    ("laporan/unduh/", "/laporan/unduh/", *PUBLIC),
    ("laporan/unduh.csv", "/laporan/unduh.csv", *PUBLIC),
    ("laporan/unduh.geojson", "/laporan/unduh.geojson", *PUBLIC),
    ("laporan/peta.json", "/laporan/peta.json", *PUBLIC),
    ("laporan/<str:number>/", "/laporan/{published}/", *PUBLIC),
    ("laporan/<str:number>/", "/laporan/{conduct}/", everyone(404), everyone(405)),
    ("wilayah/", "/wilayah/", *PUBLIC),
    ("wilayah/batas.json", "/wilayah/batas.json", *PUBLIC),
    ("wilayah/di/", "/wilayah/di/", everyone(405), everyone(400)),
    ("wilayah/<str:code>/", "/wilayah/{place}/", *PUBLIC),
    ("wilayah/<str:code>/gotong-royong/", "/wilayah/{place}/gotong-royong/", *PUBLIC),
    ("gotong-royong/", "/gotong-royong/", *PUBLIC),
    # Without something that is added up there is no such page: tests/rooms/test_boards.py.
    ("gotong-royong/janji/", "/gotong-royong/janji/", everyone(404), everyone(405)),
    ("petugas/gotong-royong/", "/petugas/gotong-royong/", *page_for(MODERATORS)),
    ("wilayah/dana.<str:form>", "/wilayah/dana.csv", *PUBLIC),
    ("banjir/", "/banjir/", *PUBLIC),
    ("banjir/lapor/", "/banjir/lapor/", everyone(200), everyone(422)),
    ("banjir/peta.json", "/banjir/peta.json", *PUBLIC),
    ("banjir/data.geojson", "/banjir/data.geojson", *PUBLIC),
    ("banjir/atom", "/banjir/atom", *PUBLIC),
    ("banjir/ikuti/<str:key>/", "/banjir/ikuti/{flood_key}/", everyone(200), everyone(422)),
    ("banjir/ikuti/<str:key>/data.json", "/banjir/ikuti/{flood_key}/data.json", *PUBLIC),
    ("banjir/<str:number>/", "/banjir/{flood}/", *PUBLIC),
    ("petugas/banjir/", "/petugas/banjir/", only(FLOODS, 200), only(FLOODS, 405)),
    ("petugas/banjir/laporan/", "/petugas/banjir/laporan/", only(FLOODS, 302), only(FLOODS, 405)),
    ("petugas/banjir/ambang/", "/petugas/banjir/ambang/", only(FLOODS, 302), only(FLOODS, 405)),
    ("petugas/banjir/ambang/<int:key>/", "/petugas/banjir/ambang/9/", only(FLOODS, 405), only(NONE, 404)),
    (
        "petugas/banjir/laporan/<str:number>/foto/<uuid:photo>/",
        "/petugas/banjir/laporan/{flood_report}/foto/{flood_photo}/",
        only(FLOODS, 405),
        only(FLOODS, 302),
    ),
    (
        "petugas/banjir/laporan/<str:number>/foto/<uuid:photo>/samarkan/",
        "/petugas/banjir/laporan/{flood_report}/foto/{flood_photo}/samarkan/",
        only(FLOODS, 200),
        only(FLOODS, 422),
    ),
    (
        "petugas/banjir/laporan/<str:number>/<str:act>/",
        "/petugas/banjir/laporan/{flood_report}/kedalaman/",
        only(FLOODS, 200),
        only(FLOODS, 422),
    ),
    ("petugas/banjir/<str:number>/", "/petugas/banjir/{flood}/", only(FLOODS, 200), only(FLOODS, 405)),
    (
        "petugas/banjir/<str:number>/<str:act>/",
        "/petugas/banjir/{flood}/pastikan/",
        only(FLOODS, 405),
        only(FLOODS, 302),
    ),
    ("wilayah/<str:code>/dana/", "/wilayah/{place}/dana/", *PUBLIC),
    ("wilayah/<str:code>/dana/data.<str:form>", "/wilayah/{place}/dana/data.json", *PUBLIC),
    ("wilayah/<str:code>/dana/<uuid:uuid>/", "/wilayah/{place}/dana/{activity}/", *PUBLIC),
    # Whoever has one place only is led to it.
    # Whoever writes shows a key; who is signed in matters to nobody there.
    ("sta/v1.1", "/sta/v1.1", everyone(200), everyone(401)),
    ("sta/v1.1/", "/sta/v1.1/", everyone(200), everyone(401)),
    ("sta/v1.1/<path:path>", "/sta/v1.1/Datastreams?$top=1", everyone(200), everyone(401)),
    ("sta/v1.1/<path:path>", "/sta/v1.1/Datastreams({sensor})", everyone(200), everyone(401)),
    ("sta/v1.1/<path:path>", "/sta/v1.1/Datastreams({desk_sensor})", everyone(404), everyone(401)),
    ("sensor/", "/sensor/", *PUBLIC),
    ("sensor/<int:key>/", "/sensor/{sensor}/", *PUBLIC),
    ("sensor/<int:key>/", "/sensor/{desk_sensor}/", everyone(404), everyone(405)),
    ("petugas/sensor/", "/petugas/sensor/", only(SENSORS, 200), only(SENSORS, 405)),
    ("petugas/sensor/baru/", "/petugas/sensor/baru/?jenis=rain", only(SENSORS, 200), only(SENSORS, 422)),
    ("petugas/sensor/pesan/", "/petugas/sensor/pesan/", only(SENSORS, 200), only(SENSORS, 405)),
    ("petugas/sensor/pesan/<int:key>/", "/petugas/sensor/pesan/1/", only(SENSORS, 405), only(NONE, 404)),
    ("petugas/sensor/<int:key>/", "/petugas/sensor/{desk_sensor}/", only(SENSORS, 200), only(SENSORS, 405)),
    # Only the office that owns it sets it and judges its values.
    (
        "petugas/sensor/<int:key>/atur/",
        "/petugas/sensor/{desk_sensor}/atur/",
        only(OWNS_SENSOR, 200),
        only(OWNS_SENSOR, 422),
    ),
    (
        "petugas/sensor/<int:key>/ukuran/",
        "/petugas/sensor/{desk_sensor}/ukuran/?jenis=rain",
        only(OWNS_SENSOR, 200),
        only(OWNS_SENSOR, 422),
    ),
    (
        "petugas/sensor/<int:key>/aplikasi/",
        "/petugas/sensor/{desk_sensor}/aplikasi/",
        only(SENSORS, 405),
        only(OWNS_SENSOR, 302),
    ),
    (
        "petugas/sensor/<int:key>/nilai/<int:value>/",
        "/petugas/sensor/{desk_sensor}/nilai/{value}/",
        only(OWNS_SENSOR, 200),
        only(OWNS_SENSOR, 422),
    ),
    (
        "petugas/dana/",
        "/petugas/dana/",
        {**only(SEES_FUNDS, 200), "lurah": 302},
        only(SEES_FUNDS, 405),
    ),
    ("petugas/dana/<str:code>/", "/petugas/dana/{place}/", *page_for(SEES_FUNDS)),
    ("petugas/dana/impor/", "/petugas/dana/impor/", *form_for(TAPEM)),
    (
        "petugas/dana/impor/contoh.<str:form>",
        "/petugas/dana/impor/contoh.csv",
        only(TAPEM, 200),
        only(TAPEM, 200),
    ),
    ("petugas/dana/impor/<uuid:uuid>/", "/petugas/dana/impor/{photo}/", *NO_PAGE),
    ("petugas/dana/kegiatan/<uuid:uuid>/", "/petugas/dana/kegiatan/{activity}/", *page_for(SEES_FUNDS)),
    ("petugas/dana/kegiatan/<uuid:uuid>/ubah/", "/petugas/dana/kegiatan/{activity}/ubah/", *form_for(LURAH)),
    (
        "petugas/dana/kegiatan/<uuid:uuid>/langkah/",
        "/petugas/dana/kegiatan/{activity}/langkah/",
        only(LURAH | {"camat"}, 405),
        only(LURAH, 422),
    ),
    (
        "petugas/dana/kegiatan/<uuid:uuid>/henti/",
        "/petugas/dana/kegiatan/{activity}/henti/",
        *form_for(LURAH),
    ),
    ("petugas/dana/langkah/<uuid:uuid>/tarik/", "/petugas/dana/langkah/{step}/tarik/", *form_for(LURAH)),
    (
        "petugas/dana/<str:code>/kegiatan/<int:ceiling>/",
        "/petugas/dana/{place}/kegiatan/{ceiling}/",
        *form_for(LURAH),
    ),
    (
        "petugas/dana/<str:code>/<str:scheme>/<int:year>/pagu/",
        "/petugas/dana/{place}/PIPPK/{year}/pagu/",
        *form_for(TAPEM),
    ),
    (
        "petugas/dana/<str:code>/<str:scheme>/<int:year>/geser/",
        "/petugas/dana/{place}/PIPPK/{year}/geser/",
        *form_for(TAPEM),
    ),
    # An activity that is not over keeps the year open.
    (
        "petugas/dana/<str:code>/<str:scheme>/<int:year>/tutup/",
        "/petugas/dana/{place}/PIPPK/{year}/tutup/",
        only(LURAH, 200),
        only(LURAH, 302),
    ),
    ("kerja-sama/", "/kerja-sama/", *PUBLIC),
    # Nothing of it is signed, so nobody knows of it.
    ("kerja-sama/<slug:slug>/", "/kerja-sama/{agreed}/", everyone(404), everyone(405)),
    (
        "kerja-sama/saya/",
        "/kerja-sama/saya/",
        mixed(nobody=302, signed_in=200),
        mixed(nobody=302, signed_in=405),
    ),
    # The people of its party read a draft, and who manages agreements.
    (
        "kerja-sama/naskah/<uuid:uuid>/",
        "/kerja-sama/naskah/{paper_draft}/",
        only(FOUNDER | PARTNERSHIP, 200),
        {**everyone(405), "nobody": 302},
    ),
    (
        "kerja-sama/naskah/<uuid:uuid>.pdf",
        "/kerja-sama/naskah/{paper_draft}.pdf",
        only(FOUNDER | PARTNERSHIP, 200),
        {**everyone(405), "nobody": 302},
    ),
    ("petugas/kerja-sama/", "/petugas/kerja-sama/", *page_for(PARTNERSHIP)),
    (
        "petugas/kerja-sama/naskah/",
        "/petugas/kerja-sama/naskah/",
        only(PARTNERSHIP, 302),
        only(PARTNERSHIP, 405),
    ),
    ("petugas/kerja-sama/baru/", "/petugas/kerja-sama/baru/", *form_for(PARTNERSHIP)),
    ("petugas/kerja-sama/<uuid:uuid>/", "/petugas/kerja-sama/{agreement}/", *page_for(PARTNERSHIP)),
    *(
        (
            f"petugas/kerja-sama/<uuid:uuid>/{act}/",
            f"/petugas/kerja-sama/{{agreement}}/{act}/",
            *form_for(PARTNERSHIP),
        )
        for act in ("ubah", "naskah", "persetujuan")
    ),
    (
        "petugas/kerja-sama/<uuid:uuid>/tahap/",
        "/petugas/kerja-sama/{agreement}/tahap/",
        only(PARTNERSHIP, 405),
        only(PARTNERSHIP, 302),
    ),
    *(
        (
            f"petugas/kerja-sama/naskah/<uuid:uuid>/{where}",
            f"/petugas/kerja-sama/naskah/{{paper_draft}}/{where}",
            *page_for(PARTNERSHIP),
        )
        for where in ("", "versi/")
    ),
    (
        "petugas/kerja-sama/naskah/<uuid:uuid>/<str:act>/",
        "/petugas/kerja-sama/naskah/{paper_draft}/tanda-tangan/",
        *form_for(PARTNERSHIP),
    ),
    (
        "petugas/kerja-sama/naskah/<uuid:uuid>/<str:act>/",
        "/petugas/kerja-sama/naskah/{paper_draft}/akhiri/",
        *NO_PAGE,
    ),
    (
        "petugas/kerja-sama/naskah/<uuid:uuid>/pihak/<int:key>/",
        "/petugas/kerja-sama/naskah/{paper_draft}/pihak/{paper_party}/",
        *form_for(PARTNERSHIP),
    ),
    # A duty of a draft is not delivered yet.
    (
        "petugas/kerja-sama/naskah/<uuid:uuid>/kewajiban/<int:key>/",
        "/petugas/kerja-sama/naskah/{paper_draft}/kewajiban/{paper_duty}/",
        *NO_PAGE,
    ),
    # What is to be followed stands in the query: see below.
    ("mengikuti/", "/mengikuti/", everyone(404), everyone(404)),
    ("mengikuti/alat/", "/mengikuti/alat/", everyone(405), everyone(404)),
    ("mengikuti/ya/<str:key>/", "/mengikuti/ya/{forged}/", everyone(404), everyone(404)),
    ("mengikuti/atur/<str:key>/", "/mengikuti/atur/{forged}/", everyone(404), everyone(404)),
    ("mengikuti/berhenti/<str:key>/", "/mengikuti/berhenti/{forged}/", everyone(404), everyone(404)),
    ("mengikuti/atur/<str:key>/", "/mengikuti/atur/{follower}/", everyone(200), everyone(303)),
    ("mengikuti/berhenti/<str:key>/", "/mengikuti/berhenti/{follower}/", everyone(200), everyone(200)),
    ("akun/", "/akun/", mixed(nobody=302, signed_in=200), mixed(nobody=302, signed_in=303)),
    ("laporan/<str:number>/atom", "/laporan/{published}/atom", *PUBLIC),
    ("laporan/<str:number>/atom", "/laporan/{conduct}/atom", everyone(404), everyone(405)),
    ("wilayah/<str:code>/atom", "/wilayah/{place}/atom", *PUBLIC),
    ("wilayah/<str:code>/<slug:category>/atom", "/wilayah/{place}/sampah/atom", *PUBLIC),
    ("petugas/loket/", "/petugas/loket/", *form_for(VERIFIERS)),
    ("petugas/loket/dekat/", "/petugas/loket/dekat/", only(VERIFIERS, 405), only(VERIFIERS, 204)),
    (
        "petugas/loket/tanda-terima/",
        "/petugas/loket/tanda-terima/",
        only(VERIFIERS, 302),
        only(VERIFIERS, 405),
    ),
    ("petugas/loket/tanda-terima/<uuid:draft>/", "/petugas/loket/tanda-terima/{photo}/", *NO_PAGE),
    ("petugas/lapor/", "/petugas/lapor/", *form_for(COORDINATOR)),
    ("petugas/lapor/simpan/", "/petugas/lapor/simpan/", only(COORDINATOR, 405), only(COORDINATOR, 422)),
    ("petugas/lapor/berkas/", "/petugas/lapor/berkas/", only(COORDINATOR, 405), only(COORDINATOR, 422)),
    ("petugas/lapor/berkas/<uuid:draft>/", "/petugas/lapor/berkas/{photo}/", *NO_PAGE),
    ("petugas/lapor/belum-disalin/", "/petugas/lapor/belum-disalin/", *page_for(COORDINATOR | {"inspektur"})),
    (
        "petugas/lapor/belum-disalin.csv",
        "/petugas/lapor/belum-disalin.csv",
        *page_for(COORDINATOR | {"inspektur"}),
    ),
    # A report of our own has nothing to copy.
    (
        "petugas/lapor/<str:number>/disalin/",
        "/petugas/lapor/{published}/disalin/",
        only(OFFICERS, 405),
        only(frozenset(), 404),
    ),
    (
        "petugas/lapor/<str:number>/disalin/",
        "/petugas/lapor/{lapor}/disalin/",
        only(OFFICERS, 405),
        only(OWN_OFFICE | COORDINATOR, 302),
    ),
    (
        "petugas/lapor/<str:number>/tanggapan/",
        "/petugas/lapor/{lapor}/tanggapan/",
        only(OFFICERS, 405),
        only(SEES_THE_CASE, 302),
    ),
    # Officers who see no cases are led to the first page of their own desk.
    (
        "petugas/",
        "/petugas/",
        {**only(WITH_POWERS, 302), **dict.fromkeys(OFFICERS, 200)},
        {**only(WITH_POWERS, 302), **dict.fromkeys(OFFICERS, 200)},
    ),
    ("petugas/menu/", "/petugas/menu/", *page_for(WITH_POWERS)),
    ("petugas/semua/", "/petugas/semua/", only(OFFICERS, 200), only(OFFICERS, 200)),
    ("petugas/peta/", "/petugas/peta/", *SAFE_DESK),
    ("petugas/peta.json", "/petugas/peta.json", *SAFE_DESK),
    ("petugas/tampilan/", "/petugas/tampilan/", only(OFFICERS, 200), only(NONE, 404)),
    ("petugas/tampilan/<int:view>/", "/petugas/tampilan/1/", *NO_PAGE),
    # An empty form names no act; nobody has made this batch.
    ("petugas/sekaligus/", "/petugas/sekaligus/", only(OFFICERS, 302), only(NONE, 404)),
    ("petugas/sekaligus/lakukan/", "/petugas/sekaligus/lakukan/", only(OFFICERS, 302), only(NONE, 404)),
    ("petugas/sekaligus/<uuid:batch>/", "/petugas/sekaligus/{photo}/", *NO_PAGE),
    ("petugas/semua/unduh/", "/petugas/semua/unduh/", *SAFE_DESK),
    ("petugas/semua/unduh.csv", "/petugas/semua/unduh.csv", *SAFE_DESK),
    ("petugas/semua/unduh.geojson", "/petugas/semua/unduh.geojson", *SAFE_DESK),
    ("petugas/lembar/", "/petugas/lembar/", *SAFE_DESK),
    ("petugas/lembar/apel/", "/petugas/lembar/apel/", *SAFE_DESK),
    ("petugas/lembar/rapat/", "/petugas/lembar/rapat/", *page_for(MEETS)),
    ("petugas/lembar/rapim/", "/petugas/lembar/rapim/", *page_for(LEADS)),
    # An empty form names no officer.
    ("petugas/lembar/kinerja/", "/petugas/lembar/kinerja/", only(OFFICERS, 200), only(NONE, 404)),
    ("petugas/templat/", "/petugas/templat/", only(OFFICERS, 200), only(OFFICERS, 200)),
    ("petugas/templat/baru/", "/petugas/templat/baru/", *form_for(ANSWERS)),
    (
        "petugas/templat/<int:template>/",
        "/petugas/templat/{template}/",
        *form_for(frozenset({"koordinator"})),
    ),
    ("petugas/templat/<int:template>/hapus/", "/petugas/templat/999999999999999999999/hapus/", *NO_PAGE),
    ("petugas/disposisi/", "/petugas/disposisi/", *form_for(DISPOSERS)),
    (
        "petugas/disposisi/<int:standing>/akhiri/",
        "/petugas/disposisi/0/akhiri/",
        only(DISPOSERS, 405),
        only(frozenset(), 404),
    ),
    ("petugas/kewenangan/", "/petugas/kewenangan/", *page_for(OFFICERS)),
    ("petugas/kewenangan/tabel.csv", "/petugas/kewenangan/tabel.csv", *page_for(OFFICERS)),
    (
        "petugas/kewenangan/riwayat/<str:category>/",
        "/petugas/kewenangan/riwayat/sampah/",
        *page_for(OFFICERS),
    ),
    ("petugas/kewenangan/usul/", "/petugas/kewenangan/usul/", *form_for(EDITORS)),
    (
        "petugas/kewenangan/usul/<uuid:uuid>/",
        "/petugas/kewenangan/usul/{change}/",
        only(EDITORS, 200),
        only(EDITORS, 200),
    ),
    (
        "petugas/kewenangan/usul/<uuid:uuid>/<str:verb>/",
        "/petugas/kewenangan/usul/{change}/ubah/",
        only(EDITORS, 302),
        only(EDITORS, 422),
    ),
    (
        "petugas/kewenangan/usul/<uuid:uuid>/<str:verb>/",
        "/petugas/kewenangan/usul/{change}/setujui/",
        only(EDITORS, 302),
        {**only(frozenset(), 404), "tapem": 409},
    ),
    (
        "petugas/laporan/<str:number>/",
        "/petugas/laporan/{published}/",
        only(SEES_THE_CASE, 200),
        only(SEES_THE_CASE, 200),
    ),
    (
        "petugas/laporan/<str:number>/",
        "/petugas/laporan/{conduct}/",
        only(frozenset({"inspektur"}), 200),
        only(frozenset({"inspektur"}), 200),
    ),
    ("petugas/peran/", "/petugas/peran/", only(WITH_POWERS, 200), only(WITH_POWERS, 200)),
    ("petugas/wewenang/", "/petugas/wewenang/", only(WITH_POWERS, 200), only(WITH_POWERS, 200)),
    ("petugas/wewenang/limpahkan/", "/petugas/wewenang/limpahkan/", *form_for(HEADS)),
    ("petugas/wewenang/beri/", "/petugas/wewenang/beri/", *form_for(ADMIN)),
    ("petugas/wewenang/kota/", "/petugas/wewenang/kota/", only(ADMIN, 200), only(ADMIN, 200)),
    (
        "petugas/wewenang/<int:grant>/akhiri/",
        "/petugas/wewenang/{grant}/akhiri/",
        *form_for(ADMIN | {"lurah"}),
    ),
    (
        "petugas/wewenang/akun/<int:account>/",
        "/petugas/wewenang/akun/{account}/",
        only(ADMIN, 200),
        only(ADMIN, 200),
    ),
    (
        "petugas/wewenang/akun/<int:account>/tutup/",
        "/petugas/wewenang/akun/{account}/tutup/",
        *form_for(ADMIN),
    ),
    (
        "petugas/wewenang/akun/<int:account>/faktor/",
        "/petugas/wewenang/akun/{account}/faktor/",
        *form_for(ADMIN),
    ),
    ("petugas/wewenang/dukungan/", "/petugas/wewenang/dukungan/", only(ADMIN, 200), only(ADMIN, 200)),
    ("petugas/wewenang/dukungan/buka/", "/petugas/wewenang/dukungan/buka/", *form_for(ADMIN)),
    (
        "petugas/wewenang/dukungan/<int:access>/",
        "/petugas/wewenang/dukungan/{access}/",
        only(ADMIN, 200),
        only(ADMIN, 200),
    ),
    (
        "petugas/wewenang/dukungan/<int:access>/akhiri/",
        "/petugas/wewenang/dukungan/{access}/akhiri/",
        only(ADMIN, 405),
        only(ADMIN, 302),
    ),
    ("petugas/wewenang/aplikasi/", "/petugas/wewenang/aplikasi/", *page_for(ADMIN)),
    ("petugas/wewenang/aplikasi/baru/", "/petugas/wewenang/aplikasi/baru/", *form_for(ADMIN)),
    (
        "petugas/wewenang/aplikasi/<int:client>/akhiri/",
        "/petugas/wewenang/aplikasi/999999999999999999999/akhiri/",
        only(ADMIN, 405),
        only(NONE, 404),
    ),
    ("petugas/persiapan/", "/petugas/persiapan/", only(ADMIN, 200), only(ADMIN, 200)),
    ("petugas/persiapan/surel/", "/petugas/persiapan/surel/", only(ADMIN, 405), only(ADMIN, 302)),
    ("petugas/persiapan/<str:table>/", "/petugas/persiapan/petugas/", *form_for(ADMIN)),
    ("petugas/persiapan/<str:table>/", "/petugas/persiapan/lain/", *form_for(NONE)),
    (
        "petugas/persiapan/<str:table>/contoh.<str:form>",
        "/petugas/persiapan/rtrw/contoh.xlsx",
        only(ADMIN, 200),
        only(ADMIN, 200),
    ),
    ("petugas/instansi/", "/petugas/instansi/", *page_for(COORDINATOR | ADMIN)),
    ("petugas/instansi/<int:body>/", "/petugas/instansi/0/", *NO_PAGE),
    ("petugas/wewenang/kantor/", "/petugas/wewenang/kantor/", only(HEADS, 200), only(HEADS, 303)),
    ("petugas/laporan/", "/petugas/laporan/", only(OFFICERS, 302), only(OFFICERS, 405)),
    (
        "petugas/kewenangan/riwayat/",
        "/petugas/kewenangan/riwayat/",
        only(OFFICERS, 302),
        only(OFFICERS, 405),
    ),
    ("petugas/wewenang/akun/", "/petugas/wewenang/akun/", only(WITH_POWERS, 302), only(WITH_POWERS, 405)),
    ("petugas/persiapan/uji/", "/petugas/persiapan/uji/", *form_for(ADMIN)),
    (
        "petugas/persiapan/<str:table>/sekarang.<str:form>",
        "/petugas/persiapan/kategori/sekarang.csv",
        only(ADMIN, 200),
        only(ADMIN, 200),
    ),
    (
        "petugas/persiapan/<str:table>/terapkan/<uuid:upload>/",
        "/petugas/persiapan/rtrw/terapkan/{photo}/",
        only(ADMIN, 302),
        only(ADMIN, 302),
    ),
    ("petugas/putaran/", "/petugas/putaran/", *page_for(COMPLETES)),
    # An empty form names no case.
    ("petugas/putaran/kirim/", "/petugas/putaran/kirim/", only(COMPLETES, 405), only(NONE, 404)),
    ("petugas/tinjauan/", "/petugas/tinjauan/", *page_for(LOOKS)),
    ("petugas/tinjauan/<int:look>/", "/petugas/tinjauan/1/", *NO_PAGE),
    ("petugas/tinjauan/keberatan/<int:appeal>/", "/petugas/tinjauan/keberatan/1/", *NO_PAGE),
    (
        "petugas/laporan/<str:number>/regu/",
        "/petugas/laporan/{published}/regu/",
        only(OWN_OFFICE, 200),
        only(NONE, 404),
    ),
    ("petugas/laporan/<str:number>/regu/", "/petugas/laporan/{conduct}/regu/", *NO_PAGE),
    (
        "petugas/laporan/<str:number>/surat.pdf",
        "/petugas/laporan/{published}/surat.pdf",
        only(frozenset(), 404),
        only(OFFICERS, 405),
    ),
    (
        "petugas/laporan/<str:number>/foto/<uuid:photo>/",
        "/petugas/laporan/{fresh}/foto/{photo}/",
        *form_for(OWN_OFFICE | COORDINATOR),
    ),
    (
        "petugas/laporan/<str:number>/samaran/",
        "/petugas/laporan/{published}/samaran/",
        only(OWN_OFFICE | COORDINATOR, 200),
        only(OWN_OFFICE | COORDINATOR, 302),
    ),
    (
        "petugas/laporan/<str:number>/kategori/",
        "/petugas/laporan/{published}/kategori/",
        *form_for(OWN_OFFICE | COORDINATOR),
    ),
    # An empty form was made at no moment: whoever sees the case is told that it may have changed.
    (
        "petugas/laporan/<str:number>/<str:verb>/",
        "/petugas/laporan/{published}/catat/",
        only(SEES_THE_CASE, 302),
        only(SEES_THE_CASE, 409),
    ),
    (
        "petugas/laporan/<str:number>/<str:verb>/",
        "/petugas/laporan/{conduct}/catat/",
        only(frozenset({"inspektur"}), 302),
        only(frozenset({"inspektur"}), 409),
    ),
    (
        "petugas/laporan/<str:number>/<str:verb>/",
        "/petugas/laporan/{published}/identitas/",
        only(SEES_THE_CASE, 302),
        only(OWN_OFFICE | {"koordinator"}, 200),
    ),
    (
        "petugas/laporan/<str:number>/<str:verb>/",
        "/petugas/laporan/{anonymous}/identitas/",
        only(SEES_THE_CASE, 302),
        only(frozenset({"koordinator"}), 200),
    ),
    (
        "petugas/laporan/<str:number>/<str:verb>/",
        "/petugas/laporan/{published}/hapus/",
        only(SEES_THE_CASE, 302),
        only(frozenset(), 404),
    ),
    ("mitra/", "/mitra/", *PUBLIC),
    ("mitra/jejaring/", "/mitra/jejaring/", *PUBLIC),
    ("mitra/<slug:slug>/", "/mitra/{partner}/", *PUBLIC),
    ("mitra/<slug:slug>/", "/mitra/tidak-ada/", everyone(404), everyone(405)),
    ("mitra/daftar/", "/mitra/daftar/", mixed(nobody=302, signed_in=200), mixed(nobody=302, signed_in=422)),
    ("mitra/saya/", "/mitra/saya/", mixed(nobody=302, signed_in=200), mixed(nobody=302, signed_in=405)),
    (
        "mitra/undangan/<str:key>/",
        "/mitra/undangan/{forged}/",
        everyone(404),
        everyone(404),
    ),
    (
        "mitra/<slug:slug>/gabung/",
        "/mitra/{known}/gabung/",
        mixed(nobody=302, signed_in=200),
        mixed(nobody=302, signed_in=422),
    ),
    (
        "mitra/<slug:slug>/keluar/",
        "/mitra/{partner}/keluar/",
        mixed(nobody=302, signed_in=405),
        only(FOUNDER | {"kasi", "ketua_rt"}, 302),
    ),
    # To vouch one speaks for a verified partner; of the scene's nobody does for another.
    (
        "mitra/<slug:slug>/jaminan/",
        "/mitra/{partner}/jaminan/",
        mixed(nobody=302, signed_in=404),
        mixed(nobody=302, signed_in=404),
    ),
    (
        "mitra/<slug:slug>/kelola/",
        "/mitra/{known}/kelola/",
        only(FOUNDER, 200),
        mixed(nobody=302, signed_in=405),
    ),
    ("mitra/<slug:slug>/kelola/profil/", "/mitra/{known}/kelola/profil/", *form_for(FOUNDER)),
    ("mitra/<slug:slug>/kelola/orang/", "/mitra/{known}/kelola/orang/", *form_for(FOUNDER)),
    (
        "mitra/<slug:slug>/kelola/orang/<int:member>/",
        "/mitra/{partner}/kelola/orang/{member}/",
        mixed(nobody=302, signed_in=405),
        only(FOUNDER, 302),
    ),
    (
        "mitra/<slug:slug>/kelola/orang/<int:member>/",
        "/mitra/{known}/kelola/orang/{member}/",
        mixed(nobody=302, signed_in=405),
        mixed(nobody=302, signed_in=404),
    ),
    (
        "mitra/<slug:slug>/kelola/undangan/<int:invitation>/",
        "/mitra/{partner}/kelola/undangan/{invited}/",
        mixed(nobody=302, signed_in=405),
        only(FOUNDER, 302),
    ),
    ("mitra/<slug:slug>/kelola/dokumen/", "/mitra/{partner}/kelola/dokumen/", *form_for(FOUNDER)),
    (
        "mitra/<slug:slug>/kelola/dokumen/<int:document>/",
        "/mitra/{partner}/kelola/dokumen/{paper}/",
        mixed(nobody=302, signed_in=405),
        only(FOUNDER, 302),
    ),
    (
        "mitra/<slug:slug>/kelola/verifikasi/",
        "/mitra/{partner}/kelola/verifikasi/",
        mixed(nobody=302, signed_in=405),
        only(FOUNDER, 302),
    ),
    ("mitra/<slug:slug>/kelola/tutup/", "/mitra/{known}/kelola/tutup/", *form_for(FOUNDER)),
    ("petugas/mitra/", "/petugas/mitra/", *page_for(PARTNERSHIP)),
    ("petugas/mitra/gabungan/", "/petugas/mitra/gabungan/", only(PARTNERSHIP, 302), only(PARTNERSHIP, 405)),
    ("petugas/mitra/baru/", "/petugas/mitra/baru/", *form_for(PARTNERSHIP)),
    ("petugas/mitra/lembaga/", "/petugas/mitra/lembaga/", *form_for(PARTNERSHIP)),
    ("petugas/mitra/impor/", "/petugas/mitra/impor/", *form_for(PARTNERSHIP)),
    (
        "petugas/mitra/impor/contoh.<str:form>",
        "/petugas/mitra/impor/contoh.csv",
        only(PARTNERSHIP, 200),
        only(PARTNERSHIP, 200),
    ),
    ("petugas/mitra/impor/<uuid:uuid>/", "/petugas/mitra/impor/{photo}/", *NO_PAGE),
    (
        "petugas/mitra/gabungan/<int:merge>/batal/",
        "/petugas/mitra/gabungan/{merge}/batal/",
        only(PARTNERSHIP, 405),
        only(PARTNERSHIP, 302),
    ),
    ("petugas/mitra/<uuid:uuid>/", "/petugas/mitra/{partner_id}/", *page_for(PARTNERSHIP)),
    ("petugas/mitra/<uuid:uuid>/profil/", "/petugas/mitra/{partner_id}/profil/", *form_for(PARTNERSHIP)),
    ("petugas/mitra/<uuid:uuid>/<str:act>/", "/petugas/mitra/{partner_id}/nonaktif/", *form_for(PARTNERSHIP)),
    ("petugas/mitra/<uuid:uuid>/<str:act>/", "/petugas/mitra/{partner_id}/lain/", *NO_PAGE),
    ("forum/", "/forum/", *PUBLIC),
    ("forum/<slug:slug>/", "/forum/{forum}/", *PUBLIC),
    ("forum/<slug:slug>/keputusan/<int:year>/", "/forum/{forum}/keputusan/2026/", *PUBLIC),
    ("petugas/forum/", "/petugas/forum/", *page_for(PARTNERSHIP)),
    ("petugas/forum/baru/", "/petugas/forum/baru/", *form_for(PARTNERSHIP)),
    ("petugas/forum/<slug:slug>/", "/petugas/forum/{forum}/", *page_for(PARTNERSHIP)),
    *(
        (f"petugas/forum/<slug:slug>/{part}/", f"/petugas/forum/{{forum}}/{path}/", *form_for(PARTNERSHIP))
        for part, path in (
            ("ubah", "ubah"),
            ("akhiri", "akhiri"),
            ("anggota/baru", "anggota/baru"),
            ("anggota/<int:key>", "anggota/{seat}"),
        )
    ),
    ("rapat/<uuid:uuid>/", "/rapat/{meeting}/", *PUBLIC),
    ("rapat/<uuid:uuid>/rapat.ics", "/rapat/{meeting}/rapat.ics", *PUBLIC),
    ("rapat/kalender/<str:subject>.ics", "/rapat/kalender/{forum_subject}.ics", *PUBLIC),
    ("rapat/tindak-lanjut/<uuid:uuid>/", "/rapat/tindak-lanjut/{task}/", *PUBLIC),
    (
        "rapat/tindak-lanjut/<uuid:uuid>/jawab/",
        "/rapat/tindak-lanjut/{task}/jawab/",
        *form_for(PARTNERSHIP | FOUNDER),
    ),
    ("rapat/baru/<str:subject>/", "/rapat/baru/{forum_subject}/", *form_for(PARTNERSHIP)),
    ("rapat/<uuid:uuid>/kelola/", "/rapat/{meeting}/kelola/", *form_for(PARTNERSHIP)),
    ("percakapan/", "/percakapan/", *PUBLIC),
    ("percakapan/tentang/<str:subject>/", "/percakapan/tentang/{forum_subject}/", *PUBLIC),
    ("percakapan/<uuid:uuid>/", "/percakapan/{thread}/", *PUBLIC),
    (
        "percakapan/baru/<str:subject>/",
        "/percakapan/baru/{forum_subject}/",
        mixed(nobody=302, signed_in=200),
        mixed(nobody=302, signed_in=422),
    ),
    (
        "percakapan/<uuid:uuid>/tulis/",
        "/percakapan/{thread}/tulis/",
        mixed(nobody=302, signed_in=405),
        mixed(nobody=302, signed_in=422),
    ),
    (
        "percakapan/<uuid:uuid>/ikuti/",
        "/percakapan/{thread}/ikuti/",
        mixed(nobody=302, signed_in=405),
        everyone(302),
    ),
    (
        "percakapan/pesan/<int:key>/",
        "/percakapan/pesan/{post}/",
        mixed(nobody=302, signed_in=200),
        mixed(nobody=302, signed_in=422),
    ),
    ("percakapan/berhenti/<str:key>/", "/percakapan/berhenti/{forged}/", everyone(404), everyone(404)),
    ("petugas/percakapan/", "/petugas/percakapan/", *page_for(MODERATORS)),
    ("kebutuhan/", "/kebutuhan/", *PUBLIC),
    ("tawaran/", "/tawaran/", *PUBLIC),
    ("kebutuhan/<str:number>/", "/kebutuhan/{need}/", *PUBLIC),
    ("kebutuhan/<str:number>/", "/kebutuhan/{waiting}/", everyone(404), everyone(405)),
    (
        "kebutuhan/baru/",
        "/kebutuhan/baru/?mitra={known}",
        mixed(nobody=302, signed_in=200),
        {**mixed(nobody=302, signed_in=200), "warga": 422},
    ),
    ("kebutuhan/ajakan/<uuid:uuid>/", "/kebutuhan/ajakan/{question}/", *form_for(FOUNDER)),
    (
        "kebutuhan/<str:number>/kelola/",
        "/kebutuhan/{waiting}/kelola/",
        only(FOUNDER, 200),
        mixed(nobody=302, signed_in=405),
    ),
    ("kebutuhan/<str:number>/kelola/ubah/", "/kebutuhan/{shared}/kelola/ubah/", *form_for(FOUNDER)),
    (
        "kebutuhan/<str:number>/kelola/ajak/",
        "/kebutuhan/{shared}/kelola/ajak/?tawaran={offer}",
        *form_for(FOUNDER),
    ),
    ("kebutuhan/<str:number>/kelola/<str:act>/", "/kebutuhan/{shared}/kelola/tarik/", *form_for(FOUNDER)),
    ("kebutuhan/<str:number>/kelola/<str:act>/", "/kebutuhan/{need}/kelola/tarik/", *NO_PAGE),
    ("kebutuhan/<str:number>/kelola/<str:act>/", "/kebutuhan/{waiting}/kelola/terima/", *NO_PAGE),
    ("tawaran/saya/", "/tawaran/saya/", mixed(nobody=302, signed_in=200), mixed(nobody=302, signed_in=405)),
    ("tawaran/baru/", "/tawaran/baru/", mixed(nobody=302, signed_in=200), mixed(nobody=302, signed_in=422)),
    ("tawaran/<uuid:uuid>/", "/tawaran/{offer}/", *form_for(frozenset({"ketua_rt"}))),
    (
        "tawaran/<uuid:uuid>/<str:act>/",
        "/tawaran/{offer}/perbarui/",
        mixed(nobody=302, signed_in=405),
        only(frozenset({"ketua_rt"}), 302),
    ),
    ("petugas/kebutuhan/", "/petugas/kebutuhan/", *page_for(MODERATORS)),
    ("petugas/kebutuhan/baru/", "/petugas/kebutuhan/baru/?laporan={published}", *form_for(MODERATORS)),
    ("petugas/kebutuhan/laporan/", "/petugas/kebutuhan/laporan/", *page_for(MODERATORS)),
    (
        "petugas/kebutuhan/tawaran/<uuid:uuid>/akhiri/",
        "/petugas/kebutuhan/tawaran/{offer}/akhiri/",
        *form_for(PARTNERSHIP),
    ),
    (
        "petugas/kebutuhan/<str:number>/",
        "/petugas/kebutuhan/{need}/",
        only(OWN_OFFICE, 200),
        only(MODERATORS, 405),
    ),
    ("petugas/kebutuhan/<str:number>/", "/petugas/kebutuhan/{waiting}/", *page_for(MODERATORS)),
    ("petugas/kebutuhan/<str:number>/ubah/", "/petugas/kebutuhan/{need}/ubah/", *form_for(OWN_OFFICE)),
    (
        "petugas/kebutuhan/<str:number>/ajak/",
        "/petugas/kebutuhan/{need}/ajak/?tawaran={offer}",
        *form_for(OWN_OFFICE),
    ),
    ("petugas/kebutuhan/<str:number>/<str:act>/", "/petugas/kebutuhan/{need}/tarik/", *form_for(OWN_OFFICE)),
    (
        "petugas/kebutuhan/<str:number>/<str:act>/",
        "/petugas/kebutuhan/{waiting}/kembalikan/",
        *form_for(MODERATORS),
    ),
    ("prakarsa/", "/prakarsa/", *PUBLIC),
    ("prakarsa/<slug:slug>/", "/prakarsa/{initiative}/", *PUBLIC),
    (
        "prakarsa/<slug:slug>/",
        "/prakarsa/{draft}/",
        {**everyone(404), **dict.fromkeys(OWN_OFFICE | FOUNDER, 200)},
        everyone(405),
    ),
    ("prakarsa/baru/", "/prakarsa/baru/", mixed(nobody=302, signed_in=200), BEGINS),
    ("prakarsa/saya/", "/prakarsa/saya/", mixed(nobody=302, signed_in=200), mixed(nobody=302, signed_in=405)),
    (
        "prakarsa/saya/<uuid:pledge>/",
        "/prakarsa/saya/{pledge}/",
        only(FOUNDER, 200),
        mixed(nobody=302, signed_in=405),
    ),
    ("prakarsa/saya/<uuid:pledge>/<slug:verb>/", "/prakarsa/saya/{pledge}/serahkan/", *form_for(FOUNDER)),
    (
        "prakarsa/janji/<uuid:line>/",
        "/prakarsa/janji/{line}/",
        mixed(nobody=302, signed_in=200),
        mixed(nobody=302, signed_in=422),
    ),
    ("prakarsa/tugas/<uuid:task>/", "/prakarsa/tugas/{work}/", *form_for(OWN_OFFICE)),
    ("prakarsa/terima/<str:key>/", "/prakarsa/terima/{forged}/", everyone(404), everyone(404)),
    (
        "prakarsa/<slug:slug>/jawab/",
        "/prakarsa/{initiative}/jawab/",
        mixed(nobody=302, signed_in=405),
        mixed(nobody=302, signed_in=404),
    ),
    (
        "prakarsa/<slug:slug>/kelola/",
        "/prakarsa/{draft}/kelola/",
        only(FOUNDER, 200),
        mixed(nobody=302, signed_in=405),
    ),
    ("prakarsa/<slug:slug>/kelola/<slug:verb>/", "/prakarsa/{draft}/kelola/kebutuhan/", *form_for(FOUNDER)),
    ("prakarsa/data/", "/prakarsa/data/", *PUBLIC),
    ("prakarsa/data/<slug:table>.<str:form>", "/prakarsa/data/janji.csv", *PUBLIC),
    ("prakarsa/data/<slug:table>.<str:form>", "/prakarsa/data/janji.xml", everyone(404), everyone(405)),
    ("prakarsa/<slug:slug>/kartu/", "/prakarsa/{initiative}/kartu/", *PUBLIC),
    ("prakarsa/<slug:slug>/kartu/", "/prakarsa/{draft}/kartu/", everyone(404), everyone(405)),
    ("prakarsa/<slug:slug>/kalender.ics", "/prakarsa/{initiative}/kalender.ics", *PUBLIC),
    ("prakarsa/<slug:slug>/kalender.ics", "/prakarsa/{draft}/kalender.ics", everyone(404), everyone(405)),
    ("wilayah/<str:code>/gotong-royong.ics", "/wilayah/{place}/gotong-royong.ics", *PUBLIC),
    (
        "prakarsa/mitra/<slug:slug>/tjsl/",
        "/prakarsa/mitra/{known}/tjsl/",
        only(FOUNDER, 200),
        mixed(nobody=302, signed_in=405),
    ),
    # Nothing was taken on for it in any year.
    ("prakarsa/mitra/<slug:slug>/tjsl/<int:year>/", "/prakarsa/mitra/{known}/tjsl/2026/", *NO_PAGE),
    (
        "prakarsa/sertifikat/",
        "/prakarsa/sertifikat/",
        mixed(nobody=302, signed_in=200),
        mixed(nobody=302, signed_in=404),
    ),
    ("prakarsa/surat/<str:key>/", "/prakarsa/surat/{forged}/", everyone(404), everyone(405)),
    (
        "prakarsa/surat/<str:key>/berkas.pdf",
        "/prakarsa/surat/{forged}/berkas.pdf",
        mixed(nobody=302, signed_in=404),
        mixed(nobody=302, signed_in=405),
    ),
    *(
        row
        for pattern, path, own in (
            ("petugas/prakarsa/rekening/<int:office>/", "/petugas/prakarsa/rekening/{office}/", OWN_OFFICE),
            ("prakarsa/rekening/<slug:slug>/", "/prakarsa/rekening/{known}/", FOUNDER),
        )
        for row in (
            (pattern, path, *page_for(own)),
            (f"{pattern}kolom/", f"{path}kolom/", *form_for(own)),
            # To where the headings are said first.
            (f"{pattern}kirim/", f"{path}kirim/", only(own, 302), only(own, 302)),
            (f"{pattern}cocokkan/", f"{path}cocokkan/", only(own, 405), only(own, 302)),
            (f"{pattern}periksa/<uuid:draft>/", f"{path}periksa/{{photo}}/", *NO_PAGE),
            (f"{pattern}batal/<uuid:match>/", f"{path}batal/{{photo}}/", *NO_PAGE),
        )
    ),
    ("petugas/prakarsa/", "/petugas/prakarsa/", *page_for(MODERATORS)),
    ("petugas/prakarsa/baru/", "/petugas/prakarsa/baru/", *form_for(MODERATORS)),
    ("petugas/prakarsa/templat/", "/petugas/prakarsa/templat/", *form_for(MODERATORS)),
    ("petugas/prakarsa/kasus/<uuid:case>/", "/petugas/prakarsa/kasus/{joinable}/", *form_for(OWN_OFFICE)),
    (
        "petugas/prakarsa/janji/<uuid:pledge>/",
        "/petugas/prakarsa/janji/{pledge}/",
        only(OWN_OFFICE, 200),
        only(OWN_OFFICE, 302),
    ),
    (
        "petugas/prakarsa/<slug:slug>/",
        "/petugas/prakarsa/{initiative}/",
        only(OWN_OFFICE, 200),
        only(MODERATORS, 405),
    ),
    (
        "petugas/prakarsa/<slug:slug>/laporan/",
        "/petugas/prakarsa/{initiative}/laporan/",
        *form_for(MODERATORS),
    ),
    (
        "petugas/prakarsa/<slug:slug>/persetujuan/",
        "/petugas/prakarsa/{draft}/persetujuan/",
        *form_for(OWN_OFFICE),
    ),
    (
        "petugas/prakarsa/<slug:slug>/<slug:verb>/",
        "/petugas/prakarsa/{initiative}/kabar/",
        *form_for(OWN_OFFICE),
    ),
]


def filled(path: str, scene) -> str:
    """An address of the table with what stands in the scene; that is looked up once for all of a test's addresses."""
    scene.words = scene.words or words_of(scene)
    return path.format(**scene.words)


def words_of(scene) -> dict[str, object]:
    return dict(
        photo=scene.photo,
        key=scene.key("fresh"),
        forged=f"{scene.report('fresh').uuid.hex}-{'A' * 22}",
        crew=scene.crew(),
        follower=scene.follower,
        place=scene.people.place,
        template=AnswerTemplate.objects.filter(office=None).first().pk,
        grant=Grant.objects.get(account__email__startswith="seklur@", kind="DELEGATION").pk,
        account=scene.people["kasi"].account,
        access=scene.access,
        partner=scene.partner.slug,
        partner_id=scene.partner.uuid,
        known=scene.known,
        invitation=scene.invitation,
        member=scene.member,
        invited=scene.invited,
        paper=scene.paper,
        merge=scene.merge,
        change=scene.change,
        need=scene.need,
        shared=scene.shared,
        waiting=scene.waiting,
        offer=scene.offer,
        question=scene.question,
        warning=scene.warning,
        cap=scene.cap,
        **scene.forum,
        **scene.incident,
        **scene.initiative,
        **scene.flood,
        ceiling=scene.ceiling,
        activity=scene.activity,
        step=scene.step,
        agreement=scene.agreement,
        agreed=scene.agreed,
        paper_draft=scene.paper_draft,
        paper_party=scene.paper_party,
        paper_duty=scene.paper_duty,
        sensor=scene.sensor,
        desk_sensor=scene.desk_sensor,
        value=scene.value,
        year=timezone.localdate().year,
        **{name: scene.number(name) for name in scene.reports},
    )


FILLED = {
    "words": "Sudah dikerjakan kemarin sore.",
    "reason": "Bukan wewenang kantor kami.",
    "code": "bukan-wewenang",
    "public_body": "Yang dibaca umum.",
    "decision": "setuju",
    "month": "2027-03",
}


def test_the_table_knows_every_route():
    known = {where for where, *_ in TABLE}
    assert {where for where, _ in routes(get_resolver())} == known


@pytest.mark.parametrize("person", PERSONS)
def test_every_route_lets_in_whom_the_table_says(scene, person):
    wrong, browser = [], scene.browser(person)
    for _, path, get, post in TABLE:
        address = filled(path, scene)
        for method, wanted in (("GET", get), ("POST", post)):
            found = browser.generic(method, address).status_code
            if found != wanted[person]:
                wrong.append(f"{method} {address}: {found}, not {wanted[person]}")
            if (method, path) == ("POST", "/keluar/"):
                browser = scene.browser(person)
    assert wrong == []


@pytest.mark.parametrize("person", PERSONS)
def test_everyone_may_follow_what_everyone_may_know(scene, person):
    browser = scene.browser(person)
    for name, status in (("published", 200), ("fresh", 200), ("secret", 200), ("conduct", 404)):
        assert browser.get("/mengikuti/", {"laporan": scene.number(name)}).status_code == status, name
    assert browser.get("/mengikuti/", {"wilayah": scene.people.place}).status_code == 200


@pytest.mark.parametrize("person", ["nobody", "warga"])
def test_english_addresses_let_in_the_same(scene, person):
    outside = ("/healthz", "/readyz", "/metrics", "/berkas/", "/ui/", "/pemberitahuan.js", "/lapangan.js")
    browser = scene.browser(person)
    for _, path, get, _ in TABLE:
        if not path.startswith(outside):
            assert browser.get("/en" + filled(path, scene)).status_code == get[person], path


def test_the_desk_is_named_to_nobody_else(scene):
    """Whoever is sent to sign in learns nothing: a report that is there and one that is not answer alike."""
    for number in (scene.number("conduct"), "LAP-2026-999999", "x"):
        assert scene.browser("nobody").get(f"/petugas/laporan/{number}/").status_code == 302
        assert scene.browser("lurah").get(f"/petugas/laporan/{number}/").status_code == 404


def test_probes_tell_the_machine_alone(scene):
    assert Browser().get("/readyz", REMOTE_ADDR="203.0.113.9").status_code == 404


OFFICE_OR_COORDINATOR = OWN_OFFICE | {"koordinator"}
HANDS_OVER = OFFICE_OR_COORDINATOR | {"camat"}
NOTES = HANDS_OVER | {"sekda"}
# Who may do what to a case of the kelurahan's office, by its state; the inspektur of a case on conduct below.
VERBS = {
    "fresh": {
        Verb.DISPOSE: frozenset({"lurah"}),
        Verb.ESCALATE: OWN_OFFICE,
        Verb.VERIFY: OFFICE_OR_COORDINATOR,
        Verb.HAND_OVER: HANDS_OVER,
        Verb.ASK: OFFICE_OR_COORDINATOR,
        Verb.MERGE: OFFICE_OR_COORDINATOR,
        Verb.REJECT: OFFICE_OR_COORDINATOR,
        Verb.NOTE: NOTES,
    },
    "published": {
        Verb.DISPOSE: frozenset({"lurah"}),
        Verb.ESCALATE: OWN_OFFICE,
        Verb.DECIDE: frozenset({"lurah"}),
        Verb.ANSWER: OFFICE_OR_COORDINATOR,
        Verb.COMPLETE: OWN_OFFICE,
        Verb.HAND_OVER: HANDS_OVER,
        Verb.SPLIT: HANDS_OVER,
        Verb.LETTER: OFFICE_OR_COORDINATOR,
        Verb.SEND_OUT: OFFICE_OR_COORDINATOR,
        Verb.ASK: OFFICE_OR_COORDINATOR,
        Verb.SCHEDULE: OFFICE_OR_COORDINATOR,
        Verb.MERGE: OFFICE_OR_COORDINATOR,
        Verb.GATHER: OFFICE_OR_COORDINATOR,
        Verb.REJECT: OFFICE_OR_COORDINATOR,
        Verb.NOTE: NOTES,
    },
    "done": {Verb.NOTE: NOTES, Verb.DISPOSE: frozenset({"lurah"})},
    "rejected": {Verb.NOTE: NOTES},
    "conduct": {verb: frozenset({"inspektur"}) for verb in (Verb.VERIFY, Verb.ASK, Verb.REJECT, Verb.NOTE)},
}


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_is_offered_to_whom_the_table_says(scene, name):
    found = {
        verb: {
            who for who in OFFICERS if verb in access.offered(scene.people[PERSONS[who]], scene.case(name))
        }
        for verb in Verb
    }
    assert {verb: who for verb, who in found.items() if who} == VERBS[name]


@pytest.mark.parametrize("person", ["kasi", "camat", "kepala_opd", "inspektur"])
def test_a_verb_that_is_not_offered_is_no_page(scene, person):
    """With the right stamp, so that nothing but the person and the state can stand in the way."""
    browser = scene.browser(person)
    for name, allowed in VERBS.items():
        before = scene.case(name)
        for verb in Verb:
            if person not in allowed.get(verb, NONE):
                sent = {"stamp": before.updated_at.isoformat(), **FILLED}
                answer = browser.post(f"/petugas/laporan/{before.number}/{verb}/", sent)
                assert answer.status_code == 404, (name, verb)
        assert scene.case(name).updated_at == before.updated_at
    said = {"stamp": scene.case("published").updated_at.isoformat(), "words": ""}
    answer = browser.post(f"/petugas/laporan/{scene.number('published')}/catat/", said)
    assert answer.status_code == (422 if person in NOTES else 404)

"""The access matrix: every route, for every kind of person. A route that the table does not know fails."""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from guyub.rooms.casework.api import Verb, access
from guyub.rooms.casework.models import AnswerTemplate
from guyub.rooms.people.models import Grant
from tests.architecture.test_house import routes
from tests.security.conftest import PERSONS, Browser

pytestmark = pytest.mark.django_db

ALL = frozenset(PERSONS)
RESIDENTS = frozenset({"warga", "ketua_rt", "dukungan"})
ADMIN = frozenset({"admin_kota"})
WITH_POWERS = ALL - RESIDENTS - {"nobody"}
OFFICERS = WITH_POWERS - ADMIN
HEADS = frozenset({"lurah", "camat", "kepala_opd", "inspektur", "sekda"})
OWN_OFFICE = frozenset({"lurah", "kasi"})
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


NONE: frozenset[str] = frozenset()
PUBLIC = (everyone(200), everyone(405))
SAFE_DESK = (only(OFFICERS, 200), only(OFFICERS, 405))
MEETS = frozenset({"camat", "koordinator", "sekda"})
LEADS = frozenset({"koordinator", "sekda"})
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
    ("kiriman/laporan.json", "/kiriman/laporan.json", everyone(405), everyone(403)),
    ("open311/<path:rest>", "/open311/v3/", everyone(404), everyone(404)),
    ("panduan/", "/panduan/", *PUBLIC),
    ("panduan/<slug:role>/", "/panduan/lurah/", *PUBLIC),
    ("bukti/", "/bukti/", *PUBLIC),
    ("bukti/undian/", "/bukti/undian/", *PUBLIC),
    ("bukti/undian/<int:seal>.json", "/bukti/undian/1.json", everyone(404), everyone(405)),
    ("bukti/<int:number>.json", "/bukti/1.json", everyone(404), everyone(405)),
    ("kinerja/", "/kinerja/", *PUBLIC),
    ("kinerja/cara-hitung/", "/kinerja/cara-hitung/", *PUBLIC),
    ("kinerja/laporan/", "/kinerja/laporan/?angka=masuk", *PUBLIC),
    ("kinerja/angka.csv", "/kinerja/angka.csv", *PUBLIC),
    ("kinerja/angka.json", "/kinerja/angka.json", *PUBLIC),
    ("kinerja/<slug:kind>/<str:code>/", "/kinerja/wilayah/32.73.02/", *PUBLIC),
    (
        "kinerja/<slug:kind>/<str:code>/laporan/",
        "/kinerja/kategori/sampah/laporan/?angka=terlambat",
        *PUBLIC,
    ),
    ("kinerja/<slug:kind>/<str:code>/angka.csv", "/kinerja/wilayah/32.73.02/angka.csv", *PUBLIC),
    ("kinerja/<slug:kind>/<str:code>/angka.json", "/kinerja/wilayah/32.73.02/angka.json", *PUBLIC),
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
    ("laporan/ikuti/<str:key>/data.zip", "/laporan/ikuti/{key}/data.zip", everyone(200), everyone(405)),
    ("laporan/ikuti/<str:key>/data.zip", "/laporan/ikuti/{forged}/data.zip", everyone(404), everyone(405)),
    ("akun/data/", "/akun/data/", mixed(nobody=302, signed_in=200), mixed(nobody=302, signed_in=422)),
    ("akun/data.zip", "/akun/data.zip", mixed(nobody=302, signed_in=200), mixed(nobody=302, signed_in=405)),
    ("data-pribadi/", "/data-pribadi/", *PUBLIC),
    ("petugas/data-pribadi/", "/petugas/data-pribadi/", only(DECIDES_DATA, 200), only(DECIDES_DATA, 405)),
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
    ("petugas/loket/", "/petugas/loket/", only(VERIFIERS, 200), only(VERIFIERS, 422)),
    ("petugas/loket/dekat/", "/petugas/loket/dekat/", only(VERIFIERS, 405), only(VERIFIERS, 204)),
    (
        "petugas/loket/tanda-terima/",
        "/petugas/loket/tanda-terima/",
        only(VERIFIERS, 302),
        only(VERIFIERS, 405),
    ),
    (
        "petugas/loket/tanda-terima/<uuid:draft>/",
        "/petugas/loket/tanda-terima/{photo}/",
        only(NONE, 404),
        only(NONE, 404),
    ),
    ("petugas/lapor/", "/petugas/lapor/", only(COORDINATOR, 200), only(COORDINATOR, 422)),
    ("petugas/lapor/simpan/", "/petugas/lapor/simpan/", only(COORDINATOR, 405), only(COORDINATOR, 422)),
    ("petugas/lapor/berkas/", "/petugas/lapor/berkas/", only(COORDINATOR, 405), only(COORDINATOR, 422)),
    (
        "petugas/lapor/berkas/<uuid:draft>/",
        "/petugas/lapor/berkas/{photo}/",
        only(frozenset(), 404),
        only(frozenset(), 404),
    ),
    (
        "petugas/lapor/belum-disalin/",
        "/petugas/lapor/belum-disalin/",
        only(COORDINATOR | {"inspektur"}, 200),
        only(COORDINATOR | {"inspektur"}, 405),
    ),
    (
        "petugas/lapor/belum-disalin.csv",
        "/petugas/lapor/belum-disalin.csv",
        only(COORDINATOR | {"inspektur"}, 200),
        only(COORDINATOR | {"inspektur"}, 405),
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
    ("petugas/", "/petugas/", only(OFFICERS, 200), only(OFFICERS, 200)),
    ("petugas/menu/", "/petugas/menu/", only(WITH_POWERS, 200), only(WITH_POWERS, 405)),
    ("petugas/semua/", "/petugas/semua/", only(OFFICERS, 200), only(OFFICERS, 200)),
    ("petugas/peta/", "/petugas/peta/", *SAFE_DESK),
    ("petugas/peta.json", "/petugas/peta.json", *SAFE_DESK),
    ("petugas/tampilan/", "/petugas/tampilan/", only(OFFICERS, 200), only(NONE, 404)),
    ("petugas/tampilan/<int:view>/", "/petugas/tampilan/1/", only(NONE, 404), only(NONE, 404)),
    # An empty form names no act; nobody has made this batch.
    ("petugas/sekaligus/", "/petugas/sekaligus/", only(OFFICERS, 302), only(NONE, 404)),
    ("petugas/sekaligus/lakukan/", "/petugas/sekaligus/lakukan/", only(OFFICERS, 302), only(NONE, 404)),
    ("petugas/sekaligus/<uuid:batch>/", "/petugas/sekaligus/{photo}/", only(NONE, 404), only(NONE, 404)),
    ("petugas/semua/unduh/", "/petugas/semua/unduh/", *SAFE_DESK),
    ("petugas/semua/unduh.csv", "/petugas/semua/unduh.csv", *SAFE_DESK),
    ("petugas/semua/unduh.geojson", "/petugas/semua/unduh.geojson", *SAFE_DESK),
    ("petugas/lembar/", "/petugas/lembar/", *SAFE_DESK),
    ("petugas/lembar/apel/", "/petugas/lembar/apel/", *SAFE_DESK),
    ("petugas/lembar/rapat/", "/petugas/lembar/rapat/", only(MEETS, 200), only(MEETS, 405)),
    ("petugas/lembar/rapim/", "/petugas/lembar/rapim/", only(LEADS, 200), only(LEADS, 405)),
    # An empty form names no officer.
    ("petugas/lembar/kinerja/", "/petugas/lembar/kinerja/", only(OFFICERS, 200), only(NONE, 404)),
    ("petugas/templat/", "/petugas/templat/", only(OFFICERS, 200), only(OFFICERS, 200)),
    ("petugas/templat/baru/", "/petugas/templat/baru/", only(ANSWERS, 200), only(ANSWERS, 422)),
    (
        "petugas/templat/<int:template>/",
        "/petugas/templat/{template}/",
        only(frozenset({"koordinator"}), 200),
        only(frozenset({"koordinator"}), 422),
    ),
    (
        "petugas/templat/<int:template>/hapus/",
        "/petugas/templat/999999999999999999999/hapus/",
        only(NONE, 404),
        only(NONE, 404),
    ),
    ("petugas/disposisi/", "/petugas/disposisi/", only(DISPOSERS, 200), only(DISPOSERS, 422)),
    (
        "petugas/disposisi/<int:standing>/akhiri/",
        "/petugas/disposisi/0/akhiri/",
        only(DISPOSERS, 405),
        only(frozenset(), 404),
    ),
    ("petugas/kewenangan/", "/petugas/kewenangan/", only(OFFICERS, 200), only(OFFICERS, 405)),
    (
        "petugas/kewenangan/tabel.csv",
        "/petugas/kewenangan/tabel.csv",
        only(OFFICERS, 200),
        only(OFFICERS, 405),
    ),
    (
        "petugas/kewenangan/riwayat/<str:category>/",
        "/petugas/kewenangan/riwayat/sampah/",
        only(OFFICERS, 200),
        only(OFFICERS, 405),
    ),
    ("petugas/kewenangan/usul/", "/petugas/kewenangan/usul/", only(EDITORS, 200), only(EDITORS, 422)),
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
    ("petugas/wewenang/limpahkan/", "/petugas/wewenang/limpahkan/", only(HEADS, 200), only(HEADS, 422)),
    ("petugas/wewenang/beri/", "/petugas/wewenang/beri/", only(ADMIN, 200), only(ADMIN, 422)),
    ("petugas/wewenang/kota/", "/petugas/wewenang/kota/", only(ADMIN, 200), only(ADMIN, 200)),
    (
        "petugas/wewenang/<int:grant>/akhiri/",
        "/petugas/wewenang/{grant}/akhiri/",
        only(ADMIN | {"lurah"}, 200),
        only(ADMIN | {"lurah"}, 422),
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
        only(ADMIN, 200),
        only(ADMIN, 422),
    ),
    (
        "petugas/wewenang/akun/<int:account>/faktor/",
        "/petugas/wewenang/akun/{account}/faktor/",
        only(ADMIN, 200),
        only(ADMIN, 422),
    ),
    ("petugas/wewenang/dukungan/", "/petugas/wewenang/dukungan/", only(ADMIN, 200), only(ADMIN, 200)),
    (
        "petugas/wewenang/dukungan/buka/",
        "/petugas/wewenang/dukungan/buka/",
        only(ADMIN, 200),
        only(ADMIN, 422),
    ),
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
    ("petugas/wewenang/aplikasi/", "/petugas/wewenang/aplikasi/", only(ADMIN, 200), only(ADMIN, 405)),
    (
        "petugas/wewenang/aplikasi/baru/",
        "/petugas/wewenang/aplikasi/baru/",
        only(ADMIN, 200),
        only(ADMIN, 422),
    ),
    (
        "petugas/wewenang/aplikasi/<int:client>/akhiri/",
        "/petugas/wewenang/aplikasi/999999999999999999999/akhiri/",
        only(ADMIN, 405),
        only(NONE, 404),
    ),
    ("petugas/persiapan/", "/petugas/persiapan/", only(ADMIN, 200), only(ADMIN, 200)),
    ("petugas/persiapan/surel/", "/petugas/persiapan/surel/", only(ADMIN, 405), only(ADMIN, 302)),
    (
        "petugas/persiapan/<str:table>/",
        "/petugas/persiapan/petugas/",
        only(ADMIN, 200),
        only(ADMIN, 422),
    ),
    (
        "petugas/persiapan/<str:table>/",
        "/petugas/persiapan/lain/",
        only(NONE, 200),
        only(NONE, 422),
    ),
    (
        "petugas/persiapan/<str:table>/contoh.<str:form>",
        "/petugas/persiapan/rtrw/contoh.xlsx",
        only(ADMIN, 200),
        only(ADMIN, 200),
    ),
    (
        "petugas/instansi/",
        "/petugas/instansi/",
        only(COORDINATOR | ADMIN, 200),
        only(COORDINATOR | ADMIN, 405),
    ),
    ("petugas/instansi/<int:body>/", "/petugas/instansi/0/", only(NONE, 404), only(NONE, 404)),
    ("petugas/wewenang/kantor/", "/petugas/wewenang/kantor/", only(HEADS, 200), only(HEADS, 303)),
    ("petugas/laporan/", "/petugas/laporan/", only(OFFICERS, 302), only(OFFICERS, 405)),
    (
        "petugas/kewenangan/riwayat/",
        "/petugas/kewenangan/riwayat/",
        only(OFFICERS, 302),
        only(OFFICERS, 405),
    ),
    ("petugas/wewenang/akun/", "/petugas/wewenang/akun/", only(WITH_POWERS, 302), only(WITH_POWERS, 405)),
    ("petugas/persiapan/uji/", "/petugas/persiapan/uji/", only(ADMIN, 200), only(ADMIN, 422)),
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
    ("petugas/putaran/", "/petugas/putaran/", only(COMPLETES, 200), only(COMPLETES, 405)),
    # An empty form names no case.
    ("petugas/putaran/kirim/", "/petugas/putaran/kirim/", only(COMPLETES, 405), only(NONE, 404)),
    ("petugas/tinjauan/", "/petugas/tinjauan/", only(LOOKS, 200), only(LOOKS, 405)),
    ("petugas/tinjauan/<int:look>/", "/petugas/tinjauan/1/", only(NONE, 404), only(NONE, 404)),
    (
        "petugas/tinjauan/keberatan/<int:appeal>/",
        "/petugas/tinjauan/keberatan/1/",
        only(NONE, 404),
        only(NONE, 404),
    ),
    (
        "petugas/laporan/<str:number>/regu/",
        "/petugas/laporan/{published}/regu/",
        only(OWN_OFFICE, 200),
        only(NONE, 404),
    ),
    (
        "petugas/laporan/<str:number>/regu/",
        "/petugas/laporan/{conduct}/regu/",
        only(NONE, 404),
        only(NONE, 404),
    ),
    (
        "petugas/laporan/<str:number>/surat.pdf",
        "/petugas/laporan/{published}/surat.pdf",
        only(frozenset(), 404),
        only(OFFICERS, 405),
    ),
    (
        "petugas/laporan/<str:number>/foto/<uuid:photo>/",
        "/petugas/laporan/{fresh}/foto/{photo}/",
        only(OWN_OFFICE | COORDINATOR, 200),
        only(OWN_OFFICE | COORDINATOR, 422),
    ),
    (
        "petugas/laporan/<str:number>/samaran/",
        "/petugas/laporan/{published}/samaran/",
        only(OWN_OFFICE | COORDINATOR, 200),
        only(OWN_OFFICE | COORDINATOR, 302),
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
]


def filled(path: str, scene) -> str:
    numbers = {name: scene.number(name) for name in scene.reports}
    return path.format(
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
        change=scene.change,
        **numbers,
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

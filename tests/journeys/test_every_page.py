"""Every page that a link leads to, for each kind of person: it opens, axe finds nothing, a phone shows it whole in
both languages.

Pages are found by following links, one page of each route; so a page that nothing links to is found out too.
"""

from __future__ import annotations

import re
import time
import urllib.request
from collections import deque
from typing import Any
from urllib.parse import urldefrag, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve

from guyub.kernel.access.api import gate_of
from tests.architecture.test_house import routes
from tests.journeys.test_resident_and_office import sign_in

pytestmark = pytest.mark.journey

# Each with where they begin. A later person opens only what nobody before had a link to; but below where they begin,
# unless that is where everybody lands, they look for links again: they may have rights that the others had not.
LANDINGS = ("/", "/en/", "/saya/", "/petugas/", "/en/petugas/")
PEOPLE = [
    ("", "/"),
    ("", "/en/"),
    ("warga", "/saya/"),
    ("koordinator", "/petugas/"),
    ("koordinator", "/en/petugas/"),
    ("lurah", "/petugas/"),
    ("lurah", "/petugas/wewenang/"),
    ("camat", "/petugas/"),
    ("kepala-dinas", "/petugas/"),
    ("sekda", "/petugas/"),
    ("inspektorat", "/petugas/"),
    ("pusdalops", "/petugas/"),
    ("tapem", "/petugas/"),
    ("kalaksa", "/petugas/peringatan/"),
    ("kemitraan", "/petugas/mitra/"),
    # Whoever is not signed in is sent away from these, so they are begun with.
    ("warga", "/mitra/daftar/"),
    ("warga", "/mitra/saya/"),
    ("warga", "/mitra/bank-sampah-percontohan-melati/gabung/"),
    ("warga", "/mitra/gowes-santun-rekaan/jaminan/"),
    ("admin", "/petugas/wewenang/"),
    ("ketua-rt", "/saya/"),
    ("warga", "/prakarsa/saya/"),
    ("warga", "/prakarsa/baru/"),
    # Who was there before saw these without the rights to go on.
    ("ketua-rt", "/tawaran/saya/"),
    ("lurah", "/petugas/kebutuhan/"),
    ("lurah", "/petugas/dana/"),
    ("tapem", "/petugas/dana/"),
    ("kemitraan", "/petugas/kebutuhan/"),
    ("pusdalops", "/petugas/sensor/"),
]
# A city on the coast has the sea besides.
ON_THE_COAST = [
    ("", "/"),
    ("", "/peringatan/"),
    ("", "/insiden/"),
    ("pusdalops", "/petugas/sensor/"),
    ("kalaksa", "/petugas/peringatan/"),
    ("posko", "/petugas/insiden/"),
    ("posko", "/insiden/tugas/"),
]
EVERYBODY = [("bandung", *one) for one in PEOPLE] + [("pekalongan", *one) for one in ON_THE_COAST]
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
# Pages without a link, each with its reason.
REACHED_OTHERWISE = {
    # The demo fills its sea after it began to answer, which takes minutes; tests/rooms/test_tides.py opens these.
    **dict.fromkeys(
        (
            "rob/",
            "rob/<str:code>/",
            "rob/ketepatan/",
            "petugas/rob/",
            "petugas/rob/<str:code>/",
            "petugas/rob/ketepatan/",
            "petugas/rob/ambang/",
            "petugas/rob/ambang/baru/",
            "petugas/rob/ambang/impor/",
            "petugas/rob/stasiun/<slug:slug>/",
            "petugas/rob/stasiun/<slug:slug>/datum/",
            "petugas/rob/stasiun/<slug:slug>/konstanta/",
            "petugas/rob/stasiun/baru/",
        ),
        "where the sea is",
    ),
    "insiden/tugas/<uuid:uuid>/": "for whoever was given a task, in tests/rooms/test_incidents.py",
    "kebutuhan/<str:number>/kelola/": "for whoever published it, in tests/rooms/test_needs.py",
    "kebutuhan/<str:number>/kelola/<str:act>/": "for whoever published it",
    "kebutuhan/<str:number>/kelola/ajak/": "for whoever published it",
    "kebutuhan/<str:number>/kelola/ubah/": "for whoever published it",
    "petugas/kebutuhan/<str:number>/ajak/": "for the office that published it, in tests/rooms/test_needs.py",
    "petugas/kebutuhan/<str:number>/ubah/": "for the office that published it",
    "petugas/kebutuhan/tawaran/<uuid:uuid>/akhiri/": "for who keeps the partners, in tests/rooms/test_needs.py",
    "petugas/dana/<str:code>/<str:scheme>/<int:year>/tutup/": "at the end of a year, in tests/rooms/test_areafunds.py",
    "petugas/dana/<str:code>/kegiatan/<int:ceiling>/": "for who runs it, in tests/rooms/test_areafunds.py",
    "petugas/dana/kegiatan/<uuid:uuid>/henti/": "for who runs it",
    "petugas/dana/kegiatan/<uuid:uuid>/ubah/": "for who runs it",
    "petugas/dana/langkah/<uuid:uuid>/tarik/": "for who noted it",
    "petugas/prakarsa/rekening/<int:office>/kolom/": "after a statement was sent",
    "prakarsa/rekening/<slug:slug>/kolom/": "after a statement was sent",
    "petugas/sensor/<int:key>/aplikasi/": "for who keeps the sensor, in tests/rooms/test_sensing.py",
    "petugas/sensor/<int:key>/atur/": "for who keeps the sensor",
    "petugas/sensor/pesan/<int:key>/": "after a message was refused, in tests/rooms/test_sensing.py",
    "banjir/peta.json": "for the map",
    "banjir/atom": "a file",
    "petugas/banjir/laporan/": "an address that was cut short",
    "petugas/banjir/ambang/": "an address that was cut short",
    "petugas/banjir/ambang/<int:key>/": "a button",
    "petugas/banjir/<str:number>/<str:act>/": "buttons",
    "petugas/banjir/laporan/<str:number>/foto/<uuid:photo>/": "a button",
    "prakarsa/<slug:slug>/jawab/": "where a form is sent",
    "prakarsa/data/<slug:table>.<str:form>": "a file",
    "prakarsa/<slug:slug>/kalender.ics": "a file",
    "wilayah/<str:code>/gotong-royong.ics": "a file",
    "prakarsa/surat/<str:key>/": "from the code on a paper, in the tests of papers",
    "prakarsa/surat/<str:key>/berkas.pdf": "a file",
    "prakarsa/rekening/<slug:slug>/kirim/": "leads to the headings until they are said",
    "petugas/prakarsa/rekening/<int:office>/kirim/": "leads to the headings until they are said",
    "prakarsa/rekening/<slug:slug>/periksa/<uuid:draft>/": "after a statement was sent, in the tests",
    "petugas/prakarsa/rekening/<int:office>/periksa/<uuid:draft>/": "after a statement was sent, in the tests",
    "prakarsa/rekening/<slug:slug>/cocokkan/": "a button",
    "petugas/prakarsa/rekening/<int:office>/cocokkan/": "a button",
    "prakarsa/rekening/<slug:slug>/batal/<uuid:match>/": "from a match, in the tests",
    "petugas/prakarsa/rekening/<int:office>/batal/<uuid:match>/": "from a match, in the tests",
    "prakarsa/terima/<str:key>/": "the receiver's own link, in the journey",
    "petugas/prakarsa/kasus/<uuid:case>/": "from a report that can wait, in the journey",
    "petugas/prakarsa/janji/<uuid:pledge>/": "where the giver to a partner's initiative declares a permit or tender",
    "peringatan/setuju/<str:key>/": "the second person's own link, in tests/rooms/test_warnings.py",
    "petugas/peringatan/<str:number>/teks/": "from a draft, in tests/rooms/test_warnings.py",
    "petugas/peringatan/<str:number>/ubah/": "from a draft or what is in force, in tests/rooms/test_warnings.py",
    "petugas/peringatan/<str:number>/<str:act>/": "where the desk's forms are sent",
    "petugas/insiden/usulan/<int:proposal>/<slug:answer>/": "where an answer to a proposal is sent",
    "petugas/insiden/panduan/<int:step>/cabut/": "a button",
    "petugas/insiden/<slug:number>/lakukan/<slug:act>/": "where the desk's forms are sent",
    "petugas/insiden/<slug:number>/laporan/<int:report>.pdf": "a file",
    "cap/": "for programs",
    "cap/<str:identifier>.xml": "for programs",
    "rapat/tindak-lanjut/<uuid:uuid>/jawab/": "where a form is sent",
    "percakapan/<uuid:uuid>/tulis/": "where a form is sent",
    "percakapan/<uuid:uuid>/ikuti/": "a button",
    "percakapan/pesan/<int:key>/": "from a message, for whoever has an account: in the forum's journey",
    "tawaran/<uuid:uuid>/<str:act>/": "buttons",
    "kebutuhan/ajakan/<uuid:uuid>/": "for who was asked, in tests/rooms/test_needs.py",
    "laporan/ikuti/<str:key>/": "the reporter's own link, in the journeys",
    "laporan/baru/mirip/<uuid:draft>/": "a step of sending, in the journeys",
    "petugas/loket/dekat/": "for the script",
    "laporan/baru/dekat/": "for the script",
    "laporan/baru/kategori/": "for the script",
    "petugas/laporan/<str:number>/regu/": "from a case that is being worked on, in the crew's journey",
    "petugas/loket/tanda-terima/": "an address that was cut short",
    "petugas/loket/tanda-terima/<uuid:draft>/": "after entering a report",
    "masuk/kode/": "a step of signing in",
    "masuk/tujuan/": "a step of signing in",
    "masuk/kedua/": "a step of signing in",
    "masuk/kedua/pasang/": "demanded where a second factor is",
    "masuk/kedua/pemulihan/": "demanded where a second factor is",
    "masuk/kedua/akun/": "demanded where a second factor is",
    "daftar/": "from the page of the link",
    "daftar/kode/": "a step of signing up",
    "petugas/laporan/<str:number>/<str:verb>/": "where the desk's forms are sent",
    "petugas/laporan/<str:number>/foto/<uuid:photo>/": "from a report with photos",
    "petugas/data-pribadi/<int:key>/": "where a decision is sent",
    "akun/data.zip": "a file",
    "petugas/sekaligus/": "where the inbox sends what was chosen",
    "petugas/sekaligus/lakukan/": "where the preview is sent",
    "petugas/sekaligus/<uuid:batch>/": "after acting on many, in a journey",
    "petugas/tampilan/<int:view>/": "buttons",
    "petugas/templat/<int:template>/hapus/": "a button",
    "petugas/peta.json": "for the map",
    "laporan/<str:number>/dukung/": "a button",
    "open311/v2/services.<str:form>": "for programs",
    "open311/v2/services/<str:code>.<str:form>": "for programs",
    "open311/v2/requests.<str:form>": "for programs",
    "open311/v2/requests/<str:number>.<str:form>": "for programs",
    "open311/v2/tokens/<str:token>.<str:form>": "for programs",
    "open311/v2/servicerequestupdates.<str:form>": "for programs",
    "sta/v1.1": "for programs",
    "sta/v1.1/": "for programs",
    "sta/v1.1/<path:path>": "for programs",
    "laporan/baru/pertanyaan/": "for the script",
    "kiriman/laporan.json": "for programs",
    "kiriman/whatsapp/": "for programs",
    "kiriman/telegram/": "for programs",
    "obrolan-uji/": "in the demo only, for whoever sits at the machine",
    "open311/<path:rest>": "for programs that ask what is not there",
    "petugas/wewenang/aplikasi/<int:client>/akhiri/": "a button",
    "laporan/<str:number>/saksi/": "a button",
    "petugas/putaran/kirim/": "where the round's forms are sent",
    "lapangan.js": "for the browser",
    "bukti/undian/<int:seal>.json": "for machines",
    "petugas/tinjauan/<int:look>/": "what was drawn, in a test",
    "petugas/tinjauan/keberatan/<int:appeal>/": "after an appeal, in a test",
    "pantau/bagian/<slug:part>/": "for the script",
    "pantau/layar/<str:key>/": "a screen's own link, in its journey",
    "pantau/layar/<str:key>/bagian/<slug:part>/": "for the script",
    "petugas/pantau/": "for an address that was cut short",
    "petugas/pantau/layar/<int:screen>/akhiri/": "a button",
    "favicon.ico": "asked for by browsers",
    "robots.txt": "asked for by machines",
    "bukti/<int:number>.json": "for machines",
    "laporan/peta.json": "for the map",
    "wilayah/batas.json": "for the map",
    "ui/kota.css": "for the browser",
    "masuk/kedua/ingat/": "demanded where a second factor is",
    "masuk/kedua/lagi/": "demanded where a second factor is",
    "mengikuti/alat/": "where the script sends a device",
    "pemberitahuan.js": "for the browser",
    "petugas/disposisi/<int:standing>/akhiri/": "a button",
    "petugas/kewenangan/usul/<uuid:uuid>/<str:verb>/": "buttons",
    "petugas/lapor/<str:number>/disalin/": "a button",
    "petugas/lapor/<str:number>/tanggapan/": "where a form is sent",
    "petugas/lapor/berkas/": "where a file is sent",
    "petugas/lapor/berkas/<uuid:draft>/": "after a file was sent",
    "petugas/lapor/simpan/": "where a form is sent",
    "petugas/laporan/<str:number>/surat.pdf": "a letter, where there is one",
    "petugas/persiapan/<str:table>/contoh.<str:form>": "a file",
    "petugas/laporan/": "for an address that was cut short",
    "petugas/kewenangan/riwayat/": "for an address that was cut short",
    "petugas/wewenang/akun/": "for an address that was cut short",
    "petugas/persiapan/<str:table>/sekarang.<str:form>": "a file",
    "petugas/persiapan/<str:table>/terapkan/<uuid:upload>/": "after a table was sent",
    "petugas/persiapan/surel/": "a button",
    "petugas/wewenang/akun/<int:account>/faktor/": "where a factor was set",
    "petugas/wewenang/akun/<int:account>/tutup/": "from an open account's page",
    "petugas/wewenang/<int:grant>/akhiri/": "from a grant that may be ended",
    "petugas/wewenang/limpahkan/": "where a head's form is sent",
    "petugas/wewenang/dukungan/<int:access>/": "where support was opened",
    "petugas/wewenang/dukungan/<int:access>/akhiri/": "a button",
    "wilayah/<str:code>/<slug:category>/atom": "a feed",
    "wilayah/<str:code>/atom": "a feed",
    "wilayah/di/": "where the script asks",
    "mitra/<slug:slug>/keluar/": "a button",
    "mitra/<slug:slug>/kelola/dokumen/<int:document>/": "a button",
    "mitra/<slug:slug>/kelola/orang/<int:member>/": "buttons",
    "mitra/<slug:slug>/kelola/undangan/<int:invitation>/": "a button",
    "mitra/<slug:slug>/kelola/verifikasi/": "a button",
    "petugas/mitra/gabungan/": "for an address that was cut short",
    "petugas/mitra/gabungan/<int:merge>/batal/": "a button",
    "petugas/mitra/impor/<uuid:uuid>/": "after a list was sent",
    "wilayah/dana.<str:form>": "a file",
    "wilayah/<str:code>/dana/data.<str:form>": "a file",
    "petugas/dana/impor/contoh.<str:form>": "a file",
    "petugas/rob/ambang/impor/contoh.<str:form>": "a file",
    "petugas/rob/ambang/impor/<uuid:uuid>/": "after a list was sent",
    "petugas/rob/stasiun/": "for an address that was cut short",
    "petugas/dana/impor/<uuid:uuid>/": "after a list was sent",
    "petugas/dana/kegiatan/<uuid:uuid>/langkah/": "where the step's form is sent",
    "petugas/dana/<str:code>/<str:scheme>/<int:year>/pagu/": "from a place's page, for who sets ceilings",
    "petugas/dana/<str:code>/<str:scheme>/<int:year>/geser/": "from a place's page, for who sets ceilings",
    "kerja-sama/naskah/<uuid:uuid>.pdf": "a file",
    "kerja-sama/saya/": "from the list of agreements, for who is signed in",
    "kerja-sama/naskah/<uuid:uuid>/": "from the list of the own partners, in a test",
    "petugas/kerja-sama/naskah/": "for an address that was cut short",
    "petugas/kerja-sama/naskah/<uuid:uuid>/pihak/<int:key>/": "from a draft with parties, in a test",
    "petugas/kerja-sama/<uuid:uuid>/tahap/": "a button",
    "healthz": "for operators",
    "readyz": "for operators",
}


def route_of(path: str) -> str | None:
    """The route that an address leads to, without the language before it; None for what is not ours."""
    try:
        return resolve(path.removeprefix("/en") if path.startswith("/en/") else path).route
    except Resolver404:
        return None


LOOK = """async path => {
    const answer = await fetch(path, {redirect: "manual"});
    return [answer.status, answer.headers.get("content-type") || ""];
}"""


# Not for people: the browser would draw them in its own way, against our policy, or keep them as a file.
FOR_PROGRAMS = ("/cap/", "/sta/", "/open311/")


def opened(page, path: str) -> bool:
    """Go there; whether it is a page of its own, and neither a file nor the way to another page."""
    bare = urlsplit(path).path.removeprefix("/en")
    if bare.startswith(FOR_PROGRAMS) or not bare.endswith("/"):
        status, kind = page.evaluate(LOOK, path)
        assert 0 < status < 400, (path, status)
        assert not kind.startswith("text/html"), path
        return False
    answer = page.goto(path)
    assert answer.status < 400, (path, answer.status)
    assert answer.headers["content-type"].startswith("text/html"), path
    return answer.request.redirected_from is None


def pages(page, begin: str, seen: set[str]):
    """Open one page of each route by following links from `begin`; each with whether nobody opened it before."""
    language = "/en/" if begin.startswith("/en/") else "/"
    waiting, mine = deque([begin]), set()
    page.goto(begin)
    ours = page.evaluate("location.origin") + language
    while waiting:
        path = waiting.popleft()
        route = route_of(urlsplit(path).path)
        key = f"{language}{route}"
        again = not mine or (begin not in LANDINGS and path.startswith(begin))
        if route is None or key in mine or (key in seen and not again):
            continue
        mine.add(key)
        is_new = key not in seen
        seen.add(key)
        if not opened(page, path):
            continue
        yield path, is_new
        for link in page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)"):
            target = urldefrag(link)[0]
            if target.startswith(ours):
                where = urlsplit(target)
                waiting.append(where.path + (f"?{where.query}" if where.query else ""))


def wait_until_told(site, seconds: float = 240) -> None:
    """What the worker makes of the city's facts is on its pages, too, and their links."""
    deadline = time.monotonic() + seconds
    while True:
        with urllib.request.urlopen(site.url("/metrics", host="127.0.0.1"), timeout=10) as answer:
            lags = re.findall(r"^guyub_pump_lag_seconds\S* (\S+)$", answer.read().decode(), re.M)
        if lags and not any(map(float, lags)):
            return
        assert time.monotonic() < deadline, lags
        time.sleep(0.5)


def test_every_page_that_is_linked(visitor, site):
    wait_until_told(site)
    seen: set[str] = set()
    read: set[str | None] = set()
    wrong: list[str] = []
    axe = Axe()
    browsers: dict[tuple[str, str], Any] = {}
    for city, slug, begin in EVERYBODY:
        if (city, slug) not in browsers:
            browsers[city, slug] = visitor(city=city)
            if slug:
                sign_in(browsers[city, slug], slug)
        page = browsers[city, slug]
        for path, is_new in pages(page, begin, seen):
            if not is_new:
                continue
            # In English the same templates say other words: axe reads one page of each route in one language.
            if (route := route_of(urlsplit(path).path)) not in read:
                read.add(route)
                found = axe.run(page, options=AXE)
                if found.violations_count:
                    wrong.append(f"{slug or 'nobody'} {path}\n{found.generate_report()}")
            if (width := page.evaluate("document.documentElement.scrollWidth")) > 360:
                wrong.append(f"{slug or 'nobody'} {path} is {width} px wide")
            if not page.title().strip():
                wrong.append(f"{slug or 'nobody'} {path} has no title")
    assert wrong == [], "\n".join(wrong)
    reached = {key[1:] for key in seen} | {key.removeprefix("/en/") for key in seen}
    ours = {route for route, view in routes() if gate_of(view) in ("public", "officer", "signed_in")}
    assert sorted(ours - reached - set(REACHED_OTHERWISE)) == []

"""Every page that a link leads to, for each kind of person: it opens, axe finds nothing, a phone shows it whole.

Pages are found by following links, one page of each route; so a page that nothing links to is found out too.
"""

from __future__ import annotations

from collections import deque
from urllib.parse import urldefrag, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve

from guyub.kernel.access.api import gate_of
from tests.architecture.test_house import routes
from tests.journeys.test_resident_and_office import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

# Each with where they begin. A later person opens only what nobody before had a link to.
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
    ("admin", "/petugas/wewenang/"),
    ("ketua-rt", "/saya/"),
]
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
# Pages without a link, each with its reason.
REACHED_OTHERWISE = {
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
    "kiriman/laporan.json": "for programs",
    "open311/<path:rest>": "for programs that ask what is not there",
    "petugas/wewenang/aplikasi/<int:client>/akhiri/": "a button",
    "laporan/<str:number>/saksi/": "a button",
    "petugas/putaran/kirim/": "where the round's forms are sent",
    "lapangan.js": "for the browser",
    "bukti/undian/<int:seal>.json": "for machines",
    "petugas/tinjauan/<int:look>/": "what was drawn, in a test",
    "petugas/tinjauan/keberatan/<int:appeal>/": "after an appeal, in a test",
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


def pages(page, begin: str, seen: set[str]):
    """Open one page of each route not seen yet, by following links from `begin`."""
    language = "/en/" if begin.startswith("/en/") else "/"
    waiting, is_first = deque([begin]), True  # where a person begins is looked at anew for its links
    page.goto(begin)
    while waiting:
        path = waiting.popleft()
        route = route_of(urlsplit(path).path)
        key = f"{language}{route}"
        if route is None or (key in seen and not is_first):
            continue
        is_first = False
        seen.add(key)
        status, kind = page.evaluate(LOOK, path)  # a redirect is said to be 0
        assert status < 400, (path, status)
        if status == 0 or not kind.startswith("text/html"):
            continue
        page.goto(path)
        yield path
        for link in page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)"):
            target = urldefrag(link)[0]
            if target.startswith(page.evaluate("location.origin") + language):
                where = urlsplit(target)
                waiting.append(where.path + (f"?{where.query}" if where.query else ""))


def test_every_page_that_is_linked(visitor):
    seen: set[str] = set()
    wrong: list[str] = []
    for slug, begin in PEOPLE:
        page = visitor()
        if slug:
            sign_in(page, slug)
        for path in pages(page, begin, seen):
            found = Axe().run(page, options=AXE)
            if found.violations_count:
                wrong.append(f"{slug or 'nobody'} {path}\n{found.generate_report()}")
            if (width := page.evaluate("document.documentElement.scrollWidth")) > 360:
                wrong.append(f"{slug or 'nobody'} {path} is {width} px wide")
            if not page.title().strip():
                wrong.append(f"{slug or 'nobody'} {path} has no title")
    assert wrong == [], "\n".join(wrong)
    opened = {key[1:] for key in seen} | {key.removeprefix("/en/") for key in seen}
    ours = {route for route, view in routes() if gate_of(view) in ("public", "officer", "signed_in")}
    assert sorted(ours - opened - set(REACHED_OTHERWISE)) == []

"""The wall in a real browser: nothing scrolls, axe finds nothing, it lives, and it says when it does not."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import DESK, PHONE, until
from tests.journeys.test_every_page import AXE
from tests.journeys.test_resident_and_office import fill_report, sign_in

pytestmark = pytest.mark.journey

HD, UHD = {"width": 1920, "height": 1080}, {"width": 3840, "height": 2160}
CUT_OFF = """[...document.querySelectorAll(".panel, .fig, .lines, .wall-head")]
    .filter(one => one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2)
    .map(one => one.className + ": " + one.innerText.slice(0, 60))"""
WIDER = "document.documentElement.scrollWidth > innerWidth"
HIGHER = "document.documentElement.scrollHeight > innerHeight"


def register(officer, shows: str, look: str) -> str:
    officer.goto("/petugas/pantau/layar/")
    officer.fill("#id_name", f"Layar {shows} {look}")
    officer.check(f"input[value={shows}]")
    officer.check(f"input[value={look}]")
    officer.get_by_role("button", name="Buat tautan").click()
    return officer.locator(".made-address a").get_attribute("href")


def looked_at(page, *, scrolls: bool) -> None:
    problems = Axe().run(page, options=AXE).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in problems] == []
    assert not page.evaluate(WIDER)
    if not scrolls:
        assert not page.evaluate(HIGHER)
        assert page.evaluate(CUT_OFF) == []


def test_the_wall_fits_is_readable_lives_and_goes_out(visitor, browser):
    officer = visitor(viewport=DESK)
    sign_in(officer, "pusdalops")
    room, guests = register(officer, "layar", "malam"), register(officer, "tamu", "siang")
    for link, viewport in ((room, UHD), (guests, HD), (room, PHONE), (guests, PHONE)):
        page = visitor(viewport=viewport)
        page.goto(link)
        looked_at(page, scrolls=viewport is PHONE)
    for look in ("siang", "malam"):
        officer.set_viewport_size(HD)
        officer.goto(f"/pantau/?tampil={look}")
        looked_at(officer, scrolls=False)
    officer.goto("/pantau/ulang/")
    looked_at(officer, scrolls=False)

    plain = visitor(viewport=HD, javascript=False)
    plain.goto(guests)
    assert plain.locator("noscript").count() == 1
    assert plain.locator(".fig-value").count() == 4

    wall = visitor(viewport=HD)
    wall.goto(room)
    before = wall.locator(".fig-value").nth(1).inner_text()
    resident = visitor()
    resident.goto("/laporan/baru/")
    fill_report(resident, "Suara mesin dari bengkel contoh terdengar sepanjang malam di gang ini.")
    resident.get_by_role("button", name="Kirim laporan").click()
    different = resident.get_by_role("button", name="Ini berbeda")
    resident.get_by_text("Laporan terkirim").or_(different).first.wait_for()
    if different.count():
        different.click()
        resident.get_by_text("Laporan terkirim").first.wait_for()
    until(wall, "document.querySelector('[data-feed]').innerText.includes('Laporan diterima')")
    until(wall, f"document.querySelectorAll('.fig-value')[1].innerText !== {before!r}")

    wall.context.set_offline(True)
    until(wall, "document.querySelector('.wall-lost').innerText.includes('Terputus sejak')", seconds=40)
    wall.context.set_offline(False)
    until(wall, "document.querySelector('.wall-lost').hidden", seconds=40)

    officer.goto("/petugas/pantau/layar/")
    card = officer.locator(".card", has_text="Layar layar malam").first  # the newest stands first
    card.get_by_role("button", name="Cabut tautan").click()
    officer.get_by_role("button", name="Ya, cabut").click()
    officer.get_by_text("tidak berlaku lagi").wait_for()
    wall.evaluate("document.querySelectorAll('[data-part]').forEach(one => htmx.trigger(one, 'baru'))")
    wall.locator(".wall-main").wait_for(state="detached", timeout=30_000)  # the page goes away meanwhile

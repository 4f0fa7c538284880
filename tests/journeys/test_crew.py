"""A crew without an account: with a phone whose signal comes and goes, and with one that has no JavaScript."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import DESK, SHOTS, until
from tests.journeys.test_every_page import AXE
from tests.journeys.test_resident_and_office import (
    act,
    fill_report,
    hand_to_own_office,
    number_on,
    photo,
    sign_in,
)

pytestmark = pytest.mark.journey
TOLD = "Rapikan papan contoh, bawa tangga dan kunci pas."


def errand(visitor) -> tuple[object, str, str]:
    """A report in the hands of an agency that sends a crew out; returns the officer's page, number and link."""
    resident = visitor(javascript=False)
    resident.goto("/laporan/baru/")
    fill_report(resident, "Papan nama contoh miring dan hampir jatuh ke trotoar.", "fasilitas-umum")
    resident.get_by_role("button", name="Kirim laporan").click()
    resident.get_by_text(re.compile("Laporan terkirim|Ini berbeda")).first.wait_for()
    if (different := resident.get_by_role("button", name="Ini berbeda")).count():
        different.click()
    resident.get_by_text("Laporan terkirim").first.wait_for()
    number = number_on(resident)
    coordinator = visitor(javascript=False, viewport=DESK)
    sign_in(coordinator, "koordinator")
    coordinator.goto(f"/petugas/laporan/{number}/")
    act(coordinator, "verifikasi")
    hand_to_own_office(coordinator, number)
    office = visitor(javascript=False, viewport=DESK)
    sign_in(office, "penghubung")
    office.goto(f"/petugas/laporan/{number}/")
    office.get_by_role("link", name="Tautan tugas untuk regu").click()
    office.get_by_label("Untuk regu").fill("Regu contoh")
    office.get_by_label("Petunjuk").fill(TOLD)
    office.get_by_role("button", name="Buat tautan").click()
    link = office.get_by_label("Tautan untuk regu").input_value()
    return office, number, "/tugas/" + link.split("/tugas/")[1]


def decide(office, number: str, verb: str, words: str) -> None:
    office.goto(f"/petugas/laporan/{number}/")
    office.get_by_role("link", name="bukti regu menunggu").click()
    office.locator("textarea[name=words]").first.fill(words)
    office.get_by_role("button", name=verb).click()


def until_kept(page) -> None:
    """Wait until the phone has the page with all that it needs to open without a network."""
    until(page, "navigator.serviceWorker.controller !== null")
    until(
        page,
        """caches.open("guyub-lapangan-1").then(store => store.keys()).then(kept => {
          const there = new Set(kept.map(request => request.url));
          const needed = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map(one => one.href || one.src);
          return there.has(location.href.split("#")[0]) && needed.every(one => there.has(one));
        })""",
    )


def test_without_signal_the_proof_waits_and_is_sent_once(visitor):
    office, number, link = errand(visitor)
    crew = visitor()  # 360 px
    crew.context.grant_permissions(["geolocation"])
    crew.context.set_geolocation({"latitude": -6.9, "longitude": 107.6, "accuracy": 9})
    crew.goto(link)
    crew.get_by_text(TOLD).wait_for()
    assert crew.evaluate("document.documentElement.scrollWidth") <= 360
    assert Axe().run(crew, options=AXE).violations_count == 0
    until_kept(crew)
    crew.context.set_offline(True)
    crew.reload()  # the page itself is there without a network
    crew.get_by_text(TOLD).wait_for()
    crew.locator("input[name=camera]").set_input_files(photo())
    crew.locator("textarea[name=words]").fill("Papan sudah ditegakkan dan dikencangkan.")
    until(crew, "document.querySelector('[name=taken_lat]').value !== ''")
    crew.wait_for_timeout(1500)
    crew.get_by_role("button", name="Kirim bukti").click()
    crew.get_by_text("Belum ada sinyal").wait_for()
    crew.get_by_text("2000 huruf tersisa").wait_for()  # the field is empty again
    crew.reload()  # closed and opened again, still without signal: it waits
    crew.get_by_text("Belum ada sinyal").wait_for()
    crew.context.set_offline(False)
    crew.wait_for_url(re.compile("terkirim=1"), timeout=30_000)
    crew.get_by_text("Diperiksa kantor").wait_for()
    assert crew.get_by_text("Diperiksa kantor").count() == 1
    crew.reload()
    assert crew.get_by_text("Diperiksa kantor").count() == 1

    office.goto(f"/petugas/laporan/{number}/regu/")
    office.get_by_text("dengan lokasi (± 9 m)").wait_for()
    decide(office, number, "Terima sebagai selesai", "Papan sudah ditegakkan oleh regu kami.")
    office.get_by_text("menunggu konfirmasi").first.wait_for()
    crew.goto(link)
    crew.get_by_text("sudah berakhir").first.wait_for()


def test_without_javascript_the_proof_is_sent_and_may_come_back(visitor):
    office, number, link = errand(visitor)
    crew = visitor(javascript=False)
    crew.goto(link)
    crew.get_by_text(TOLD).wait_for()
    crew.locator("textarea[name=words]").fill("x")
    crew.locator("input[name=photos]").set_input_files(photo())
    crew.get_by_role("button", name="Kirim bukti").click()
    crew.get_by_text("Tulis sedikitnya").wait_for()
    assert crew.locator(".photo-grid img").count() == 1  # nothing was lost
    crew.locator("textarea[name=words]").fill("Papan sudah ditegakkan.")
    crew.get_by_role("button", name="Kirim bukti").click()
    crew.get_by_text("Bukti terkirim").wait_for()
    office.goto(f"/petugas/laporan/{number}/regu/")
    office.get_by_text("waktu dan lokasi foto belum terbukti").wait_for()
    decide(office, number, "Kembalikan ke regu", "Baut sebelah kiri masih longgar.")
    crew.goto(link)
    crew.get_by_text("Baut sebelah kiri masih longgar.").wait_for()


def test_a_round_goes_on_without_signal(visitor):
    """Ordered from where the officer stands; a proof waits for the network and completes its case once."""
    _office, number, _link = errand(visitor)
    officer = visitor()
    sign_in(officer, "penghubung")
    officer.context.grant_permissions(["geolocation"])
    officer.context.set_geolocation({"latitude": -6.9, "longitude": 107.6, "accuracy": 9})
    officer.goto("/petugas/putaran/")
    assert officer.evaluate("document.documentElement.scrollWidth") <= 360
    found = Axe().run(officer, options=AXE)
    assert found.violations_count == 0, found.generate_report()
    officer.get_by_role("button", name="Urutkan dari yang terdekat").click()
    until(officer, "Array.from(document.querySelectorAll('[data-far]')).some(one => one.textContent)")
    officer.screenshot(path=SHOTS / "round.png", full_page=True)
    until_kept(officer)
    officer.context.set_offline(True)
    officer.reload()
    stop = officer.locator("#round-stops > li", has_text=number)
    stop.locator("summary").click()
    stop.locator("input[name=camera]").set_input_files(photo())
    stop.locator("textarea[name=words]").fill("Papan sudah ditegakkan dan dikencangkan.")
    officer.wait_for_timeout(2500)
    stop.get_by_role("button", name="Nyatakan selesai").click()
    officer.get_by_text("Belum ada sinyal").wait_for()
    officer.context.set_offline(False)
    stop.wait_for(state="detached", timeout=30_000)
    officer.goto(f"/petugas/laporan/{number}/")
    officer.get_by_text("menunggu konfirmasi").first.wait_for()

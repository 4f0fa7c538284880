"""A community is founded, verified and matched to a need of a kelurahan; the place's board shows both, and the city's
map leads there."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import DESK
from tests.journeys.test_resident_and_office import sign_in

pytestmark = pytest.mark.journey

NAME, OFFER, NEED = "Komunitas Sumur Uji", "Relawan pengeruk sumur", "Sumur resapan uji perlu dikeruk"
THEME = "Sungai dan air bersih"


def found(founder) -> None:
    """From the residents' one entry to a community that waits to be verified."""
    founder.goto("/")
    founder.get_by_role("navigation").get_by_role("link", name="Gotong royong").first.click()
    founder.get_by_role("link", name="Daftarkan komunitas").first.click()
    founder.fill("#id_name", NAME)
    founder.fill("#id_description", "Kami merawat sumur resapan.")
    founder.get_by_label(THEME).check()
    founder.get_by_label("Bekerja di seluruh daerah").check()
    founder.get_by_label("Saya penanggung jawabnya").check()
    founder.get_by_role("button", name="Daftarkan").click()
    founder.get_by_text("terdaftar. Langkah berikutnya").wait_for()
    founder.get_by_role("button", name="Minta verifikasi").click()
    founder.get_by_text("Sedang diperiksa").wait_for()


def offer(founder) -> None:
    founder.goto("/tawaran/baru/")
    founder.select_option("#id_who", label=NAME)
    founder.select_option("#id_resource", "HOURS")
    founder.fill("#id_what", OFFER)
    founder.fill("#id_amount", "60")
    founder.get_by_label(THEME).check()
    founder.get_by_label("Untuk seluruh daerah").check()
    founder.get_by_role("button", name="Simpan").click()
    founder.get_by_text(OFFER).first.wait_for()


def publish(lurah) -> str:
    """A need of the kelurahan; returns the code of its place."""
    lurah.goto("/petugas/gotong-royong/")
    board = lurah.get_by_role("link", name="Papan gotong royong").first.get_attribute("href")
    code = board.split("/")[2]
    lurah.get_by_role("link", name="Kebutuhan baru").click()
    lurah.fill("#id_title", NEED)
    lurah.fill("#id_why", "Sumur resapan penuh lumpur, jalan tergenang setiap hujan.")
    lurah.select_option("#id_theme", label=THEME)
    lurah.select_option("#id_place", code)
    lurah.select_option("#id_b0-resource", "HOURS")
    lurah.fill("#id_b0-purpose", "Mengeruk sumur resapan")
    lurah.fill("#id_b0-amount", "40")
    lurah.get_by_role("button", name="Simpan").click()
    lurah.get_by_text("Tersimpan sebagai rancangan").wait_for()
    lurah.get_by_role("link", name="Terbitkan").click()
    lurah.locator("main form button[type=submit]").first.click()
    lurah.get_by_text("Dicari").first.wait_for()
    return code


def test_founded_verified_matched_and_seen_on_the_board(visitor):
    founder = visitor(javascript=False)
    sign_in(founder, "ketua-rt")
    found(founder)

    officer = visitor(javascript=False, viewport=DESK)
    sign_in(officer, "kemitraan")
    officer.goto("/petugas/gotong-royong/")
    officer.get_by_role("link", name="Mitra", exact=True).last.click()
    officer.get_by_role("link", name=NAME).first.click()
    officer.get_by_role("link", name="Verifikasi", exact=True).click()
    officer.get_by_role("button", name="Verifikasi").click()
    officer.get_by_text("Terverifikasi pemerintah daerah").wait_for()

    offer(founder)
    lurah = visitor(javascript=False, viewport=DESK)
    sign_in(lurah, "lurah")
    code = publish(lurah)
    suggested = lurah.locator("li", has_text=f"{NAME}: {OFFER}")
    assert "mitra terverifikasi" in suggested.inner_text()  # a suggestion says why
    suggested.get_by_role("link", name="Ajak").click()
    lurah.get_by_role("button", name="Kirim ajakan").click()
    lurah.get_by_text("Yang sudah diajak").wait_for()

    founder.goto("/tawaran/saya/")
    founder.get_by_role("link", name=NEED).first.click()
    founder.get_by_label("Ya, bisa membantu").check()
    founder.fill("#id_amount", "40")
    founder.get_by_role("button", name="Kirim jawaban").click()
    lurah.reload()
    lurah.get_by_text("40 jam").first.wait_for()

    stranger = visitor()
    stranger.goto("/gotong-royong/")
    popup = stranger.locator(".leaflet-popup-content")
    for _ in range(5):  # the map may still be moving to its places
        stranger.locator(".map .pin-many").first.press("Enter")
        stranger.wait_for_timeout(1000)
        if popup.count():
            break
    assert "Kebutuhan" in popup.inner_text()
    popup.get_by_role("link").first.click()
    stranger.wait_for_url(re.compile(r"/wilayah/[\d.]+/gotong-royong/"))
    stranger.goto(f"/wilayah/{code}/gotong-royong/")
    stranger.get_by_role("link", name=NEED).wait_for()
    stranger.goto(f"/mitra/?wilayah={code}&cari=sumur")
    stranger.get_by_role("link", name=NAME).wait_for()

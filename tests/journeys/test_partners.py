"""A community is founded on a phone without JavaScript, two partners stand for it, and the city looks as well."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import DESK
from tests.journeys.test_resident_and_office import sign_in

pytestmark = pytest.mark.journey

NAME = "Komunitas Payung Uji"
PAGE = "/mitra/komunitas-payung-uji/"


def sign_in_by_mail(page, slug: str) -> None:
    """The board of the demo's partners is not among the people whom the demo offers."""
    page.goto("/masuk/")
    page.fill("#id_email", f"{slug}@demo.guyub.example")
    page.get_by_role("button", name="Kirim kode").click()
    page.get_by_label("Kode", exact=True).fill(page.locator(".notice .number").inner_text())
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile("/(petugas|saya)/"))


def vouch(page) -> None:
    page.goto(PAGE)
    page.get_by_role("link", name="Jamin mitra ini").click()
    page.locator("input[name=atas_nama]").first.check()
    page.get_by_role("button", name="Saya menjamin").click()
    page.get_by_text("Jaminan Anda tercatat").wait_for()


def test_founded_vouched_for_and_verified(visitor):
    founder = visitor(javascript=False)
    sign_in(founder, "ketua-rt")
    founder.goto("/mitra/")
    founder.get_by_role("link", name="Daftarkan komunitas").first.click()
    founder.fill("#id_name", NAME)
    founder.fill("#id_description", "Kami meminjamkan payung di halte saat hujan.")
    founder.get_by_label("Sosial dan tolong-menolong").check()
    founder.get_by_role("button", name="Daftarkan").click()
    founder.get_by_text("Belum tersimpan").wait_for()
    assert founder.input_value("#id_name") == NAME  # what was written is still there
    founder.get_by_label("Bekerja di seluruh daerah").check()
    founder.get_by_label("Saya penanggung jawabnya").check()
    founder.get_by_role("button", name="Daftarkan").click()
    founder.get_by_text("terdaftar. Langkah berikutnya").wait_for()
    founder.get_by_role("button", name="Minta verifikasi").click()
    founder.get_by_text("Sedang diperiksa").wait_for()

    stranger = visitor(javascript=False)
    stranger.goto("/mitra/?cari=payung")
    stranger.get_by_role("link", name=NAME).click()
    assert "meminjamkan payung" not in stranger.content()

    for who, enter in (("warga", sign_in), ("mitra-2", sign_in_by_mail)):
        page = visitor(javascript=False)
        enter(page, who)
        vouch(page)
    stranger.reload()
    stranger.get_by_text("Terverifikasi, dijamin mitra lain").wait_for()
    assert "meminjamkan payung" in stranger.content()
    assert "Pengurus Contoh" not in stranger.content()
    stranger.goto("/mitra/jejaring/")
    stranger.get_by_role("cell", name=NAME).first.wait_for()

    officer = visitor(javascript=False, viewport=DESK)
    sign_in(officer, "kemitraan")
    officer.goto("/petugas/mitra/?cari=payung")
    officer.get_by_role("link", name=NAME).first.click()
    officer.get_by_role("link", name="Verifikasi", exact=True).click()
    officer.get_by_role("button", name="Verifikasi").click()
    officer.get_by_text("Terverifikasi pemerintah daerah").wait_for()
    founder.goto(f"{PAGE}kelola/")
    founder.get_by_text("Diverifikasi pemerintah daerah").first.wait_for()

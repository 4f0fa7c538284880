"""An officer's morning in a real browser: keys, many at once and back, a prepared answer."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import DESK
from tests.journeys.test_resident_and_office import fill_report, number_on, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def send(visitor, words: str) -> str:
    page = visitor()
    page.goto("/laporan/baru/")
    fill_report(page, words)
    page.get_by_role("button", name="Kirim laporan").click()
    different = page.get_by_role("button", name="Ini berbeda")
    page.get_by_text(re.compile("Laporan terkirim|Ini berbeda")).first.wait_for()
    if different.count():
        different.click()
    page.get_by_text("Laporan terkirim").first.wait_for()
    return number_on(page)


def test_many_at_once_without_a_script_and_back(visitor):
    number = send(visitor, "Musik dari warung contoh terlalu keras setiap malam sampai pagi.")
    page = visitor(javascript=False)
    sign_in(page, "koordinator")
    page.goto(f"/petugas/semua/?cari={number}")
    page.goto("/petugas/")
    if not page.locator(f'input[name=pilih][value="{number}"]').count():
        pytest.skip("This city's table sends noise to another office than the coordinator's.")
    page.check(f'input[name=pilih][value="{number}"]')
    page.get_by_role("button", name="Lihat dahulu").click()
    page.get_by_text("Dapat dibatalkan selama").wait_for()
    page.get_by_role("button", name="Lakukan").click()
    page.get_by_text("Sudah dilakukan").wait_for()
    page.get_by_role("button", name="Batalkan").click()
    page.get_by_text("kembali seperti semula").wait_for()


def test_keys_are_off_until_they_are_wanted(visitor):
    page = visitor(viewport=DESK)
    sign_in(page, "pusdalops")
    page.goto("/petugas/")
    titles = page.locator("#daftar .row-title a")
    if titles.count() < 2:
        pytest.skip("Too little waits for the operator.")
    focused = "document.activeElement.closest('.row-title') ? document.activeElement.href : ''"
    page.keyboard.press("j")
    assert page.evaluate(focused) == ""
    switch = page.get_by_role("button", name="Pintasan papan ketik: mati")
    switch.click()
    page.get_by_role("button", name="Tutup").click()
    first, second = (titles.nth(n).evaluate("one => one.href") for n in (0, 1))
    page.keyboard.press("j")
    assert page.evaluate(focused) == first
    page.keyboard.press("j")
    assert page.evaluate(focused) == second
    page.keyboard.press("x")
    assert page.locator(".row-choice:checked").count() == 1
    page.keyboard.press("k")
    page.keyboard.press("?")
    assert page.locator("#pintasan-lembar").get_attribute("open") is not None
    page.keyboard.press("Escape")
    page.reload()
    page.get_by_role("button", name="Pintasan papan ketik: hidup").click()
    page.keyboard.press("j")
    assert page.evaluate(focused) == ""


def test_a_prepared_answer_goes_into_its_field_at_once(visitor):
    page = visitor()
    sign_in(page, "koordinator")
    page.goto("/petugas/semua/?keadaan=FORWARDED")
    page.locator("#daftar .row-title a").first.click()
    if not page.locator("#templat-jawab").count():
        pytest.skip("Nothing here waits for an answer.")
    page.locator("#jawab").evaluate("one => { one.open = true }")
    assert not page.locator("#jawab [name=isi]").is_visible()
    page.fill("#jawab-words", "Selamat pagi.")
    page.select_option("#templat-jawab", index=1)
    words = page.input_value("#jawab-words")
    assert words.startswith("Selamat pagi.\n\n")
    assert "{nomor}" not in words
    assert "{isi:" in page.evaluate("getSelection().toString()") or "{isi:" in words
    page.get_by_role("button", name="Kirim jawaban").click()
    page.get_by_text("Lengkapi dahulu").first.wait_for()
    assert "Selamat pagi." in page.input_value("#jawab-words")

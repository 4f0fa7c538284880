"""An officer's morning in a real browser: keys, many at once and back, a prepared answer."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import DESK
from tests.journeys.test_resident_and_office import fill_report, number_on, sign_in

pytestmark = pytest.mark.journey


def send(visitor, words: str) -> str:
    """A danger, which the operator and the coordinator both see wherever it is routed."""
    page = visitor()
    page.goto("/laporan/baru/")
    fill_report(page, words, category="kabel-listrik")
    page.get_by_role("button", name="Kirim laporan").click()
    different = page.get_by_role("button", name="Ini berbeda")
    page.get_by_text(re.compile("Laporan terkirim|Ini berbeda")).first.wait_for()
    if different.count():
        different.click()
    page.get_by_text("Laporan terkirim").first.wait_for()
    return number_on(page)


def test_many_at_once_without_a_script_and_back(visitor):
    numbers = [
        send(visitor, f"Kabel listrik menjuntai di dekat tiang contoh nomor {n}, hampir menyentuh jalan.")
        for n in (1, 2)
    ]
    page = visitor(javascript=False)
    sign_in(page, "pusdalops")
    page.goto("/petugas/")
    for number in numbers:
        page.check(f'input[name=pilih][value="{number}"]')
    page.select_option("#lakukan", "teruskan")
    page.get_by_role("button", name="Lihat dahulu").click()
    page.get_by_text("Dapat dibatalkan selama").wait_for()
    page.get_by_role("heading", name="2 laporan").wait_for()
    page.select_option("#id_office", label="Kecamatan Andir")
    page.locator("[name=code]").first.check()
    page.fill("#id_reason", "Paling dekat dengan lokasi.")
    page.get_by_role("button", name="Lakukan").click()
    page.get_by_text("Sudah dilakukan").wait_for()
    page.get_by_role("button", name="Batalkan").click()
    page.get_by_text("kembali seperti semula").first.wait_for()
    assert page.get_by_text("kembali seperti semula").count() == 2


def test_keys_are_off_until_they_are_wanted(visitor):
    for n in (1, 2):
        send(visitor, f"Kabel listrik putus di gang contoh nomor {n}, anak-anak sering lewat di situ.")
    page = visitor(viewport=DESK)
    sign_in(page, "pusdalops")
    page.goto("/petugas/")
    titles = page.locator("#daftar .row-title a")
    focused = "document.activeElement.closest('.row-title') ? document.activeElement.href : ''"
    page.keyboard.press("j")
    assert page.evaluate(focused) == ""
    page.get_by_role("button", name="Pintasan papan ketik: mati").click()
    page.get_by_role("button", name="Tutup").click()
    first, second = (titles.nth(n).evaluate("one => one.href") for n in (0, 1))
    page.keyboard.press("j")
    assert page.evaluate(focused) == first
    page.keyboard.press("j")
    assert page.evaluate(focused) == second
    page.keyboard.press("x")
    assert page.locator(".row-choice:checked").count() == 1
    page.keyboard.press("?")
    assert page.locator("#pintasan-lembar").get_attribute("open") is not None
    page.keyboard.press("Escape")
    page.reload()
    page.get_by_role("button", name="Pintasan papan ketik: hidup").click()
    page.keyboard.press("j")
    assert page.evaluate(focused) == ""


def test_a_prepared_answer_goes_into_its_field_at_once(visitor):
    number = send(visitor, "Kabel listrik terkelupas di tembok pasar contoh, sudah memercik dua kali.")
    page = visitor()
    sign_in(page, "koordinator")
    page.goto(f"/petugas/laporan/{number}/")
    page.locator("#tolak > a").click()
    page.locator("#tolak-words").wait_for()
    assert not page.locator("#tolak [name=isi]").is_visible()
    page.fill("#tolak-words", "Selamat pagi.")
    page.select_option("#templat-tolak", index=1)
    words = page.input_value("#tolak-words")
    assert words.startswith("Selamat pagi.\n\n")
    assert "{isi:" in words
    page.locator("#tolak input[name=reason]").first.check()
    page.locator("#tolak form > .actions button").click()
    confirm = page.locator("dialog[open] .btn-primary")
    if confirm.count():
        confirm.click()
    page.get_by_text("Lengkapi dahulu").first.wait_for()
    assert page.input_value("#tolak-words").startswith("Selamat pagi.")

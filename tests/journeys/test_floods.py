"""Water in the alley: told on a phone without JavaScript and without an account, confirmed at the desk, gone again."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import DESK
from tests.journeys.test_resident_and_office import sign_in

pytestmark = pytest.mark.journey


def test_four_taps_and_an_officer_confirms(visitor):
    phone = visitor(javascript=False)
    phone.goto("/banjir/")
    phone.get_by_role("link", name="Lapor banjir").first.click()
    phone.get_by_role("button", name="Kirim laporan banjir").first.click()
    phone.get_by_text("Laporan belum terkirim").wait_for()
    phone.select_option("#id_place", index=1)
    phone.locator("label.depth", has_text="Lutut").click()
    phone.get_by_role("button", name="Kirim laporan banjir").first.click()
    phone.get_by_text("Terima kasih, laporan Anda masuk").wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    number = re.search(r"BJR-\d{4}-\d{6}", phone.content())[0]
    cluster = re.search(r"/banjir/(GNG-\d{4}-\d{6})/", phone.content())[1]

    desk = visitor(javascript=False, viewport=DESK)
    sign_in(desk, "pusdalops")
    desk.goto("/petugas/banjir/")
    desk.goto(f"/petugas/banjir/{cluster}/")
    assert number in desk.content()
    desk.get_by_role("button", name="Pastikan ada banjir").click()
    desk.get_by_text("Tercatat.").wait_for()

    neighbour = visitor(javascript=False)
    neighbour.goto(f"/banjir/{cluster}/")
    neighbour.locator(".badge", has_text="Dipastikan").first.wait_for()
    phone.get_by_role("button", name="Air sudah surut").click()
    phone.get_by_text("Tercatat: air sudah surut").wait_for()
    neighbour.reload()
    neighbour.locator(".badge", has_text="Surut").first.wait_for()

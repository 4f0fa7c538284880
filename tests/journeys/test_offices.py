"""Days of people beside residents and their office: a neighbourhood's head, a camat, the city's secretary."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import DESK
from tests.journeys.test_resident_and_office import PLACE, act, fill_report, number_on, sign_in

pytestmark = pytest.mark.journey


def test_the_head_of_an_rt_reports_for_a_neighbour_and_follows_it(visitor):
    head = visitor(javascript=False)
    sign_in(head, "ketua-rt")
    head.goto("/laporan/baru/")
    fill_report(head, "Saluran di depan rumah tetangga contoh mampet dan airnya bau.", "saluran-tersumbat")
    head.get_by_role("button", name="Kirim laporan").click()
    different = head.get_by_role("button", name="Ini berbeda")
    head.get_by_text(re.compile("Laporan terkirim|Ini berbeda")).first.wait_for()
    if different.count():
        different.click()
    number = number_on(head)
    head.goto("/saya/")
    head.get_by_text(number).first.wait_for()
    assert head.goto(f"/petugas/laporan/{number}/").status == 404  # a head of an RT is no officer


def test_a_camat_sees_the_kelurahan_and_prints_the_meeting(visitor):
    camat = visitor(viewport=DESK)
    sign_in(camat, "camat")
    camat.goto("/petugas/semua/")
    assert camat.locator(".inbox-row").count() > 0
    camat.get_by_role("link", name="Lembar").first.click()
    for sheet in ("/petugas/lembar/apel/", "/petugas/lembar/rapat/"):
        assert camat.goto(sheet).status == 200
        assert camat.locator("main h1, main h2").count() > 0
    assert camat.goto("/petugas/lembar/rapim/").status == 404  # the whole city is not the camat's


def test_the_secretary_sees_the_city_on_one_sheet_and_writes_a_note(visitor):
    secretary = visitor(viewport=DESK)
    sign_in(secretary, "sekda")
    assert secretary.goto("/petugas/lembar/rapim/").status == 200
    secretary.goto(f"/petugas/semua/?wilayah={PLACE[:8]}")
    secretary.locator(".inbox-row a").first.click()
    act(secretary, "catat", words="Mohon dibahas di rapat koordinasi Senin.")
    secretary.get_by_text("Mohon dibahas di rapat koordinasi Senin.").first.wait_for()
    assert secretary.locator('form[action*="/jawab/"], form[action*="/selesaikan/"]').count() == 0

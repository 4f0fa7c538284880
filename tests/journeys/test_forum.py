"""A forum meets, somebody is given something to do, and the next meeting opens with what is undone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from tests.journeys.conftest import DESK
from tests.journeys.test_every_page import AXE
from tests.journeys.test_resident_and_office import sign_in

pytestmark = pytest.mark.journey
TASK = "Menanam lima puluh pohon di tepi sungai"
DAY = timedelta(days=1)


def plan(page, title, day):
    page.goto("/petugas/forum/")
    page.locator("table a").first.click()
    page.get_by_role("link", name="Rapat baru").click()
    page.get_by_label("Judul").fill(title)
    page.get_by_label("Tanggal").fill(day.isoformat())
    page.get_by_label("Mulai pukul").fill("08:00")
    page.get_by_label("Selesai pukul").fill("10:00")
    page.get_by_label("Tempat").fill("Balai kota")
    page.get_by_label("Agenda").fill("Sungai\nLain-lain")
    page.get_by_role("button", name="Simpan dan undang").click()
    assert "Dibuka dengan yang belum selesai" in page.inner_text("main")


def unfold(page, verb):
    section = page.locator(f"#{verb}")
    if section.locator("details").get_attribute("open") is None:
        section.locator("summary").click()
    return section


def test_what_is_undone_opens_the_next_meeting(visitor):
    today = timezone.localdate()
    keeper = visitor(viewport=DESK)
    sign_in(keeper, "kemitraan")
    plan(keeper, "Rapat sungai", today - DAY)
    keeper.get_by_role("link", name="Kelola rapat").click()
    present = unfold(keeper, "hadir")
    for box in present.locator("input[type=checkbox]").all():
        box.check()
    present.get_by_role("button", name="Simpan kehadiran").click()
    assert "Kuorum tercapai" in keeper.inner_text("main")
    minutes = unfold(keeper, "notulen")
    minutes.locator("textarea").nth(1).fill("Tepi sungai perlu dihijaukan.")
    minutes.get_by_role("button", name="Simpan notulen").click()
    decided = unfold(keeper, "putus")
    decided.get_by_label("Keputusan", exact=True).fill("Tepi sungai dihijaukan bersama.")
    decided.get_by_role("button", name="Simpan keputusan").click()
    task = unfold(keeper, "tugas")
    task.get_by_label("Yang harus dikerjakan").fill(TASK)
    task.get_by_label("Penanggung jawab").select_option(index=1)
    task.get_by_label("Paling lambat").fill((today + 40 * DAY).isoformat())
    task.get_by_role("button", name="Tambah tindak lanjut").click()
    approved = unfold(keeper, "sah")
    approved.get_by_role("button", name="Sahkan notulen").click()
    plan(keeper, "Rapat sesudah sungai", today + 20 * DAY)
    address = re.sub(r"^https?://[^/]+", "", keeper.url)

    reader = visitor(javascript=False)
    reader.goto(address)
    called = reader.locator("section", has_text="Dibuka dengan yang belum selesai").locator(".row-name")
    titles = called.all_inner_texts()
    assert TASK in titles
    assert titles.index(TASK) > 0  # the demo's late one is called before it
    reader.get_by_role("link", name=TASK).click()
    assert "Belum selesai" in reader.inner_text("main")

    keeper.goto(re.sub(r"^https?://[^/]+", "", reader.url))
    done = unfold(keeper, "selesai")
    done.get_by_label("Apa yang sudah dikerjakan").fill("Ditanam bersama warga hari Minggu.")
    done.get_by_role("button", name="Sudah selesai").click()
    reader.goto(address)
    assert TASK not in reader.inner_text("main")


def test_a_resident_asks_and_the_answer_becomes_a_follow_up(visitor):
    resident = visitor(javascript=False)
    sign_in(resident, "warga")
    resident.goto("/forum/")
    resident.locator("main .row-name a").first.click()
    resident.get_by_role("link", name="Percakapan", exact=True).click()
    resident.locator("main .row-name a").first.click()
    resident.get_by_role("textbox", name="Pesan").fill("Bolehkah warga RT ikut menanam?")
    resident.get_by_role("button", name="Kirim pesan").click()
    assert "Bolehkah warga RT ikut menanam?" in resident.inner_text("main")
    thread = re.sub(r"^https?://[^/]+|[?#].*$", "", resident.url)

    keeper = visitor()
    sign_in(keeper, "kemitraan")
    keeper.goto(thread)
    keeper.locator('a[href^="/percakapan/pesan/"]').last.click()
    assert Axe().run(keeper, options=AXE).violations_count == 0
    assert keeper.evaluate("document.documentElement.scrollWidth") <= 360
    unfold(keeper, "putusan").get_by_role("button", name="Tandai sebagai keputusan").click()
    keeper.locator('a[href^="/percakapan/pesan/"]').last.click()
    task = unfold(keeper, "tugas")
    task.get_by_label("Penanggung jawab").select_option(index=1)
    task.get_by_label("Paling lambat").fill((timezone.localdate() + 30 * DAY).isoformat())
    task.get_by_role("button", name="Jadikan tindak lanjut").click()
    resident.reload()
    assert "Yang sudah diputuskan" in resident.inner_text("main")
    resident.get_by_role("link", name="Lihat tindak lanjutnya").last.click()
    assert "Bolehkah warga RT ikut menanam?" in resident.inner_text("h1")

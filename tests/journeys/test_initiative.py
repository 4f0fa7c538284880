"""Thirty-four reports become a need and an initiative: five partners promise, two withdraw, one is late, work is proved,
reporters confirm, and a company takes its year's report home. On phones without a script, but for who checks.
"""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from PIL import Image

from tests.journeys.conftest import DESK
from tests.journeys.scene_of_initiative import BY_HAND, HOW_MANY
from tests.journeys.test_partners import sign_in_by_mail
from tests.journeys.test_resident_and_office import sign_in
from tests.papers import words_on

pytestmark = pytest.mark.journey

TITLE = "Gang Uji Bebas Genangan"
PUBLIC = "/prakarsa/gang-uji-bebas-genangan/"
DESK_PAGE = "/petugas/prakarsa/gang-uji-bebas-genangan/"
SOON, LATER = (date.today() + timedelta(days=n) for n in (3, 9))


def picture(name: str) -> dict[str, Any]:
    """Small, so that the worker is not kept looking at it from what the reporters wait for."""
    out = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(out, "JPEG")
    return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def around(site, *words: str) -> dict[str, Any]:
    """Part of the scene, set by the actions beside the server."""
    return json.loads(site.run("-m", "tests.journeys.scene_of_initiative", *words).splitlines()[-1])


def send(page, address: str, button: str, **said: str) -> None:
    """Open the page of one thing that can be done, fill its form and send it."""
    page.goto(address)
    for name, value in said.items():
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name=button, exact=True).click()
    page.locator(".notice-success").first.wait_for()


def promise(page, amount: int) -> str:
    """Promise hours for the partner; returns the promise's page."""
    page.goto(PUBLIC)
    page.get_by_role("link", name="Saya dapat membantu").first.click()
    page.locator("select[name=giver]").select_option(index=1)
    page.fill("[name=amount]", str(amount))
    page.fill("[name=due_on]", SOON.isoformat())
    page.get_by_label("Tidak ada").check()
    page.get_by_role("button", name="Kirim janji").click()
    page.get_by_text("Janji terkirim").wait_for()
    page.get_by_role("link", name=re.compile(f"^{amount} jam")).first.click()
    return page.url


def need_of_reports(lurah, code: str) -> None:
    """The group of reports is found, chosen as it stands, written as a need and published."""
    lurah.goto(f"/petugas/kebutuhan/laporan/?wilayah={code}&kategori=sampah&hari=2")
    assert lurah.locator("input[name=laporan]:checked").count() >= HOW_MANY
    lurah.get_by_role("button", name="Tulis kebutuhannya").click()
    lurah.get_by_text(re.compile(r"Di baliknya: \d+ laporan")).wait_for()
    lurah.fill("#id_title", TITLE)
    lurah.fill("#id_why", "Saluran dikeruk bersama agar gang tidak tergenang.")
    lurah.select_option("#id_theme", "sungai-air")
    lurah.select_option("#id_place", code)
    lines = (("HOURS", "Mengeruk saluran", "90"), ("MONEY", "Karung dan sewa gerobak", "5000000"))
    for n, (resource, purpose, amount) in enumerate(lines):
        lurah.select_option(f"#id_b{n}-resource", resource)
        lurah.fill(f"#id_b{n}-purpose", purpose)
        lurah.fill(f"#id_b{n}-amount", amount)
    lurah.get_by_role("button", name="Simpan").click()
    lurah.get_by_role("link", name="Terbitkan").click()
    lurah.locator("main form button[type=submit]").first.click()
    lurah.get_by_role("link", name="Kerjakan sebagai prakarsa").click()


def begin(lurah) -> None:
    """The need is taken up, the initiative stands on its legal ground, is opened and begun."""
    lurah.get_by_text("barisnya disalin").wait_for()
    lurah.get_by_role("button", name="Simpan rancangan").click()
    lurah.get_by_text("Rancangan tersimpan").wait_for()
    lurah.goto(f"{DESK_PAGE}tanpa-izin/")
    lurah.get_by_label("Gotong royong terbatas").check()
    lurah.get_by_role("button", name="Simpan").click()
    lurah.locator(".notice-success").first.wait_for()
    send(lurah, f"{DESK_PAGE}buka/", "Buka sekarang")
    send(lurah, f"{DESK_PAGE}mulai/", "Mulai")


def answer_reports(lurah, numbers: list[str]) -> None:
    lurah.goto(f"{DESK_PAGE}laporan/")
    for number in numbers:
        lurah.locator(f"#l-{number}").check()
    lurah.get_by_role("button", name="Jawab yang dipilih").click()
    lurah.get_by_text(f"{HOW_MANY} laporan dijawab").wait_for()


def deliver(giver, kept: str, receiver) -> None:
    """Brought with a photo; whoever received it signs by the link."""
    giver.goto(f"{kept}serahkan/")
    giver.fill("[name=receiver_name]", "Penerima Uji")
    giver.set_input_files("[name=photos]", picture("diserahkan"))
    giver.get_by_role("button", name="Kirim", exact=True).click()
    giver.get_by_text("Penyerahan tercatat").wait_for()
    receiver.goto(giver.locator(".initiative-key").get_attribute("href"))
    receiver.get_by_role("button", name="Saya sudah menerima").click()
    receiver.get_by_text("tanda terima Anda tercatat").wait_for()


def prove(lurah, checker) -> None:
    """What was brought is found there by another; the work is shown and found done."""
    checker.goto(DESK_PAGE)
    checker.get_by_role("link", name="Periksa penyerahan").first.click()
    checker.get_by_role("button", name="Nyatakan terbukti ada").click()
    checker.get_by_text("Penyerahan terbukti").first.wait_for()
    lurah.goto(DESK_PAGE)
    lurah.get_by_role("link", name="Kirim bukti pekerjaan").first.click()
    lurah.fill("[name=words]", "Saluran dikeruk sepanjang gang.")
    lurah.set_input_files("[name=photos]", picture("selesai"))
    lurah.get_by_role("button", name="Kirim bukti").click()
    lurah.get_by_text("Bukti terkirim").wait_for()
    checker.goto(DESK_PAGE)
    checker.get_by_role("link", name="Pekerjaan terbukti selesai").click()
    checker.get_by_role("button", name="Nyatakan terbukti").click()
    checker.get_by_text("Pekerjaan terbukti.").first.wait_for()


def confirm(resident, link: str) -> None:
    for _try in range(90):  # the worker completes the cases, after it looked at the photos
        resident.goto(link)
        if resident.get_by_role("button", name="Ya, sudah selesai").count():
            break
        resident.wait_for_timeout(1000)
    resident.get_by_role("button", name="Ya, sudah selesai").click()
    resident.get_by_text("Selesai, dikonfirmasi").first.wait_for()


def take_home(company, slug: str) -> str:
    """The year's report is given out and downloaded; returns its text."""
    company.goto("/prakarsa/saya/")
    company.locator(f'a[href="/prakarsa/mitra/{slug}/tjsl/"]').click()
    company.get_by_role("link", name="TJSL").first.click()
    company.get_by_role("button", name="Terbitkan dokumen").click()
    company.get_by_text("Dokumen diterbitkan").wait_for()
    company.get_by_text("Sidik isi").wait_for()
    with company.expect_download() as begun:
        company.get_by_role("link", name="Unduh PDF").click()
    assert re.fullmatch(r"tjsl-\d{4}\.pdf", begun.value.suggested_filename)
    return words_on(begun.value.path().read_bytes())


def test_reports_become_an_initiative_and_are_confirmed(visitor, site):
    made = around(site, "reports")
    lurah = visitor(javascript=False)
    sign_in(lurah, "lurah")
    need_of_reports(lurah, made["place"])
    begin(lurah)
    answer_reports(lurah, [number for number, _link in made["reports"]])
    stranger = visitor(javascript=False)
    stranger.goto(f"/laporan/{made['reports'][0][0]}/")
    stranger.get_by_role("link", name=TITLE).click()
    stranger.get_by_text(f"{HOW_MANY} laporan warga dijawab").wait_for()

    first, second = visitor(javascript=False), visitor(javascript=False)
    sign_in(first, "warga")
    sign_in_by_mail(second, "mitra-2")
    kept, broken = promise(first, 20), promise(second, 15)
    for _n in range(2):
        lurah.goto(DESK_PAGE)
        lurah.get_by_role("link", name="Terima janji").first.click()
        lurah.get_by_role("button", name="Terima", exact=True).click()
        lurah.get_by_text("Janji diterima").first.wait_for()
    send(first, f"{kept}undur/", "Simpan hari baru", due_on=LATER.isoformat(), words="Hujan seharian.")
    send(second, f"{broken}tarik/", "Tarik", words="Anggota kami sakit.")
    stranger.goto(PUBLIC)
    stranger.get_by_text("Dijanjikan 20 jam, diserahkan 0 jam").wait_for()
    told = around(site, "partners", "gang-uji-bebas-genangan")
    deliver(first, kept, stranger)
    checker = visitor(javascript=False, viewport=DESK)
    sign_in(checker, "seklur")
    prove(lurah, checker)
    stranger.goto(PUBLIC)
    stranger.get_by_text("Dijanjikan 50 jam, diserahkan 50 jam").wait_for()

    for _number, link in made["reports"][:BY_HAND]:
        confirm(visitor(javascript=False), link)
    assert around(site, "confirm")["states"] == {"CONFIRMED": HOW_MANY}
    send(
        lurah, f"{DESK_PAGE}selesai/", "Nyatakan selesai", words="Saluran lancar; gang tidak tergenang lagi."
    )
    stranger.goto(PUBLIC)
    stranger.get_by_text(f"{HOW_MANY} sudah selesai dikerjakan").wait_for()
    assert "Penerima Uji" not in stranger.content()

    company = visitor(javascript=False)
    sign_in_by_mail(company, told["email"].partition("@")[0])
    paper = take_home(company, told["company"])
    assert all(words in paper for words in (told["name"], TITLE, "Rp5.000.000"))

"""A report's whole way, by a resident without JavaScript and one with it, and the offices between."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from PIL import Image

from tests.journeys.conftest import DESK, until

pytestmark = pytest.mark.journey

PLACE = "32.73.01.1001"


def photo(colour: str = "olive") -> dict:
    out = BytesIO()
    Image.effect_noise((1800, 1200), 60).convert("RGB").save(out, "JPEG", quality=95)
    assert len(out.getvalue()) > 400_000
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def sign_in(page, slug: str) -> None:
    page.goto("/masuk/")
    page.locator(f'form:has(input[value="{slug}@demo.guyub.example"]) button').click()
    code = page.locator(".notice .number").inner_text()
    page.get_by_label("Kode", exact=True).fill(code)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile("/(petugas|saya)/"))


def fill_report(page, words: str, category: str = "kebisingan") -> None:
    page.select_option("#id_category", category)
    page.fill("#id_body", words)
    page.select_option("#id_place", PLACE)
    page.fill("#id_landmark", "Dekat pos ronda contoh")


def number_on(page) -> str:
    return re.search(r"LAP-\d{4}-\d{6}", page.locator("h1").inner_text())[0]


def test_from_a_phone_without_javascript_to_confirmed(visitor):
    resident = visitor(javascript=False)
    resident.goto("/")
    resident.get_by_role("link", name="Buat laporan").first.click()
    fill_report(resident, "x           ")  # long enough for the browser, too short once read
    resident.set_input_files("#id_photos", photo())
    resident.get_by_role("button", name="Kirim laporan").click()
    resident.get_by_text("Belum terkirim").first.wait_for()
    assert resident.locator(".photo-grid img").count() == 1  # the photo is kept by the server's draft
    resident.fill("#id_body", "Suara pengeras dari acara di lapangan contoh sampai lewat tengah malam.")
    resident.get_by_role("button", name="Kirim laporan").click()
    different = resident.get_by_role("button", name="Ini berbeda")
    resident.get_by_text(re.compile("Laporan terkirim|Ini berbeda")).first.wait_for()
    if different.count():
        different.click()
    resident.get_by_text("Laporan terkirim").first.wait_for()
    number, link = number_on(resident), resident.url

    stranger = visitor(javascript=False)
    stranger.goto(f"/laporan/{number}/")
    assert "tengah malam" not in stranger.content()

    lurah = visitor(javascript=False, viewport=DESK)
    sign_in(lurah, "koordinator")
    lurah.goto(f"/petugas/laporan/{number}/")
    lurah.get_by_text("tengah malam").first.wait_for()
    act(lurah, "verifikasi")
    lurah.get_by_text("Diverifikasi").first.wait_for()
    stranger.reload()
    assert "tengah malam" in stranger.content()

    hand_to_own_office(lurah, number)
    office = visitor(javascript=False, viewport=DESK)
    sign_in(office, "penghubung")
    office.goto(f"/petugas/laporan/{number}/")
    act(office, "jawab", words="Kami periksa lokasinya hari ini bersama petugas kelurahan.")
    office.locator(".timeline").get_by_text("menjawab").first.wait_for()
    complete(office, number)

    resident.goto(link)
    resident.locator("summary", has_text="Belum selesai").click()
    resident.fill("#dispute-words", "Semalam masih terdengar sampai pukul dua.")
    resident.get_by_role("button", name="Buka kembali laporan").click()
    resident.get_by_text("Laporan dibuka kembali").first.wait_for()

    complete(office, number)
    resident.goto(link)
    resident.get_by_role("button", name="Ya, sudah selesai").click()
    resident.get_by_text("Selesai, dikonfirmasi").first.wait_for()
    stranger.reload()
    assert "Selesai, dikonfirmasi" in stranger.content()


def act(page, verb: str, **fields: str) -> None:
    """Fill and send one of the desk's forms by its verb."""
    form = page.locator(f'form[action$="/{verb}/"]')
    opener = page.locator(f"#{verb} > a")
    if opener.count() and not form.first.is_visible():
        opener.first.click()
    for name, value in fields.items():
        form.locator(f"[name={name}]").first.fill(value)
    form.locator("button[type=submit], button:not([type])").last.click()  # a prepared answer has its own


def hand_to_own_office(page, number: str) -> None:
    page.goto(f"/petugas/laporan/{number}/")
    opener = page.locator("#teruskan > a")
    form = page.locator('form[action$="/teruskan/"]')
    if opener.count() and not form.first.is_visible():
        opener.first.click()
    option = form.locator("select option", has_text="Bina Marga").first
    form.locator("select").first.select_option(value=option.get_attribute("value"))
    form.locator("[name=code]").first.check()
    form.locator("textarea").first.fill("Bagian ini tugas dinas, mohon ditindaklanjuti.")
    form.locator("button").first.click()
    page.get_by_text("meneruskan kepada").first.wait_for()


def complete(page, number: str) -> None:
    page.goto(f"/petugas/laporan/{number}/")
    form = page.locator('form[action$="/selesaikan/"]')
    opener = page.locator("#selesaikan > a")
    if opener.count() and not form.first.is_visible():
        opener.first.click()
    form.locator("textarea").first.fill(
        "Penanggung jawab acara sudah ditegur dan berjanji berhenti pukul sepuluh."
    )
    form.locator("input[name=photos]").set_input_files(photo("navy"))
    form.locator("button").last.click()
    page.get_by_text("menunggu konfirmasi").first.wait_for()


DRAFT_IS_KEPT = """new Promise(done => {
  const opening = indexedDB.open("guyub-laporan", 1);
  opening.onsuccess = () => {
    const asked = opening.result.transaction("reports").objectStore("reports").getAll();
    asked.onsuccess = () => done(asked.result.some(one => one.fields.body === document.querySelector("#id_body").value));
  };
})"""


def test_with_javascript_the_text_goes_first_and_the_photo_follows(visitor, site):
    resident = visitor()
    resident.goto("/laporan/baru/")
    words = "Lampu taman contoh padam sejak tiga malam lalu, gelap sekali untuk anak-anak."
    fill_report(resident, words, "taman")
    until(resident, DRAFT_IS_KEPT)
    resident.reload()
    until(resident, f"document.querySelector('#id_body').value === '{words}'")  # the draft lives on the phone
    sent = []
    resident.on(
        "request", lambda r: sent.append((r.method, r.url.split("/", 3)[3], len(r.post_data_buffer or b"")))
    )
    resident.set_input_files("#id_photos", photo())
    resident.wait_for_timeout(500)
    resident.get_by_role("button", name="Kirim laporan").click()
    resident.wait_for_url(re.compile(r"/laporan/(ikuti|baru/mirip)/"))
    if "mirip" in resident.url:
        resident.get_by_role("button", name="Ini berbeda").click()
        resident.wait_for_url(re.compile("/laporan/ikuti/"))
    until(resident, "document.querySelectorAll('main .photo-grid img').length >= 1")
    asked = ("laporan/baru/dekat/", "laporan/baru/kategori/")  # while the words were typed
    posts = [(path, size) for method, path, size in sent if method == "POST" and path not in asked]
    assert posts[0][0] == "laporan/baru/"
    assert posts[0][1] < 10_000  # words alone
    photos = [size for path, size in posts if path.endswith("/foto/")]
    assert len(photos) == 1
    assert photos[0] <= 310_000
    assert re.search(r"LAP-\d{4}-\d{6}", resident.content())


def test_what_was_written_without_signal_is_sent_when_it_returns(visitor):
    resident = visitor()
    resident.goto("/laporan/baru/")
    fill_report(resident, "Papan nama jalan contoh miring dan hampir jatuh ke trotoar.", "fasilitas-umum")
    resident.context.set_offline(True)
    resident.get_by_role("button", name="Kirim laporan").click()
    resident.get_by_text("Tersimpan di ponsel").first.wait_for()
    resident.context.set_offline(False)
    resident.wait_for_url(re.compile(r"/laporan/(ikuti|baru/mirip)/"), timeout=20_000)


def test_a_report_on_conduct_is_the_inspectorates_alone(visitor):
    resident = visitor(javascript=False)
    resident.goto("/laporan/baru/")
    fill_report(
        resident, "Diminta uang terima kasih di loket contoh saat mengurus surat.", "pelayanan-kelurahan"
    )
    resident.check("#id_about_conduct")
    resident.get_by_role("button", name="Kirim laporan").click()
    resident.get_by_text("Laporan terkirim").first.wait_for()
    number = number_on(resident)
    stranger = visitor(javascript=False)
    assert stranger.goto(f"/laporan/{number}/").status == 404
    for slug, status in (
        ("koordinator", 404),
        ("camat", 404),
        ("sekda", 404),
        ("lurah", 404),
        ("inspektorat", 200),
    ):
        officer = visitor(javascript=False, viewport=DESK)
        sign_in(officer, slug)
        assert officer.goto(f"/petugas/laporan/{number}/").status == status, slug

"""Papers: the pages of a PDF become pictures, and nothing that a PDF can do reaches further than its child process."""

import io

import pytest
from django.utils.translation import override
from PIL import Image

from guyub.kernel.files import api as files
from guyub.kernel.files import papers
from guyub.kernel.files.photos import path_of
from guyub.kernel.files.tests import pdfs
from guyub.kernel.files.tests.pdfs import RED, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_indonesian():
    with override("id"):
        yield


def sent(raw: bytes, name: str = "surat.pdf") -> io.BytesIO:
    out = io.BytesIO(raw)
    out.name = name
    return out


def photo() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(out, "JPEG")
    return sent(out.getvalue(), "foto.jpg")


def refused(*uploads: io.BytesIO, **limits: int) -> str:
    with pytest.raises(files.NotAPaper) as no:
        files.pictures_in(uploads, **limits)
    return str(no.value)


def test_pages_become_pictures_in_their_order_beside_photos():
    found = files.pictures_in([photo(), sent(pdf(RED, b"0 0 1 rg 0 0 595 842 re f"))])
    assert (len(found), found.pages, found.said) == (3, 2, "2 halaman PDF disimpan sebagai gambar.")
    red, blue = (Image.open(one) for one in found[1:])
    assert max(red.size) == papers.SIDE
    assert red.getpixel((400, 1200))[0] > 200 > 80 > red.getpixel((400, 1200))[2]
    assert blue.getpixel((400, 1200))[2] > 200
    assert files.pictures_in([photo()]).said == ""


def test_what_is_stored_is_a_picture_and_holds_nothing_of_the_file(city, now):
    secret = b"(RAHASIA-DI-DALAM-BERKAS) pop"
    raw = (
        b"<html><script>alert(1)</script>\n"
        + pdf(RED + b" " + secret, trailer=b"/Info 1 0 R")
        + b"PK\x03\x04 zip"
    )
    (page,) = files.pictures_in([sent(raw, "akta.html")])
    row = files.store_photo(page, at=now, subject="uji:1")
    for thumb in (False, True):
        kept = path_of(row.uuid, thumb=thumb).read_bytes()
        assert kept.startswith(b"\xff\xd8\xff")
        assert not any(part in kept for part in (b"%PDF", b"<script", b"RAHASIA", b"PK\x03\x04"))
    assert (row.width, row.height) == (1131, 1600)


def test_a_photo_with_a_pdf_behind_it_is_a_photo(city, now):
    both = photo().getvalue() + pdf(RED)
    found = files.pictures_in([sent(both)])
    assert found.pages == 0
    row = files.store_photo(found[0], at=now, subject="uji:1")
    assert b"%PDF" not in path_of(row.uuid).read_bytes()


def test_what_was_filled_into_a_form_is_drawn_and_its_script_does_not_run():
    (page,) = files.pictures_in([sent(pdfs.filled())])
    assert Image.open(page).convert("L").getextrema()[0] < 80


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (pdf(*[RED] * (papers.MAX_PAGES + 1)), "PDF ini 21 halaman; paling banyak 20."),
        (pdfs.locked(), "PDF ini terkunci kata sandi."),
        (b"%PDF-1.7\n" + b"bukan apa-apa " * 40, "PDF ini tidak dapat dibaca."),
        (pdf(RED)[:180], "PDF ini tidak dapat dibaca."),
        (pdf(), "PDF ini tidak dapat dibaca."),
        (pdf(RED, box=b"0 0 14400 10"), "Halaman 1 PDF ini ukurannya tidak wajar."),
        (b"PK\x03\x04" + b"docx" * 200, "Berkas ini bukan foto atau PDF."),
        (b"", "Berkas ini bukan foto atau PDF."),
        (b"%PDF-1.7\n" + b"0" * files.MAX_BYTES, "PDF ini terlalu besar."),
    ],
    ids=["many", "locked", "broken", "cut", "empty", "strip", "docx", "nothing", "large"],
)
def test_what_is_refused_and_why(raw, words):
    assert refused(sent(raw)).startswith(words)
    assert refused(photo(), sent(raw, "akta.pdf")).startswith(f"akta.pdf: {words}")


def test_a_page_as_large_as_a_field_is_drawn_small():
    (page,) = files.pictures_in([sent(pdf(RED, box=b"0 0 9999999 9999999"))])
    assert Image.open(page).size == (papers.SIDE, papers.SIDE)


@pytest.mark.parametrize("raw", [pdfs.nested(9), pdfs.unfolding(1500)], ids=["nested", "unfolding"])
def test_a_bomb_ends_in_its_child_and_in_time(raw, monkeypatch):
    monkeypatch.setattr(papers, "MAX_SECONDS", 4)
    monkeypatch.setattr(papers, "MAX_MEMORY", 600 * 1024 * 1024)
    assert len(raw) < files.MAX_BYTES
    assert refused(sent(raw)).startswith("PDF ini terlalu berat untuk dibaca.")
    assert len(files.pictures_in([sent(pdf(RED))])) == 1  # its place is free again


def test_all_pages_of_all_files_are_counted():
    two = [sent(pdf(RED, RED)), sent(pdf(RED, RED))]
    assert refused(*two, most=3) == "Semuanya 4 halaman; paling banyak 3 sekali kirim. Kirim yang perlu saja."
    assert (
        refused(sent(pdf(RED, RED)), most=1)
        == "PDF ini 2 halaman; paling banyak 1. Kirim halaman yang perlu saja."
    )


def test_who_comes_while_many_are_drawn_is_asked_to_come_again(monkeypatch):
    monkeypatch.setattr(papers, "MAX_SECONDS", 0.01)
    for _ in range(papers.AT_ONCE):
        assert papers._places.acquire(timeout=1)
    try:
        assert refused(sent(pdf(RED))).startswith("Banyak PDF sedang dibaca.")
    finally:
        for _ in range(papers.AT_ONCE):
            papers._places.release()

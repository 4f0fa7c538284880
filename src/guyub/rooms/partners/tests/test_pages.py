"""What pages show to whom, what they ask of the database, and what they make of bad input."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guyub.kernel.files.api import Photo
from guyub.kernel.files.tests import pdfs
from guyub.rooms.partners import api as partners
from guyub.rooms.partners import founding, importing, membership, merging, verifying
from guyub.rooms.partners.models import Document, ImportDraft, Invitation, Member, Partner
from guyub.rooms.partners.rules import Role
from guyub.rooms.partners.tests.conftest import BACKEND, PLACE
from guyub.rooms.people.models import Account
from guyub.rooms.places import api as places

pytestmark = pytest.mark.django_db
HOST = {"host": "bandung.localhost"}
CONTACT = {
    "contact_name": "Suharti Rahasia",
    "contact_phone": "0813-5550-7777",
    "contact_email": "s@uji.test",
}
SECRETS = ("Suharti", "5550", "s@uji.test", "Ani Uji", "Budi Uji", "ani@uji.test")


def browser(who: str = "") -> Client:
    made = Client(headers=HOST)
    if who:
        made.force_login(Account.objects.get(email=f"{who}@uji.test"), backend=BACKEND)
    return made


def many(n: int) -> None:
    """Partners of every kind all over the city, as a big registry has them."""
    spots = [row.code for row in places.gazetteer().settlements]
    themes = [theme.code for theme in partners.themes()]
    kinds = list(partners.Kind)
    from django.utils import timezone

    now = timezone.now()
    Partner.objects.bulk_create(
        Partner(
            slug=f"mitra-{k}",
            name=f"Mitra Nomor {k} Contoh",
            kind=kinds[k % len(kinds)],
            themes=[themes[k % len(themes)], themes[(k * 7 + 1) % len(themes)]],
            places=[spots[k % len(spots)], spots[(k * 3) % len(spots)]],
            name_key=f"mitra nomor {k} contoh",
            search_words=f"mitra nomor {k} contoh",
            origin="IMPORT",
            created_at=now,
            changed_at=now,
            **({"is_verified": True, "verified_how": "CITY", "verified_at": now} if k % 3 else {}),
        )
        for k in range(n)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE partners_partner")


def test_five_thousand_partners_cost_a_page_no_more_questions(scene):
    scene.partner("Satu", "ani", verified=True)
    many(5000)
    officer = scene.officer().acting
    asked = {
        "/mitra/": 2,
        f"/mitra/?cari=nomor+7&jenis=COMMUNITY&tema=umkm&wilayah={PLACE}": 2,
        "/mitra/?hal=40": 2,
        "/mitra/jejaring/": 4,  # two of them what other rooms know of who works with whom
        f"/mitra/jejaring/?wilayah={PLACE}": 4,
        "/mitra/satu/": 9,
        "/petugas/mitra/": 7,
    }
    client, desk = Client(headers=HOST), browser("kemitraan")
    assert officer
    for address, most in asked.items():
        visitor = desk if address.startswith("/petugas") else client
        assert visitor.get(address).status_code == 200  # what a process remembers is read once
        with CaptureQueriesContext(connection) as seen:
            visitor.get(address)
        queries = [one["sql"] for one in seen if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert len(queries) <= most, (address, queries)


def test_the_public_sees_an_organisation_and_nobody_in_it(scene):
    row = scene.partner("Kali", "ani", description="Telepon saya 0813-5550-7777.", **CONTACT)
    membership.ask_to_join(partner=row.pk, words="Saya Budi Uji.", by=scene.person("budi"), at=scene.now)
    for state in ("fresh", "verified"):
        for who in ("", "budi", "kemitraan"):
            if state == "verified" and not partners.by_ids(ids=[row.pk])[row.pk].is_verified:
                verifying.verify(partner=row.pk, by=scene.officer(), at=scene.now)
            scene.officer()
            for address in ("/mitra/", "/mitra/kali/", "/mitra/jejaring/", "/mitra/?cari=kali"):
                text = browser(who).get(address).content.decode()
                assert not [word for word in SECRETS if word in text], (state, who, address)
    desk = browser("kemitraan").get(f"/petugas/mitra/{row.uuid}/").content.decode()
    assert "Suharti" in desk
    assert "Ani Uji" not in desk
    assert "Budi Uji" in browser("ani").get("/mitra/kali/kelola/orang/").content.decode()
    shown = founding.profile_of(Partner.objects.get())
    public = partners.Profile(
        **{**{n: getattr(shown, n) for n in shown.__slots__}, "contact_is_public": True}
    )
    founding.change_profile(partner=row.pk, profile=public, by=scene.person("ani"), at=scene.now)
    assert "0813-5550-7777" in browser().get("/mitra/kali/").content.decode()


MANAGE = ("", "profil/", "orang/", "dokumen/", "tutup/")


def test_who_opens_what_in_which_state(scene):
    """People × states: strangers never, members not the board's pages, nobody after the end."""
    row, at = scene.partner("Kali", "ani"), scene.now
    for name, role in (("budi", "PENGURUS"), ("cici", "ANGGOTA")):
        account = scene.person(name).acting
        Member.objects.create(partner=row, account_id=account, role=role, state="ACTIVE", asked_at=at)
    scene.person("dedi")
    officer = scene.officer()

    def opened(who):
        found = {part: browser(who).get(f"/mitra/kali/kelola/{part}").status_code for part in MANAGE}
        return {part for part, status in found.items() if status == 200}

    def seen():
        return {who: opened(who) for who in ("ani", "budi", "cici", "dedi", "kemitraan")}

    board = set(MANAGE) - {"tutup/"}
    living = {"ani": set(MANAGE), "budi": board, "cici": set(), "dedi": set(), "kemitraan": set()}
    assert seen() == living
    assert browser().get("/mitra/kali/").status_code == 200
    founding.suspend(partner=row.pk, words="Ada keluhan serius.", by=officer, at=at)
    assert seen() == living  # to read why; what they send is refused
    assert browser().get("/mitra/kali/").status_code == 404
    answer = browser("ani").post("/mitra/kali/kelola/verifikasi/", follow=True)
    assert "tidak dapat dilakukan" in answer.content.decode()
    founding.close(partner=row.pk, words="Organisasi ini bubar.", by=officer, at=at)
    assert not any(seen().values())
    assert browser().get("/mitra/kali/").status_code == 200
    other = scene.partner("Lain", "dedi")
    double = scene.partner("Lain juga", "eka")
    merging.merge(kept=other.pk, gone=double.pk, words="Keduanya sama.", by=officer, at=at)
    answer = browser().get(f"/mitra/{double.slug}/")
    assert (answer.status_code, answer["Location"]) == (301, "/mitra/lain/")


HOSTILE = (
    "<script>alert(1)</script>",
    "‮terbalik",
    "\x00nol",
    "'; DROP TABLE partners_partner; --",
    "A" * 5000,
    "𝕬" * 200,
)


def test_bad_input_is_answered_in_words(scene):
    ani = scene.person("ani")
    visitor = browser("ani")
    fields = {"kind": "COMMUNITY", "themes": "sampah", "whole": "on", "answers": "on"}
    for text in HOSTILE:
        for address in ("/mitra/", "/mitra/jejaring/"):
            asked = {"cari": text, "jenis": text, "tema": text, "wilayah": text, "hal": text}
            assert visitor.get(address, asked).status_code == 200
        sent = {**fields, "name": text, "description": text}
        assert visitor.post("/mitra/daftar/", sent).status_code in (302, 409, 422)
        sent = {**fields, "name": "x", "kind": text, "themes": text, "place_1": text}
        assert visitor.post("/mitra/daftar/", sent).status_code == 422
    names = list(Partner.objects.values_list("name", flat=True))
    assert not any("\x00" in name or "‮" in name for name in names)
    page = visitor.get("/mitra/").content.decode()
    assert "<script>alert(1)" not in page
    row = scene.partner("Kali", "budi")
    Member.objects.create(
        partner=row, account_id=ani.acting, role="PENGURUS", state="ACTIVE", asked_at=scene.now
    )
    for name, content in (("a.jpg", b"GIF89a<?php"), ("b.svg", b"<svg onload='x'/>"), ("c.jpg", b"")):
        sent = {"kind": "AKTA", "pictures": SimpleUploadedFile(name, content)}
        assert visitor.post("/mitra/kali/kelola/dokumen/", sent).status_code == 422
    assert not Document.objects.exists()
    for website in ("javascript:alert(1)", "data:text/html,x", "ftp://x.test"):
        sent = {"name": "Kali", "whole": "on", "legal_form": "NONE", "website": website}
        assert visitor.post("/mitra/kali/kelola/profil/", sent).status_code == 422
    for action in ("", "hapus", "serahkan"):
        member = Member.objects.get(partner=row, role="PENANGGUNG_JAWAB")
        answer = visitor.post(f"/mitra/kali/kelola/orang/{member.pk}/", {"tindakan": action})
        assert answer.status_code == 302
    assert Member.objects.get(pk=member.pk).role == "PENANGGUNG_JAWAB"
    for key in ("x", "-", "a" * 32 + "-b", "é-é", "0" * 32):
        assert visitor.get(f"/mitra/undangan/{key}/").status_code == 404


def test_a_document_may_be_pdf_and_its_pages_are_told(scene):
    row = scene.partner("Kali", "ani")
    board, address = browser("ani"), "/mitra/kali/kelola/dokumen/"
    for name, raw, words in (
        ("a.pdf", pdfs.locked(), "PDF ini terkunci kata sandi."),
        ("b.docx", b"PK\x03\x04" * 99, "Berkas ini bukan foto atau PDF."),
        ("c.pdf", pdfs.pdf(*[pdfs.RED] * 21), "PDF ini 21 halaman; paling banyak 20."),
    ):
        answer = board.post(address, {"kind": "AKTA", "pictures": SimpleUploadedFile(name, raw)})
        assert (answer.status_code, words in answer.content.decode()) == (422, True), name
    assert not Document.objects.exists()
    good = SimpleUploadedFile("akta.pdf", pdfs.pdf(pdfs.RED, pdfs.RED, pdfs.RED))
    page = board.post(address, {"kind": "AKTA", "pictures": good}, follow=True).content.decode()
    assert "3 halaman PDF disimpan sebagai gambar." in page
    assert re.search(r"Akta pendirian.*3 halaman<", page)
    photos = Photo.objects.filter(subject=Document.objects.get(partner=row).subject)
    assert list(photos.order_by("position").values_list("position", "is_public")) == [
        (n, False) for n in range(3)
    ]


def test_an_invitation_is_taken_on_its_page(scene):
    row = scene.partner("Kali", "ani")
    membership.invite(
        partner=row.pk, email="budi@uji.test", role=Role.MEMBER, by=scene.person("ani"), at=scene.now
    )
    address = f"/mitra/undangan/{membership.key_of(Invitation.objects.get())}/"
    assert browser().get(address).url.startswith("/masuk/?next=")
    scene.person("budi")
    guest = browser("budi")
    assert guest.get(address).status_code == 200
    assert guest.post(address).url == "/mitra/saya/"
    assert Member.objects.filter(partner=row, state="ACTIVE").count() == 2
    assert guest.get(address).status_code == 404


def test_a_draft_stays_and_a_double_is_asked_about(scene):
    there = scene.partner("Yayasan Kali Jernih", "budi")
    scene.person("ani")
    visitor = browser("ani")
    sent = {"name": "Kali Jernih", "kind": "COMMUNITY", "themes": "sampah", "place_1": PLACE, "answers": "on"}
    page = visitor.post("/mitra/daftar/", sent)
    assert page.status_code == 409
    assert f'href="/mitra/{there.slug}/"' in page.content.decode()
    assert 'value="Kali Jernih"' in page.content.decode()
    assert visitor.post("/mitra/daftar/", {**sent, "is_other": "on"}).status_code == 302
    assert Partner.objects.count() == 2


def test_a_list_is_chosen_row_by_row_on_the_desk(scene):
    there = scene.partner("Kali Jernih", "ani")
    scene.officer()
    visitor = browser("kemitraan")
    lines = [f"Komunitas Rekaan {word}" for word in ("Satu", "Dua", "Tiga")] + ["Komunitas Kali Jernih"]
    file = SimpleUploadedFile("daftar.csv", ("Nama;Jenis\r\n" + "".join(f"{x};\r\n" for x in lines)).encode())
    answer = visitor.post("/petugas/mitra/impor/", {"file": file})
    assert answer.status_code == 302
    where = answer["Location"]
    assert "namanya sama" in visitor.get(where).content.decode()
    assert visitor.post(where, {}).status_code == 422
    assert visitor.post(where, {"baris_5": "skip", "baris_x": "1", "baris_999999999": "2"}).status_code == 302
    assert Partner.objects.count() == 4
    assert not ImportDraft.objects.exists()
    for bad in (b"", b"\x00\x01", b"PK\x03\x04 no zip", b"Nama;Jenis\r\n"):
        sent = {"file": SimpleUploadedFile("x.xlsx", bad)}
        assert visitor.post("/petugas/mitra/impor/", sent).status_code == 422
    assert len(importing.TABLE.columns) == 14
    assert there.pk
    for form in ("csv", "xlsx"):
        assert visitor.get(f"/petugas/mitra/impor/contoh.{form}").status_code == 200
    assert visitor.get("/petugas/mitra/impor/contoh.exe").status_code == 404

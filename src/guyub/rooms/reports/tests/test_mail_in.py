"""Reports by mail: once, with photos; what is not plain waits for its sender; nobody is believed by their address."""

from __future__ import annotations

import io
import random
from email.message import EmailMessage

import pytest
from django.core import mail
from PIL import Image
from tests import factories

from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.rooms.reports import mail_rules
from guyub.rooms.reports.actions import find_draft, subject_of
from guyub.rooms.reports.mail_in import Outcome, find_address, receive
from guyub.rooms.reports.models import Draft, Origin, Report

pytestmark = pytest.mark.django_db
HOST = factories.HOST
WORDS = "Sampah menumpuk di depan gang, Kelurahan Dago, sejak tiga hari."


def letter(
    body=WORDS, *, subject="Sampah", sender="Bu Rekaan <rekaan@contoh.test>", own_id="<1@contoh.test>", **more
):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "lapor@kota.test", subject
    if own_id:
        made["Message-ID"] = own_id
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    made.set_content(body)
    return made


def photo(colour="teal"):
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    return out.getvalue()


def take(made, now):
    return receive(raw=made if isinstance(made, bytes) else made.as_bytes(), at=now)


@pytest.fixture
def crew(city):
    return factories.add_people()


def test_where_place_and_kind_are_plain_it_is_a_report_once(crew, now):
    made = letter()
    made.add_attachment(photo(), maintype="image", subtype="jpeg", filename="gang.jpg")
    made.add_attachment(b"not a photo", maintype="image", subtype="png", filename="x.png")
    assert take(made, now) is Outcome.REPORT
    assert take(made, now) is Outcome.AGAIN
    report = Report.objects.get()
    assert (report.place.code, report.category.code, report.state) == ("32.73.02.1004", "sampah", "RECEIVED")
    assert (report.account_id, report.published_at, report.is_anonymous) == (None, None, False)
    assert Photo.objects.filter(subject=subject_of(report), is_public=False).count() == 1
    origin = Origin.objects.get()
    assert (origin.channel, origin.entered_by) == ("SUREL", None)
    assert [
        f.payload["channel"] for f in ledger.facts_about(subject_of(report)) if "channel" in f.payload
    ] == ["SUREL"]
    assert not Draft.objects.exists()
    assert "rekaan" not in f"{origin.external_id} {report.body}"


def test_where_the_kelurahan_is_not_told_the_sender_gets_a_link_and_no_half_report(crew, now, client):
    made = letter("Lampu jalan mati sejak Senin di depan masjid.", subject="Lampu mati")
    made.add_attachment(photo(), maintype="image", subtype="jpeg", filename="lampu.jpg")
    assert take(made, now) is Outcome.DRAFT
    assert take(made, now) is Outcome.AGAIN
    assert not Report.objects.exists()
    draft, notice = Draft.objects.get(), Notice.objects.get()
    kept = find_draft(draft.uuid, at=now)
    assert (kept["email"], kept["place"], kept["category"]) == ("rekaan@contoh.test", "", "lampu-jalan")
    assert notice.link.endswith(f"?draft={draft.uuid}")
    assert find_address(notice.recipient) == "rekaan@contoh.test"
    page = client.get(notice.link, headers=HOST)
    assert page.status_code == 200
    for word in ("depan masjid", 'value="lampu-jalan" selected', "<img"):
        assert word in page.text


def test_what_is_about_conduct_goes_by_the_form(crew, now):
    assert take(
        letter("Petugas Kelurahan Dago minta pungli untuk surat, pungutan liar.", subject="Pungli"), now
    ) is (Outcome.DRAFT)
    assert not Report.objects.exists()


def test_no_report_is_touched_by_whoever_a_mail_says_that_it_is_from(crew, now):
    report, _case = factories.send(at=now, email="rekaan@contoh.test", name="Bu Rekaan")
    before = len(ledger.facts_about(subject_of(report)))
    for n, made in enumerate(
        (
            letter(subject=f"Re: Laporan Anda {report.number} kami terima", own_id="<2@x.test>"),
            letter(subject="Jawaban", own_id="<3@x.test>", In_Reply_To="<x@bandung.localhost>"),
            letter(subject=f"{report.number} sudah selesai", own_id="<4@x.test>"),
        )
    ):
        assert take(made, now) is Outcome.DRAFT, n
    assert Report.objects.count() == 1
    assert len(ledger.facts_about(subject_of(report))) == before
    assert all("tidak dicatat pada laporan yang sudah ada" in one.body for one in Notice.objects.all())


def test_known_and_unknown_senders_are_answered_alike(crew, now):
    factories.send(at=now, email="dikenal@contoh.test")
    for n, sender in enumerate(("dikenal@contoh.test", "asing@contoh.test")):
        take(letter("Ada masalah di sini, tolong.", sender=sender, own_id=f"<{n}@y.test>"), now)
    first, second = Notice.objects.filter(recipient__startswith="draft:")
    assert (first.subject, first.body) == (second.subject, second.body)


@pytest.mark.parametrize(
    "more",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; x=1"},
        {"Precedence": "bulk"},
        {"Precedence": "list"},
        {"List_Id": "<warga.contoh.test>"},
        {"Return_Path": "<>"},
        {"sender": "MAILER-DAEMON@contoh.test"},
        {"sender": "no-reply@contoh.test"},
        {"sender": "x-bounces+y=z@contoh.test"},
    ],
)
def test_machines_are_not_answered(crew, now, more):
    assert take(letter(**more), now) is Outcome.AUTOMATIC
    assert not Report.objects.exists()
    assert not Notice.objects.exists()
    assert not Draft.objects.exists()


def test_what_we_send_says_that_a_machine_sent_it(crew, now):
    from guyub.kernel.notices import mailing

    mailing.send(to="a@contoh.test", subject="x", parts=["y"], leave="", key="k")
    assert take(mail.outbox[-1].message().as_bytes(), now) is Outcome.AUTOMATIC


def test_one_sender_cannot_flood(crew, now):
    found = [take(letter(own_id=f"<{n}@z.test>"), now) for n in range(22)]
    assert found.count(Outcome.REPORT) == 20
    assert found[-1] is Outcome.TOO_MANY


def test_two_senders_with_one_message_id_are_two(crew, now):
    assert take(letter(), now) is take(letter(sender="lain@contoh.test"), now) is Outcome.REPORT


def test_only_the_senders_own_words_are_taken():
    for text, wanted in (
        ("Lampu mati.\n\nPada Sen, 1 Nov 2026 pukul 10 Kota <a@b> menulis:\n> lama", "Lampu mati."),
        ("Lampu mati.\n-- \nBu Rekaan\n0812", "Lampu mati."),
        ("Lampu mati.\n\nDikirim dari iPhone saya", "Lampu mati."),
        ("Lampu mati.\nSent from my iPhone", "Lampu mati."),
        ("> hanya kutipan", "> hanya kutipan"),
        ("-- \nsemua di bawah garis", "-- \nsemua di bawah garis"),
        ("Pada hari Senin lampu mati, kata RT.", "Pada hari Senin lampu mati, kata RT."),
        ("a -- b\n--\nc", "a -- b"),
    ):
        assert mail_rules.own_words(text) == wanted


def test_html_is_read_as_words():
    made = EmailMessage()
    made["From"] = "a@contoh.test"
    made.set_content(
        "<style>p{}</style><p>Lampu <b>mati</b></p><script>alert(1)</script><br>di&nbsp;gang", subtype="html"
    )
    found = mail_rules.read_letter(made.as_bytes())
    assert "Lampu mati" in found.body
    assert "alert" not in found.body
    assert "p{}" not in found.body
    assert "<" not in found.body


def hostile():
    deep = b"From: a@contoh.test\n" + b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(1500)
    )
    head = b"From: a@contoh.test\nMessage-ID: <h@x>\n"
    yield from (b"", b"\n", b"\0" * 1000, b"\xff" * 5000, b"From: a@contoh.test", deep)
    yield head + b"Content-Type: text/plain; charset=x-nobody\n\n" + WORDS.encode()
    yield head + b"Content-Type: text/plain; charset=zlib\n\n" + WORDS.encode()
    yield head + b'Content-Type: text/plain; charset="\0"\n\nx'
    yield head + b"Content-Transfer-Encoding: base64\n\n!!!!"
    yield head + b"Content-Transfer-Encoding: x\n\n\x80\x81"
    yield head + b"Content-Type: ;;;=\n\nx"
    yield head + b"Content-Disposition: attachment; filename*=utf-8'x'%ff%00\nContent-Type: image/png\n\nx"
    yield head + b"Subject: =?utf-8?b?" + b"A" * 60_000 + b"?=\n\nx"
    yield head + b"Subject: =?x?q?=0d=0aBcc:_victim@contoh.test?=\n\n" + b"x" * 20
    yield b"From: =?utf-8?q?a=0d=0aBcc:_v@contoh.test?= <a@contoh.test>\n\nLampu mati di jalan ini."
    yield b"From: a@contoh.test\r\n Bcc: v@contoh.test\n\nLampu mati di jalan ini."
    yield b"From: <a@contoh.test\0>, b@contoh.test\n\nx"
    yield b"From: " + b"<" * 50_000 + b"\n\nx"
    yield b"From: " + b"(" * 5_000 + b"\n\nx"
    yield head + b"\n" + b"x" * 3_000_000
    yield head + b"Content-Type: text/html\n\n" + b"<div>" * 50_000
    yield head + b"Content-Type: text/html\n\n<![x" + b"<!--" * 5000


@pytest.mark.parametrize("n", range(23))
def test_whatever_comes_is_answered_and_nothing_is_half_written(crew, now, n):
    found = list(hostile())
    assert len(found) == 23
    assert take(found[n], now) in Outcome
    for notice in Notice.objects.all():
        to, subject = find_address(notice.recipient), notice.subject
        assert "\n" not in f"{to}{subject}"
        assert "v@" not in (to or "")
        assert "victim" not in subject
    assert Origin.objects.count() == Report.objects.count()


def test_broken_bytes_never_raise():
    chance, whole = random.Random(5), letter().as_bytes()
    for _ in range(300):
        raw = bytearray(whole)
        for _again in range(8):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        mail_rules.read_letter(bytes(raw))

"""Who reported stays with the few who may know; what is hidden is hidden everywhere."""

from __future__ import annotations

import io
import json
import logging
import re
import uuid
from pathlib import Path
from smtplib import SMTPRecipientsRefused

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.urls import get_resolver
from django.utils import timezone
from PIL import ExifTags, Image

from guyub.kernel import tasks
from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices import api as notices
from guyub.rooms.casework.api import State
from guyub.rooms.casework.models import Evidence
from guyub.rooms.conversation.models import Message
from guyub.rooms.people.models import Contact
from guyub.rooms.reports import actions
from guyub.rooms.reports.models import Draft, Report
from tests.architecture.test_house import routes
from tests.factories import bring_to, picture, send
from tests.security.conftest import CONTACT, EMAIL, NAME, NIK, PERSONS, PHONE, SECRETS, Browser
from tests.security.test_routes import SEES_THE_CASE, TABLE, filled

pytestmark = pytest.mark.django_db
PEOPLE = (NAME, EMAIL, PHONE)
HAZARD = "kabel-listrik"


def pages(scene, person: str) -> dict[str, str]:
    """Every page that a person gets by GET, with the reports of the scene in turn."""
    browser, found = scene.browser(person), {}
    for _, path, *_ in TABLE:
        if "ikuti" in path or path == "/keluar/":
            continue
        names = scene.reports if "{published}" in path else ("published",)
        for name in names:
            address = filled(path.replace("{published}", "{" + name + "}"), scene)
            answer = browser.get(address)
            text = (
                answer.whole.decode("latin-1")
                if answer.streaming
                else answer.content.decode(errors="replace")
            )
            found[address] = text + str(dict(answer.headers))
    return found


def test_numbers_of_people_in_a_landmark_are_not_published(scene, now):
    """The officer redacts the words; the landmark beside them is the reporter's own."""
    for said in (f"rumah saya, telp {PHONE}", f"NIK {NIK}", "wa 62 813 5550 7777", "(022) 420-3321"):
        report, case = send(at=now, place=scene.people.place, landmark=said)
        bring_to(State.FORWARDED, report, case, by=scene.people["lurah"], at=now)
        page = Browser().get(f"/laporan/{report.number}/").content.decode()
        digits = re.sub(r"\D", "", said)
        assert digits not in re.sub(r"[ ().+-]", "", page)
    report, case = send(at=now, place=scene.people.place, landmark="Jl. Dago No. 123 RT 02/003, km 12")
    bring_to(State.FORWARDED, report, case, by=scene.people["lurah"], at=now)
    assert report.landmark in Browser().get(f"/laporan/{report.number}/").content.decode()


# The kasi sees what the lurah sees, the head of an agency what its penghubung sees.
@pytest.mark.parametrize("person", sorted(set(PERSONS) - {"kasi", "kepala_opd"}))
def test_nobody_reads_who_reported_without_asking(scene, person):
    """Not even whoever may ask: that is a deed of its own, and recorded."""
    for address, text in pages(scene, person).items():
        for secret in PEOPLE:
            assert secret not in text, (address, secret)
        # Nor a NIK in words that no officer has read, but to those whose work it is to read them.
        assert NIK not in text or person in SEES_THE_CASE, address


def city_rows(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {table} AS t")
        return cursor.fetchone()[0]


def everything_told(now) -> None:
    """Pump all facts, react to each and deliver each notice, as the worker would."""
    ledger.drain(settled_only=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'guyub.run' ORDER BY id")
        jobs = [row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in cursor.fetchall()]
    for job in jobs:
        if job["name"] == "ledger.react":
            tasks._work[job["name"]](**job["values"])
    for notice in notices.Notice.objects.all():
        notices.deliver(notice=notice.pk)


def test_no_ledger_row_job_notice_or_seal_names_a_reporter(scene, now):
    send(at=now, place=scene.people.place, category=HAZARD, **CONTACT)
    scene.browser("lurah").post(f"/petugas/laporan/{scene.number('published')}/identitas/")
    everything_told(now)
    assert mail.outbox
    for table in ("ledger_fact", "notices_notice", "procrastinate_jobs", "ledger_seal", "casework_case"):
        for secret in SECRETS:
            if table == "casework_case" and secret == NIK:
                continue  # the inbox shows the reporter's first words
            assert secret not in city_rows(table), (table, secret)


def test_a_mail_names_its_reader_in_the_to_line_alone(scene, now):
    everything_told(now)
    sent = [message for message in mail.outbox if EMAIL in message.to]
    assert sent
    for message in sent:
        rest = message.message().as_string().replace(f"To: {EMAIL}", "")
        for secret in SECRETS:
            assert secret not in rest
    for message in mail.outbox:
        assert len(message.recipients()) == 1


def test_a_key_of_a_reporters_page_is_in_the_mail_and_in_no_table(scene, now):
    """Decision 0003: whoever reads the database alone cannot make a link."""
    everything_told(now)
    key = scene.key("fresh")
    assert any(f"/laporan/ikuti/{key}/" in message.body for message in mail.outbox)
    proof = key.partition("-")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'kota_32_73'")
        tables = [row[0] for row in cursor.fetchall()]
    for table in (*tables, "procrastinate_jobs"):
        assert proof not in city_rows(table), table


def test_contacts_and_drafts_are_ciphertext(scene):
    Browser().post("/laporan/baru/", {"photos": picture(), "body": f"Nama saya {NAME}", **CONTACT})
    assert Draft.objects.exists()
    for table in ("people_contact", "reports_draft"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            raw = b"".join(
                bytes(v) for row in cursor.fetchall() for v in row if isinstance(v, memoryview | bytes)
            )
        assert raw
        for secret in SECRETS:
            assert secret.encode() not in raw
            assert secret.encode().hex() not in city_rows(table)
    assert Contact.objects.first().name == NAME


def test_no_log_line_names_a_person_or_a_key(scene, caplog, now):
    """At DEBUG, the database's own statements aside: through sending, following, reading, failing and mailing."""
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    with caplog.at_level(logging.DEBUG):
        sent = {
            "submission": str(uuid.uuid4()),
            "report_class": "PENGADUAN",
            "category": "sampah",
            "body": f"Sampah menumpuk. NIK saya {NIK}.",
            "place": "32.73.01.1001",
            **CONTACT,
        }
        answer = Browser().post("/laporan/baru/", sent)
        link = answer["Location"].partition("?")[0]
        Browser().get(link)
        Browser().post(link, {"verb": "confirm"})
        Browser().post("/laporan/baru/", {**sent, "category": "?"})
        Browser().post("/masuk/", {"email": EMAIL})
        Browser(enforce_csrf_checks=True).post("/laporan/baru/", sent)
        Browser().get(link[:-3] + "/")
        scene.browser("lurah").post(f"/petugas/laporan/{scene.number('published')}/identitas/")
        everything_told(now)
    for secret in (*SECRETS, link.split("/")[3].partition("-")[2]):
        assert secret not in caplog.text


def test_a_refused_address_is_in_no_log_and_no_answer(scene, caplog, monkeypatch):
    def refuse(self):
        raise SMTPRecipientsRefused({self.to[0]: (550, b"no such user")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    notices.notify(
        key="uji", recipient=f"contact:{scene.report('fresh').contact_id}", subject="Kabar", body="Isi",
        at=timezone.now(),
    )  # fmt: skip
    with caplog.at_level(logging.DEBUG):
        with pytest.raises(notices.CouldNotSend) as failed:
            notices.deliver(notice=notices.Notice.objects.get(key="uji").pk)
        logging.getLogger("uji").error("a job failed", exc_info=failed.value)
        answer = Browser().post("/masuk/", {"email": EMAIL})
    assert answer.status_code == 302
    assert EMAIL not in caplog.text


def test_no_address_that_we_send_somebody_to_carries_a_person(scene):
    sent = {
        "submission": str(uuid.uuid4()), "report_class": "PENGADUAN", "category": "trotoar-rusak",
        "body": f"NIK {NIK}", "place": "32.73.01.1001", **CONTACT,
    }  # fmt: skip
    answers = [
        Browser().post(path, {**sent, "email": EMAIL}) for path in ("/laporan/baru/", "/masuk/", "/daftar/")
    ]
    answers += [scene.browser("nobody").get(f"/petugas/laporan/{scene.number('fresh')}/")]
    for answer in answers:
        for secret in SECRETS:
            assert secret not in answer.get("Location", "")
    for where, _ in routes(get_resolver()):
        assert not re.search("email|nama|telepon|nik|phone", where)


# ── anonim and rahasia ────────────────────────────────────────────────────────────────────────────────────


def test_anonymous_is_known_to_the_coordinator_alone_and_that_is_recorded(scene):
    number = scene.number("anonymous")
    before = len(ledger.facts_about(actions.subject_of(scene.report("anonymous"))))
    for person in PERSONS:
        answer = scene.browser(person).post(f"/petugas/laporan/{number}/identitas/")
        assert (NAME in answer.content.decode()) == (person == "koordinator"), person
    facts = ledger.facts_about(actions.subject_of(scene.report("anonymous")))[before:]
    assert [fact.name for fact in facts] == ["reports.identity_viewed"]
    assert facts[0].actor == scene.people["koordinator"].account
    assert "Identitas pelapor dilihat" not in Browser().get(f"/laporan/{number}/").content.decode()
    assert (
        "Identitas pelapor dilihat"
        in scene.browser("lurah").get(f"/petugas/laporan/{number}/").content.decode()
    )


def test_an_anonymous_resident_with_an_account_is_not_named_by_any_fact(scene, now):
    report, _ = send(at=now, place=scene.people.place, by=scene.people["warga"], is_anonymous=True)
    for fact in ledger.facts_about(actions.subject_of(report)):
        assert fact.actor is None


def test_a_look_at_the_identity_is_told_to_no_shared_store(scene):
    answer = scene.browser("lurah").post(f"/petugas/laporan/{scene.number('published')}/identitas/")
    assert NAME in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"


def test_a_secret_report_keeps_its_words_and_answers(scene, now):
    report, lurah = scene.report("secret"), scene.people["lurah"]
    case = scene.case("secret")
    draft = uuid.uuid4()
    files.store_photo(picture(), at=now, draft=draft)
    words = "Petugas menemui Anda hari Senin."
    actions.answer_report(case=case.uuid, words=words, by=lurah, at=now)
    actions.complete_report(case=case.uuid, words="Bukti yang tertutup.", photos=draft, by=lurah, at=now)
    hidden = (report.body, words, "Bukti yang tertutup.", "Petugas akan datang")
    everything_told(now)
    for person in ("nobody", "warga", "ketua_rt", "penghubung"):
        for address, text in pages(scene, person).items():
            assert not any(one in text for one in hidden), address
    assert all(one not in message.body for message in mail.outbox for one in hidden)
    assert (
        files.pictures(subject=f"casework.evidence:{Evidence.objects.get(case=case).pk}", may_see=False) == []
    )
    own = Browser().get(f"/laporan/ikuti/{scene.key('secret')}/").content.decode()
    assert words in own
    assert not Message.objects.filter(subject=actions.subject_of(report), audience="PUBLIC").exists()


# ── conduct ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_on_conduct_is_nowhere(scene, now):
    """Not in list, map, place, search, next, figures, mail; only its reporter and the Inspektorat know of it."""
    number = scene.number("conduct")
    everything_told(now)
    lists = [
        "/laporan/", "/laporan/?status=terbuka", "/laporan/?status=lewat-tenggat", "/laporan/peta.json",
        f"/laporan/?wilayah={scene.people.place}", f"/laporan/?sesudah={scene.number('fresh')}", "/",
        f"/wilayah/{scene.people.place}/", "/wilayah/", "/bukti/",
    ]  # fmt: skip
    for address in lists:
        assert number not in Browser().get(address).content.decode(), address
    for person in sorted(set(PERSONS) - {"inspektur", "nobody"}):
        browser = scene.browser(person)
        for address in ("/petugas/", f"/petugas/semua/?cari={number}", "/petugas/semua/", "/saya/"):
            text = browser.get(address).content.decode()
            text = text.replace(f'value="{number}"', "").replace(f"cari={number}", "")
            assert number not in text, (person, address)
    shown = scene.browser("koordinator").get(f"/petugas/laporan/{scene.number('fresh')}/").content.decode()
    assert number not in shown
    assert Browser().get(f"/laporan/?sebelum={number}").status_code == 400
    told = [m for m in mail.outbox if number in m.subject + m.body]
    assert {m.to[0] for m in told} == {EMAIL}
    shares = re.findall(
        r"wa\.me[^\"]+", Browser().get(f"/laporan/ikuti/{scene.key('conduct')}/").content.decode()
    )
    assert shares == []


def test_figures_do_not_count_conduct(scene, now):
    before = len(scene.reports) - 1
    ledger.drain(settled_only=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(count) FROM reports_placefigures")
        assert cursor.fetchone()[0] == before


def test_similar_reports_show_none_on_conduct_and_no_words_of_the_unread(scene, now):
    report, _ = send(
        at=timezone.now(), about_conduct=True, place=scene.people.place, body="Lurah meminta uang."
    )
    Report.objects.update(submitted_at=timezone.now())
    sent = {
        "submission": str(uuid.uuid4()), "report_class": "PENGADUAN", "category": "sampah",
        "body": f"Juga: {scene.report('published').public_body}", "place": scene.people.place,
    }  # fmt: skip
    page = Browser().post("/laporan/baru/", sent, follow=True).content.decode()
    assert scene.number("published") in page
    assert report.number not in page
    assert scene.number("conduct") not in page
    assert scene.report("fresh").body not in page


# ── photos ────────────────────────────────────────────────────────────────────────────────────────────────


def camera_photo() -> io.BytesIO:
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Artist] = "KAMERA-RAHASIA", NAME
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:19 10:00:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "S", 2: (6.0, 54.0, 0.0), 3: "E", 4: (107.0, 36.0, 0.0)})
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(out, "JPEG", exif=exif.tobytes(), comment=NAME.encode())
    return io.BytesIO(out.getvalue())


def test_a_photo_loses_what_the_camera_wrote(scene, now):
    row = files.store_photo(camera_photo(), at=now, subject=actions.subject_of(scene.report("fresh")))
    assert row.captured_lat == pytest.approx(-6.9)
    found = list(Path(settings.GUYUB_DATA).rglob(f"{row.uuid}*.jpg"))
    assert len(found) == 2
    for path in found:
        raw = path.read_bytes()
        assert b"KAMERA" not in raw
        assert NAME.encode() not in raw
        assert b"Exif" not in raw
        with Image.open(path) as kept:
            assert not kept.getexif()


def test_a_photo_needs_its_signature_until_it_is_public(scene):
    signed = files.pictures(subject=actions.subject_of(scene.report("fresh")), may_see=True)[0]
    bare = signed.url.partition("?")[0]
    for wrong in (bare, bare + "?s=", bare + "?s=" + "A" * 22, bare + "?s[]=x", signed.url[:-1]):
        for person in ("nobody", "warga", "koordinator"):
            assert scene.browser(person).get(wrong).status_code == 404
    opened = Browser().get(signed.url)
    assert (opened.status_code, opened["Cache-Control"]) == (200, "private, no-store")
    other = uuid.uuid4()
    assert Browser().get(f"/berkas/{other}.jpg{signed.url[-25:]}").status_code == 404
    assert files.pictures(subject=actions.subject_of(scene.report("fresh")), may_see=False) == []
    files.publish(actions.subject_of(scene.report("fresh")))
    assert Browser().get(bare).status_code == 200


def test_only_the_photos_an_officer_chose_become_public(scene, now):
    report = scene.report("fresh")
    second = files.store_photo(picture(colour="red"), at=now, subject=actions.subject_of(report), position=1)
    foreign = files.store_photo(picture(), at=now, subject=actions.subject_of(scene.report("conduct")))
    actions.verify_report(
        case=scene.case("fresh").uuid, public_body="Lampu mati.", photos=[second.uuid, foreign.uuid],
        by=scene.people["lurah"], at=now,
    )  # fmt: skip
    public = {row.uuid for row in files.Photo.objects.filter(is_public=True, subject__startswith="reports.")}
    assert public == {second.uuid}
    page = Browser().get(f"/laporan/{report.number}/").content.decode()
    assert "Lampu mati." in page
    assert NIK not in page
    assert str(scene.photo) not in page


# ── what people type is shown as text ─────────────────────────────────────────────────────────────────────

HTML = "<img src=x onerror=alert(1)>\"'</script><script>alert(1)</script>{{7*7}}"


@pytest.mark.parametrize("person", ["nobody", "lurah"])
def test_words_are_never_markup(scene, person, now):
    lurah = scene.people["lurah"]
    report, case = send(
        at=now,
        place=scene.people.place,
        body=HTML + " lampu",
        landmark=HTML[:60],
        lat=-6.9,
        lon=107.6,
        name=HTML[:90],
    )
    actions.verify_report(case=case.uuid, public_body=HTML, photos=[], by=lurah, at=now)
    actions.answer_report(case=case.uuid, words=HTML, by=lurah, at=now)
    actions.note_inside(case=case.uuid, words=HTML, by=lurah, at=now)
    browser = scene.browser(person)
    follow = f"/laporan/ikuti/{actions.follow_key(report.uuid)}/"
    for address in (
        f"/laporan/{report.number}/", "/laporan/", "/", f"/wilayah/{scene.people.place}/", follow,
        "/petugas/", f"/petugas/laporan/{report.number}/", "/laporan/peta.json", f"/laporan/?{HTML}",
        f"/masuk/?next={HTML}", f"/petugas/semua/?cari={HTML}", f"/{HTML}", f"/laporan/baru/?kategori={HTML}",
    ):  # fmt: skip
        text = browser.get(address).content.decode()
        assert "<img src=x" not in text, address
        assert "<script>alert" not in text, address
        assert "49}" not in text
    for link in re.findall(
        r'https://wa\.me/[^"]*', browser.get(f"/laporan/{report.number}/").content.decode()
    ):
        assert re.fullmatch(r"https://wa\.me/\?text=[\w%./~+\-]*", link)


def test_the_map_tells_a_number_a_category_and_a_place_to_stand(scene, now):
    lurah = scene.people["lurah"]
    for name, changes in (
        ("publik", {}),
        ("rahasia", {"is_confidential": True}),
        ("perilaku", {"about_conduct": True}),
    ):
        report, case = send(
            at=now, place=scene.people.place, lat=-6.9, lon=107.6, landmark=name, **CONTACT, **changes
        )
        if name != "perilaku":
            bring_to(State.FORWARDED, report, case, by=lurah, at=now)
    ledger.drain(settled_only=False)
    pins = json.loads(Browser().get("/laporan/peta.json").content)["reports"]
    assert len(pins) == 1
    assert set(pins[0]) == {"n", "lat", "lon", "t", "s", "w", "u"}


# ── mail and links ────────────────────────────────────────────────────────────────────────────────────────


EVIL = ("a@b.test\nBcc: evil@x.test", "a@b.test\r\nSubject: x", "a@b.test, c@d.test", "<a@b.test>")


def test_no_address_adds_a_header_or_a_reader(scene):
    sent = {
        "submission": str(uuid.uuid4()), "report_class": "PENGADUAN", "category": "sampah",
        "body": "Sampah menumpuk di tepi jalan.", "place": "32.73.01.1001",
    }  # fmt: skip
    for evil in EVIL:
        for path in ("/laporan/baru/", "/masuk/", "/daftar/"):
            assert Browser().post(path, {**sent, "email": evil}).status_code in (200, 422), (path, evil)
    assert mail.outbox == []


def test_a_stored_address_with_a_line_break_reaches_nobody(scene, now):
    """Should one ever be stored (an import), it is refused when it is sent and not told in the log."""
    row = Contact.objects.create(name="", email="a@b.test\nBcc: evil@x.test", phone="", created_at=now)
    notices.notify(key="uji", recipient=f"contact:{row.pk}", subject="Kabar", body="Isi", at=now)
    with pytest.raises(notices.CouldNotSend):
        notices.deliver(notice=notices.Notice.objects.get(key="uji").pk)
    assert mail.outbox == []

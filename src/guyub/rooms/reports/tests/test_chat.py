"""A report by messenger: number and place in four messages, danger first, nothing half-known, nobody else's call."""

from __future__ import annotations

import hashlib
import hmac
import io
import itertools
import json
import random
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from PIL import Image
from tests import factories

from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices import api as notices
from guyub.kernel.notices.models import Notice
from guyub.rooms.reports import (
    actions,
    chat_inbox,
    chat_rules,
    door_settings,
    messengers,
    own_data,
    subscribers,
)
from guyub.rooms.reports.models import Chat, ChatMessage, ChatReport, Draft, Origin, Report

pytestmark = pytest.mark.django_db
HOST = factories.HOST
NUMBER = "6281200001111"
DAGO = (-6.8789, 107.6156)
SECRETS = {
    "bandung": {
        "whatsapp": {"phone_id": "777", "token": "t", "app_secret": "rahasia", "verify_token": "kata", "template": "kabar"},
        "telegram": {"token": "1:a", "secret": "kunci"},
    }
}  # fmt: skip


@pytest.fixture
def sent(monkeypatch):
    """Everything that would have gone to a messenger; nothing leaves the machine."""
    calls = []

    class Answer:
        def json(self):
            return {"url": "https://cdn.contoh.test/1"}

    def call(method, address, headers, **more):
        calls.append((method, address, more))
        return Answer()

    monkeypatch.setattr(messengers, "_call", call)
    monkeypatch.setattr(messengers, "_download", lambda address, headers: picture())
    return calls


@pytest.fixture
def open_doors(settings, tmp_path, city, sent):
    file = tmp_path / "doors.json"
    file.write_text(json.dumps(SECRETS))
    settings.GUYUB_DOORS = str(file)
    door_settings.forget()
    yield sent
    door_settings.forget()


def picture(colour="teal"):
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    return out.getvalue()


_ids = itertools.count(1)


def say(at, text="", **said):
    channel = said.pop("channel", "WHATSAPP")
    values = {"id": str(next(_ids)), "address": NUMBER, "text": text, **said}
    row = chat_inbox._keep(channel, chat_rules.Incoming(**values), at)
    return chat_inbox.deal_with(row.pk, messengers.find_messenger(channel), at=at)


def text_of(calls):
    return [
        more["json"]["text"]["body"] for _, _, more in calls if more.get("json", {}).get("type") == "text"
    ]


def test_number_and_place_in_four_messages(open_doors, now):
    crew = factories.add_people()
    assert "Bahaya? Telepon 112" in say(now, "Halo")
    asked = say(now, "Jalan berlubang di depan pasar, dalam sekali.", photo="p-1")
    assert "Kategori: Jalan berlubang" in asked
    assert "Di mana?" in asked
    assert not Report.objects.exists()
    said = say(now, "di Kelurahan Dago")
    report = Report.objects.get()
    assert report.number in said
    assert actions.follow_key(report.uuid) in said
    assert (report.place.code, report.category.code, report.is_anonymous) == (
        "32.73.02.1004",
        "jalan-berlubang",
        False,
    )
    assert Photo.objects.filter(subject=actions.subject_of(report)).count() == 1
    assert Origin.objects.get().channel == "WHATSAPP"
    fact = [
        one for one in ledger.facts_about(actions.subject_of(report)) if one.name == "reports.report_entered"
    ]
    assert (fact[0].actor, fact[0].payload["channel"]) == (None, "WHATSAPP")
    # What is kept of who wrote is encrypted, and what was said is forgotten here.
    with connection.cursor() as cursor:
        for table in ("reports_chat", "reports_chatmessage", "people_contact"):
            cursor.execute(f"SELECT {table}::text FROM {table}")
            assert NUMBER not in str(cursor.fetchall())
    assert {row.said for row in ChatMessage.objects.all()} == {""}
    assert Chat.objects.get().values == "{}"
    # Later: a photo by itself follows the report; its number asks how it stands; another's needs the code.
    assert "Foto ditambahkan" in say(now, photo="p-2")
    assert "Menunggu verifikasi" in say(now, report.number)
    other = say(now, report.number, address="6281299990000")
    assert "tidak cocok" in other
    code = re.search(r"Kode laporan: ([A-Z2-7]{4}-[A-Z2-7]{4})", said)[1]
    assert "Menunggu verifikasi" in say(
        now, f"{report.number.lower()} {code.lower()}", address="6281299990000"
    )
    # What happens is told in the same chat: freely for a day, then by the approved template.
    factories.verify(report, report_case(report), by=crew["koordinator"], at=now)
    Chat.objects.update(heard_at=timezone.now())
    tell(report, "casework.case_verified")
    assert report.number in text_of(open_doors)[-1]
    assert "/laporan/ikuti/" in text_of(open_doors)[-1]
    Chat.objects.update(heard_at=now - timedelta(days=400))
    Notice.objects.all().delete()
    tell(report, "casework.case_verified")
    assert open_doors[-1][2]["json"]["template"]["name"] == "kabar"
    # STOP ends that, and whoever is forgotten is no longer led to.
    say(now, "stop")
    count = len(open_doors)
    Notice.objects.all().delete()
    tell(report, "casework.case_verified")
    assert len(open_doors) == count
    assert Notice.objects.get().problem == "tidak ingin dikabari"
    own_data.erase_person(report=report, at=now)
    assert not ChatReport.objects.exists()
    assert Chat.objects.count() == 1  # the stranger who asked; hers is gone with all that was written to her
    assert not Notice.objects.filter(recipient__startswith="chat:").exists()


def report_case(report):
    from guyub.rooms.casework.api import Case

    return Case.objects.get(number=report.number)


def tell(report, name):
    fact = next(one for one in ledger.facts_about(actions.subject_of(report)) if one.name == name)
    subscribers.tell_reporter(fact)
    for row in Notice.objects.filter(sent_at__isnull=True):
        notices.deliver(notice=row.pk)


def test_a_pin_decides_the_place_and_one_outside_is_asked_again(open_doors, now):
    say(now, "Sampah menumpuk di pojok gang sejak tiga hari")
    assert "di luar" in say(now, lat=0.0, lon=0.0)
    from guyub.rooms.places import api as places

    lat, lon, row = next(one for one in places.gazetteer().points if one[2].code == "32.73.02.1004")
    say(now, lat=lat, lon=lon)
    report = Report.objects.get()
    assert (report.place.code, report.lat) == (row.code, lat)


def test_danger_is_answered_first_and_conduct_is_not_taken(open_doors, now):
    fire = say(now, "Ada kebakaran di belakang rumah, api besar sekali")
    assert re.match(r"BAHAYA\? Telepon dahulu: Darurat 112, Pemadam kebakaran 113", fire)
    say(now, "batal")
    said = say(now, "Ada pungutan liar oleh petugas saat mengurus surat, diminta uang pungli")
    assert "/laporan/baru/" in said
    assert "Inspektorat" in said
    assert Chat.objects.get().values == "{}"
    assert not Report.objects.exists()


def test_where_the_kind_is_not_plain_a_number_chooses(open_doors, now):
    listed = say(now, "Mohon bantuannya ya bapak ibu sekalian di Kelurahan Dago")
    assert "1. Jalan" in listed
    assert "angkanya saja" in say(now, "apa?")
    inside = say(now, "1")
    assert "1. " in inside
    said = say(now, "2")
    report = Report.objects.get()
    assert report.number in said
    assert report.category.group == "jalan"
    say(now, "Lampu jalan mati sejak Senin, gelap sekali di tikungan.")
    assert "Ini tentang apa" in say(now, "ganti")


def test_english_and_cancelling_at_any_time(open_doors, now):
    assert "Dangerous? Call 112" in say(now, "english")
    assert Chat.objects.get().language == "en"
    assert "Category: Rubbish" in say(now, "Sampah menumpuk di pojok gang sejak tiga hari", photo="p-1")
    assert Draft.objects.count() == 1
    say(now, "cancel")
    assert (Chat.objects.get().values, Draft.objects.count(), Report.objects.count()) == ("{}", 0, 0)
    say(now, "Sampah menumpuk di pojok gang sejak tiga hari")
    later = now + timedelta(hours=25)
    assert chat_inbox.sweep(at=later) == 1
    assert Chat.objects.get().values == "{}"
    assert chat_inbox.sweep(at=now + timedelta(days=9)) >= 4
    assert not ChatMessage.objects.exists()


def whatsapp(*messages, phone="777"):
    value = {"metadata": {"phone_number_id": phone}, "messages": list(messages)}
    return json.dumps({"entry": [{"changes": [{"field": "messages", "value": value}]}]}).encode()


def written(id="wamid.1", body="Halo", **more):
    return {"id": id, "from": NUMBER, "type": "text", "text": {"body": body}, **more}


def call(client, body, secret="rahasia", name="X-Hub-Signature-256", path="whatsapp"):
    said = (
        f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
        if path == "whatsapp"
        else secret
    )
    return client.post(
        f"/kiriman/{path}/", body, content_type="application/json", headers={**HOST, name: said}
    )


def test_only_a_signed_call_counts_and_only_once(client, open_doors, now):
    body = whatsapp(written())
    assert call(client, body, secret="salah").status_code == 403
    assert (
        client.post("/kiriman/whatsapp/", body, content_type="application/json", headers=HOST).status_code
        == 403
    )
    assert not ChatMessage.objects.exists()
    assert [call(client, body).status_code for _ in range(2)] == [200, 200]
    assert call(client, whatsapp(written(id="wamid.9"), phone="888")).status_code == 200
    assert ChatMessage.objects.count() == 1
    chat = Chat.objects.get()
    chat_inbox.work_off(chat=chat.pk)
    chat_inbox.work_off(chat=chat.pk)
    assert [(method, address) for method, address, _ in open_doors] == [
        ("POST", "https://graph.facebook.com/v21.0/777/messages")
    ]
    update = {"message": {"message_id": 5, "chat": {"id": 42, "type": "private"}, "text": "Halo"}}
    secret = "X-Telegram-Bot-Api-Secret-Token"
    assert call(client, json.dumps(update).encode(), "salah", secret, "telegram").status_code == 403
    assert call(client, json.dumps(update).encode(), "kunci", secret, "telegram").status_code == 200
    update["message"]["chat"]["type"] = "group"
    update["message"]["message_id"] = 6
    assert call(client, json.dumps(update).encode(), "kunci", secret, "telegram").status_code == 200
    assert ChatMessage.objects.filter(chat__channel="TELEGRAM").count() == 1
    hands = {"hub.mode": "subscribe", "hub.verify_token": "kata", "hub.challenge": "12345"}
    assert client.get("/kiriman/whatsapp/", hands, headers=HOST).text == "12345"
    assert (
        client.get("/kiriman/whatsapp/", {**hands, "hub.verify_token": "x"}, headers=HOST).status_code == 403
    )
    for _ in range(70):
        call(client, whatsapp(written(id=f"wamid.f{next(_ids)}")))
    assert ChatMessage.objects.filter(chat=chat).count() <= 60


def test_a_closed_door_is_no_address(client, city, settings):
    settings.GUYUB_DOORS = ""
    assert call(client, whatsapp(written())).status_code == 404
    assert client.get("/kiriman/whatsapp/", headers=HOST).status_code == 404
    assert call(client, b"{}", path="telegram").status_code == 404


def test_whatever_is_sent_breaks_nothing(client, open_doors, now):
    seed = random.Random(7)
    whole = json.loads(
        whatsapp(
            written(),
            {"id": "2", "from": NUMBER, "type": "location", "location": {"latitude": 1.0, "longitude": 2.0}},
        )
    )

    def spoilt(tree):
        if seed.random() < 0.15:
            return seed.choice([None, [], {}, "", "\x00", 10**30, -1.5, True, [[]], "x" * 9000])
        if isinstance(tree, dict):
            return {key: spoilt(value) for key, value in tree.items()}
        return [spoilt(value) for value in tree] if isinstance(tree, list) else tree

    for body in (b"", b"[", b"null", b"\xff\xfe", b"[" * 5000):
        assert call(client, body).status_code == 200
    for _ in range(60):
        body = json.dumps(spoilt(whole)).encode()
        assert call(client, body).status_code == 200
    for chat in Chat.objects.all():
        chat_inbox.work_off(chat=chat.pk)
    for _ in range(80):
        text = "".join(
            seed.choice(" \x00\u202eab1LAP-2026-000001gantibatal\U0001f600\n")
            for _ in range(seed.randrange(80))
        )
        say(
            now,
            text,
            address=str(seed.randrange(6)),
            lat=seed.choice([None, 91.0, -6.9, float("0")]),
            lon=seed.choice([None, 107.6]),
        )

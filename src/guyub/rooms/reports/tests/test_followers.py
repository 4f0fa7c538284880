"""Following: an address counts once its owner says so, and each person is told once of one happening."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from tests import factories

from guyub.kernel.ledger import api as ledger
from guyub.kernel.ledger.models import Fact
from guyub.kernel.notices import api as notices
from guyub.kernel.notices.models import Digest, Notice, PushDevice
from guyub.rooms.casework.api import State
from guyub.rooms.people import api as people
from guyub.rooms.reports import actions, following, subscribers
from guyub.rooms.reports.following import Thing
from guyub.rooms.reports.models import Follow, Follower, Frequency

pytestmark = pytest.mark.django_db
HOST = factories.HOST
ADDRESS = "tetangga@contoh.test"


@pytest.fixture
def crew(city):
    cache.clear()
    return factories.add_people()


@pytest.fixture
def published(crew, now):
    report, case = factories.send(at=now, place=crew.place)
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=now)
    Notice.objects.all().delete()
    return report, case


def deliver_all():
    for row in Notice.objects.filter(sent_at__isnull=True, held_until__isnull=True).order_by("pk"):
        notices.deliver(notice=row.pk)


def links():
    return re.findall(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)


def confirmed(thing, email=ADDRESS, *, at, frequency=Frequency.NOW, language="id"):
    following.ask_to_follow(thing=thing, email=email, frequency=frequency, language=language, at=at)
    row = Follow.objects.get(follower__mark=following.mark_of(email), **thing.fields)
    return following.confirm(follow=row.uuid, at=at)


def hear(case, crew, at, words="Petugas datang besok."):
    """An office answers, and the consumers of that fact run."""
    actions.answer_report(case=case.uuid, words=words, by=crew["lurah"], at=at)
    fact = Fact.objects.filter(subject=case.subject, name="casework.case_answered").latest("pk")
    for consumer in ("reports.tell_reporter", "reports.tell_followers"):
        ledger.react(consumer, [fact.pk])
    return fact.pk


def tell(facts):
    ledger.react(
        "reports.tell_followers", list(facts.filter(name__in=subscribers._WORDS).values_list("pk", flat=True))
    )


def ask(client, report, email=ADDRESS, **more):
    data = {"laporan": report.number, "email": email, "sering": "NOW", **more}
    return client.post("/mengikuti/", data, headers=HOST)


# ── asking and confirming ─────────────────────────────────────────────────────────────────────────────────


def test_an_address_counts_once_its_owner_presses_the_button(client, published, crew, now):
    report, case = published
    assert ask(client, report).status_code == 200
    hear(case, crew, now)
    assert Notice.objects.filter(key__startswith="follow:").count() == 0
    deliver_all()
    assert mail.outbox[-1].to == [ADDRESS]
    path = links()[0]
    assert "tekan tombol" in mail.outbox[-1].body
    assert client.get(path, headers=HOST).status_code == 200
    assert Follow.objects.get().confirmed_at is None  # a program that opens links says nothing
    answer = client.post(path, headers=HOST)
    assert answer.status_code == 303
    assert report.number in client.get(answer["Location"], headers=HOST).text
    hear(case, crew, now)
    assert Notice.objects.filter(key__startswith="follow:").count() == 1


def test_the_address_is_kept_once_and_unreadable(client, published):
    from django.db import connection

    report, _ = published
    ask(client, report)
    ask(client, report, email=" TETANGGA@contoh.test ")
    assert Follower.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(f)::text FROM reports_follower f")
        assert "tetangga" not in cursor.fetchone()[0].lower()


def test_nobody_can_flood_a_strangers_mailbox(client, published, now):
    report, _ = published
    answers = {ask(client, report).content for _ in range(8)}
    for code in ("32.73", "32.73.02"):
        client.post("/mengikuti/", {"wilayah": code, "email": ADDRESS, "sering": "NOW"}, headers=HOST)
    assert Notice.objects.filter(key__startswith="confirm:").count() == 3
    assert len({re.sub(rb'csrf\S+|value="\w{64}"', b"", one) for one in answers}) == 1


def test_a_stranger_learns_and_changes_nothing_of_an_address_that_is_known(client, published, now):
    report, _ = published
    confirmed(Thing(report=report.pk), at=now)
    unknown = ask(client, report, email="lain@contoh.test", sering="WEEKLY").content
    assert ask(client, report, sering="WEEKLY").content == unknown
    assert Follower.objects.get(mark=following.mark_of(ADDRESS)).frequency == Frequency.NOW


def test_what_nobody_confirms_is_forgotten(client, published, now):
    report, _ = published
    following.ask_to_follow(
        thing=Thing(report=report.pk), email=ADDRESS, frequency="NOW", language="id", at=now
    )
    following.drop_unconfirmed(at=now + timedelta(days=2))
    assert Follower.objects.count() == 1
    following.drop_unconfirmed(at=now + timedelta(days=4))
    assert Follower.objects.count() == Notice.objects.filter(key__startswith="confirm").count() == 0


def test_what_no_stranger_may_see_cannot_be_followed(client, crew, now):
    report, _ = factories.send(at=now, place=crew.place, about_conduct=True)
    assert client.get(f"/mengikuti/?laporan={report.number}", headers=HOST).status_code == 404
    assert ask(client, report).status_code == 404
    assert client.get(f"/laporan/{report.number}/atom", headers=HOST).status_code == 404


@pytest.mark.parametrize("path", ["ya", "atur", "berhenti"])
def test_a_key_for_one_thing_opens_no_other(client, published, now, path):
    report, _ = published
    row = confirmed(Thing(report=report.pk), at=now)
    wrong = following.key_of("confirm" if path != "ya" else "follower", row.uuid)
    for key in (wrong, actions.follow_key(report.uuid), "x", "\0", "0" * 32 + "-" + "A" * 22):
        assert client.get(f"/mengikuti/{path}/{key}/", headers=HOST).status_code == 404


# ── told once ─────────────────────────────────────────────────────────────────────────────────────────────


def test_reporter_supporter_and_follower_in_one_person_is_told_once(client, crew, now):
    """One person, signed in and by the same address without: reporter, supporter, follower of report and place."""
    address = people.identity(account=crew["warga"].account, contact=None).email
    report, case = factories.send(at=now, place=crew.place, email=address.upper())
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=now)
    actions.support(report=report, supporter=f"account:{crew['warga'].account}", at=now)
    for thing in (Thing(report=report.pk), Thing(place=crew.place), Thing(place="32.73", category="sampah")):
        confirmed(thing, address, at=now)
    assert Follower.objects.count() == 1
    Notice.objects.all().delete()
    fact = hear(case, crew, now)
    assert list(Notice.objects.values_list("key", flat=True)) == [f"reporter:{fact}"]


def test_follower_of_a_report_and_twice_of_its_place_is_told_once(crew, published, now):
    report, case = published
    for thing in (
        Thing(report=report.pk),
        Thing(place=crew.place),
        Thing(place="32.73.02", category="sampah"),
    ):
        row = confirmed(thing, at=now)
    Notice.objects.all().delete()
    factories.finished(case, by=crew["lurah"], at=now)
    fact = Fact.objects.get(subject=case.subject, name="casework.work_completed")
    for _ in range(2):
        ledger.react("reports.tell_followers", [fact.pk])
    assert list(Notice.objects.values_list("key", flat=True)) == [f"follow:{fact.pk}:{row.pk}"]


def test_killed_between_effect_and_receipt_nobody_is_told_twice(crew, published, now, monkeypatch):
    report, case = published
    confirmed(Thing(report=report.pk), at=now)
    Notice.objects.all().delete()
    actions.answer_report(case=case.uuid, words="Besok.", by=crew["lurah"], at=now)
    fact = Fact.objects.get(subject=case.subject, name="casework.case_answered")
    real = following.tell_followers

    def killed(**values):
        real(**values)
        raise KeyboardInterrupt

    monkeypatch.setattr(following, "tell_followers", killed)
    with pytest.raises(KeyboardInterrupt):
        ledger.react("reports.tell_followers", [fact.pk])
    assert Notice.objects.count() == 0
    monkeypatch.setattr(following, "tell_followers", real)
    ledger.react("reports.tell_followers", [fact.pk])
    ledger.react("reports.tell_followers", [fact.pk])
    assert Notice.objects.count() == 1


def test_a_place_hears_of_what_is_new_and_of_what_is_done_as_strangers_read_it(crew, now):
    confirmed(Thing(place=crew.place), at=now)
    confirmed(Thing(place=crew.place, category="banjir"), "banjir@contoh.test", at=now)
    Notice.objects.all().delete()
    report, case = factories.send(
        at=now, place=crew.place, body="Rumah Bu Contoh di gang buntu kotor sekali."
    )
    factories.bring_to(State.FORWARDED, report, case, by=crew["lurah"], at=now)
    tell(Fact.objects.filter(subject=case.subject))
    row = Notice.objects.get()
    assert row.subject == f"{report.number} (Sampah menumpuk): sudah diperiksa dan ditampilkan"
    assert "Bu Contoh" not in row.subject + row.body
    assert row.push == {"number": report.number, "state": "Diteruskan ke kantor"}


def test_a_place_hears_nothing_of_what_is_hidden(crew, now):
    confirmed(Thing(place=crew.place), at=now)
    Notice.objects.all().delete()
    for change in ({"is_confidential": True}, {"about_conduct": True}):
        report, case = factories.send(at=now, place=crew.place, **change)
        slug = "inspektorat" if "about_conduct" in change else "lurah"
        factories.bring_to(State.WORK_DONE, report, case, by=crew[slug], at=now)
    tell(Fact.objects.all())
    assert Notice.objects.count() == 0


# ── digests ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("at", "weekday", "wanted"),
    [
        (datetime(2026, 11, 20, 3, 0, tzinfo=UTC), None, datetime(2026, 11, 20, 23, 0, tzinfo=UTC)),
        (datetime(2026, 11, 19, 22, 59, tzinfo=UTC), None, datetime(2026, 11, 19, 23, 0, tzinfo=UTC)),
        (datetime(2026, 11, 19, 23, 0, tzinfo=UTC), None, datetime(2026, 11, 20, 23, 0, tzinfo=UTC)),
        (datetime(2026, 11, 20, 3, 0, tzinfo=UTC), 0, datetime(2026, 11, 22, 23, 0, tzinfo=UTC)),
    ],
)
def test_the_next_digest_is_at_the_hour_of_the_city(city, at, weekday, wanted):
    assert notices.next_digest(at=at, tz=city.tz, hour=6, weekday=weekday) == wanted


def test_a_digest_gathers_a_day_in_one_mail_and_goes_out_once(crew, published, now):
    report, case = published
    other, other_case = factories.send(at=now, place=crew.place)
    factories.bring_to(State.FORWARDED, other, other_case, by=crew["lurah"], at=now)
    for row in (report, other):
        confirmed(Thing(report=row.pk), at=now, frequency=Frequency.DAILY)
    Notice.objects.all().delete()
    hear(case, crew, now)
    hear(other_case, crew, now)
    deliver_all()
    assert mail.outbox == []
    assert notices.gather_digests(at=now + timedelta(hours=1)) == 0
    due = datetime(2026, 11, 20, 23, 0, tzinfo=UTC) + timedelta(days=30)
    assert notices.gather_digests(at=due) == 1
    assert notices.gather_digests(at=due) == 0
    from guyub.kernel.notices.digests import deliver_digest

    digest = Digest.objects.get()
    deliver_digest(digest=digest.pk)
    deliver_digest(digest=digest.pk)
    assert len(mail.outbox) == 1
    body = mail.outbox[0].body
    assert report.number in body
    assert other.number in body
    assert mail.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # a process that died between sending and noting sends the same mail under the same id
    Digest.objects.update(sent_at=None)
    deliver_digest(digest=digest.pk)
    assert len({m.extra_headers["Message-ID"] for m in mail.outbox}) == 1


def test_an_emptied_queue_loses_no_digest(crew, published, now):
    report, case = published
    confirmed(Thing(report=report.pk), at=now, frequency=Frequency.WEEKLY)
    hear(case, crew, now)
    due = now + timedelta(days=40)
    notices.gather_digests(at=due)
    from procrastinate.contrib.django.models import ProcrastinateJob

    def asked():
        return sum(job.args.get("name") == "notices.deliver_digest" for job in ProcrastinateJob.objects.all())

    before = asked()
    notices.gather_digests(at=due + timedelta(minutes=30))
    assert asked() == before
    notices.gather_digests(at=due + timedelta(hours=2))
    notices.gather_digests(at=due + timedelta(hours=2))
    assert asked() == before + 1


# ── the follower's own page ───────────────────────────────────────────────────────────────────────────────


def test_one_click_ends_it_without_signing_in(client, crew, published, now):
    report, case = published
    confirmed(Thing(report=report.pk), at=now)
    hear(case, crew, now)
    deliver_all()
    sent = mail.outbox[-1]
    address = sent.extra_headers["List-Unsubscribe"].strip("<>")
    path = "/" + address.split("/", 3)[3]
    assert client.get(path, headers=HOST).status_code == 200
    assert Follower.objects.get().frequency == Frequency.NOW
    strict = type(client)(enforce_csrf_checks=True)
    answer = strict.post(path, {"List-Unsubscribe": "One-Click"}, headers=HOST)
    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "no-referrer"
    before = Notice.objects.count()
    hear(case, crew, now, "Lagi.")
    assert Notice.objects.count() == before


def test_frequency_stopping_and_erasing(client, crew, published, now):
    report, case = published
    row = confirmed(Thing(report=report.pk), at=now, frequency=Frequency.DAILY)
    confirmed(Thing(place=crew.place), at=now)
    hear(case, crew, now)
    path = f"/mengikuti/atur/{following.key_of('follower', row.uuid)}/"
    client.post(path, {"verb": "sering", "sering": "WEEKLY"}, headers=HOST)
    assert Follower.objects.get().frequency == "WEEKLY"
    client.post(path, {"verb": "sering", "sering": "SETIAP-DETIK"}, headers=HOST)
    client.post(path, {"verb": "henti", "hal": "bukan-uuid"}, headers=HOST)
    client.post(path, {"verb": "henti", "hal": str(Follow.objects.get(report=report).uuid)}, headers=HOST)
    assert Follow.objects.get().place_code == crew.place
    assert client.post(path, {"verb": "hapus"}, headers=HOST).status_code == 200
    assert Follower.objects.count() == Follow.objects.count() == 0
    assert Notice.objects.filter(recipient__startswith="follower:").count() == 0
    assert client.get(path, headers=HOST).status_code == 404
    deliver_all()
    assert ADDRESS not in [one for m in mail.outbox for one in m.to]


def test_a_signed_in_person_follows_without_another_mail(client, crew, published, now):
    report, _ = published
    address = people.identity(account=crew["warga"].account, contact=None).email
    confirmed(Thing(place=crew.place), address, at=now)
    Notice.objects.all().delete()
    client.force_login(crew.account("warga"), backend=factories.BACKEND)
    assert ask(client, report).status_code == 302
    page = client.get("/akun/", headers=HOST).text
    assert report.number in page
    assert "Kelurahan" in page  # what was followed by the address before is now the account's
    row = Follower.objects.get()
    assert (row.account_id, row.email) == (crew["warga"].account, "")
    assert notices.address_of(f"follower:{row.pk}") == address
    assert Notice.objects.count() == 0


def test_english_followers_are_told_in_english(crew, published, now):
    report, case = published
    confirmed(Thing(report=report.pk), at=now, language="en")
    hear(case, crew, now)
    row = Notice.objects.get(key__startswith="follow:")
    assert row.link.startswith("/en/")
    assert "the office answered" in row.subject


# ── feeds ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_feeds_tell_what_strangers_read_and_cost_little_when_unchanged(client, crew, published, now):
    from xml.etree import ElementTree

    report, _ = published
    hidden, case = factories.send(
        at=now, place=crew.place, body="Rahasia sekali isinya.", is_confidential=True
    )
    factories.bring_to(State.FORWARDED, hidden, case, by=crew["lurah"], at=now)
    for path in (
        f"/laporan/{report.number}/atom",
        f"/wilayah/{crew.place}/atom",
        "/wilayah/32.73/atom",
        f"/wilayah/{crew.place}/sampah/atom",
        f"/en/wilayah/{crew.place}/atom",
    ):
        answer = client.get(path, headers=HOST)
        assert answer.status_code == 200, path
        assert answer["Content-Type"].startswith("application/atom+xml")
        assert len(ElementTree.fromstring(answer.content).findall("{*}entry")) >= 1
        assert "Rahasia sekali" not in answer.text
        for name, value in (
            ("if-none-match", answer["ETag"]),
            ("if-modified-since", answer["Last-Modified"]),
        ):
            again = client.get(path, headers={**HOST, name: value})
            assert (again.status_code, again.content) == (304, b"")
    feed = client.get(f"/laporan/{hidden.number}/atom", headers=HOST)
    assert ElementTree.fromstring(feed.content).findall("{*}entry") == []
    assert client.get("/wilayah/32.73/pungutan-liar/atom", headers=HOST).status_code == 404
    assert client.get("/wilayah/99.99/atom", headers=HOST).status_code == 404


def test_a_feed_bears_what_no_xml_can_say(client, crew, now):
    _report, case = factories.send(at=now, place=crew.place)
    actions.verify_report(
        case=case.uuid, public_body="Suara\x0b aneh\ufffe <b>&", photos=[], by=crew["lurah"], at=now
    )
    answer = client.get(f"/wilayah/{crew.place}/atom", headers=HOST)
    assert answer.status_code == 200
    assert "&amp;lt;b&amp;gt;&amp;amp;" in answer.text  # a reader that shows HTML shows the words


# ── devices ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_device_follows_without_an_account(client, published, device):
    report, _ = published
    sent = {"laporan": report.number, **device()}
    answer = client.post("/mengikuti/alat/", sent, headers=HOST)
    assert answer.status_code == 200
    assert report.number in client.get(answer.json()["manage"], headers=HOST).text
    assert client.post("/mengikuti/alat/", sent, headers=HOST).json() == answer.json()
    assert PushDevice.objects.count() == Follower.objects.count() == Follow.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "http://fcm.googleapis.com/x"},
        {"endpoint": "https://127.0.0.1/x"},
        {"endpoint": "https://fcm.googleapis.com.jahat.test/x"},
        {"endpoint": "https://[::1"},
        {"endpoint": ""},
        {"p256dh": "AAAA"},
        {"auth": "ü\0"},
        {"kategori": "tidak-ada"},
    ],
)
def test_a_device_that_is_none_leaves_nothing(client, published, device, change):
    report, _ = published
    answer = client.post("/mengikuti/alat/", {"laporan": report.number, **device(), **change}, headers=HOST)
    assert answer.status_code == 422
    assert PushDevice.objects.count() == Follower.objects.count() == 0

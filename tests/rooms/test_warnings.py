"""Warnings through the doors: the link on a phone, the desk, pages, feeds, followers, officers, banners, and two at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guyub.kernel.cities import remembering
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices import api as notices
from guyub.kernel.notices.models import Notice
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.reports.models import Follow, Follower
from guyub.rooms.warnings import drafting, issuing, queries, roster, scoring
from guyub.rooms.warnings.drafting import Content
from guyub.rooms.warnings.models import Ask, Chain, Message
from guyub.rooms.warnings.web.forms import ContentForm
from tests import factories

pytestmark = pytest.mark.django_db
AREAS = ("32.73.02.1001", "32.73.02.1004")
HOUR = timedelta(hours=1)
EVIL = "<script>alert(1)</script>"


def add_person(name: str, role: str, office: str, place: str = "") -> int:
    account = people.add_account(email=f"{name}@uji.test", name=f"{name.title()} Uji")
    people.give_grant(
        account=account,
        role=role,
        organisation=people.directory().by_key[office].id,
        place=place,
        legal_basis="SK uji",
        since=date(2025, 1, 1),
        by=None,
        at=timezone.now(),
    )
    return account


class Scene:
    """The moment is the clock's own: pages ask it themselves."""

    def __init__(self) -> None:
        self.at = timezone.now()
        self.on = timezone.localdate()
        known = places.gazetteer()
        self.areas = AREAS if AREAS[0] in known.by_code else tuple(one.code for one in known.settlements[:2])
        self.sari = people.person(add_person("sari", "operator", "pusdalops"), on=self.on)
        self.rini = people.person(add_person("rini", "peringatan", "bpbd"), on=self.on)
        self.budi = people.person(add_person("budi", "peringatan", "bpbd"), on=self.on)
        for one in (self.rini, self.budi):
            roster.put(account=one.acting, from_hour=0, until_hour=24, by=self.rini, at=self.at)

    def draft(self, source: str = "uji:1", by=None, **changes) -> Message:
        how = {key: changes.pop(key) for key in ("mode", "tell_public") if key in changes}
        given = {
            "level": "SIAGA",
            "areas": self.areas,
            "onset": self.at + HOUR,
            "expires": self.at + 5 * HOUR,
            "facts": {"sources": "BMKG"},
            "probability": 0.37,
        }
        return drafting.draft(
            source=source, hazard="rob", content=Content(**{**given, **changes}), by=by, at=self.at, **how
        )

    def issued(self, **changes) -> Message:
        row = self.draft(**changes)
        issuing.ask_approval(message=row.pk, by=self.sari, at=self.at)
        return issuing.approve(message=row.pk, texts=row.text_version, by=self.rini, at=self.at)


@pytest.fixture
def scene(city):
    return Scene()


def browser(account: int | None = None) -> Client:
    client = Client(headers=factories.HOST)
    if account is not None:
        client.force_login(people_account(account), backend=factories.BACKEND)
    return client


def people_account(pk: int):
    from guyub.rooms.people.models import Account

    return Account.objects.get(pk=pk)


def test_a_phone_approves_without_an_account_and_only_its_own(scene):
    row = scene.draft(by=scene.sari)
    asked = issuing.ask_approval(message=row.pk, by=scene.sari, at=scene.at)
    address = f"/peringatan/setuju/{issuing.key_of(asked.uuid)}/"
    page = browser().get(address)
    text = page.content.decode()
    assert page.status_code == 200
    assert all(one in text for one in ("Pengeras suara masjid", "Bahasa Indonesia", "Kelurahan"))
    assert "Bahasa Jawa" not in text  # it is not at home in this city
    assert page["Cache-Control"] == "private, no-store"
    assert browser(scene.sari.account).get(address).status_code == 404  # the author, who has it forwarded
    assert browser().get(address[:-3] + "x/").status_code == 404
    assert browser().get(f"/peringatan/setuju/{asked.uuid.hex}-/").status_code == 404
    assert browser().post(address, {"jawaban": "kembali", "reason": ""}).status_code == 422
    phone = Client(enforce_csrf_checks=True, headers={**factories.HOST, "origin": "null"})  # as browsers send
    assert phone.post(address, {"jawaban": "setuju"}, follow=True).status_code == 200
    row.refresh_from_db()
    assert (row.state, row.issued_by) == ("ISSUED", scene.rini.account)
    assert browser().post(address, {"jawaban": "setuju"}).status_code == 200  # told that it went out
    assert Ask.objects.get(pk=asked.pk).answer == "APPROVED"


def test_a_link_ends_with_its_time_its_words_and_the_authority(scene):
    row = scene.draft(by=scene.sari)
    asked = issuing.ask_approval(message=row.pk, by=scene.sari, at=scene.at)
    address = f"/peringatan/setuju/{issuing.key_of(asked.uuid)}/"
    with pytest.raises(issuing.LinkOver):
        issuing.approver_of(asked, at=scene.at + 7 * HOUR)
    from guyub.rooms.people.models import Grant

    held = Grant.objects.filter(account=scene.rini.account)
    held.update(ended_at=scene.at)
    assert browser().get(address).status_code == 410
    held.update(ended_at=None)
    assert browser().get(address).status_code == 200
    words = Message.objects.filter(pk=row.pk)
    words.update(text_version=row.text_version + 1)
    assert browser().get(address).status_code == 410
    words.update(text_version=row.text_version)
    back = browser().post(address, {"jawaban": "kembali", "reason": "Sebutkan titik kumpul."}, follow=True)
    assert back.status_code == 200
    row.refresh_from_db()
    assert row.state == "DRAFT"
    assert Notice.objects.filter(
        recipient=f"account:{scene.sari.account}", key__startswith="warning-back"
    ).exists()
    assert browser().get(address).status_code == 200


def pass_on(row: Message) -> None:
    """What the worker does with the facts of a warning."""
    facts = [one.id for one in ledger.facts_about(row.chain.subject) if one.name == "warnings.warning_issued"]
    for consumer in ("warnings.tell_officers", "reports.tell_of_warnings"):
        ledger.react(consumer, facts)


def test_followers_hear_once_at_once_and_not_of_exercises(scene, monkeypatch):
    def follow(name: str, place: str, **more) -> Follower:
        row = Follower.objects.create(
            mark=name,
            email=f"{name}@uji.test",
            created_at=scene.at,
            **{key: more.pop(key) for key in ("frequency", "language") if key in more},
        )
        Follow.objects.create(
            follower=row, place_code=place, asked_at=scene.at, confirmed_at=scene.at, **more
        )
        return row

    near = follow("dekat", AREAS[0], frequency="WEEKLY")
    above = follow("kota", "32.73", language="en")
    same = follow("rob", "32.73.02", category_code="rob")
    for name, place, more in (
        ("jauh", "32.73.03", {}),
        ("lampu", AREAS[0], {"category_code": "lampu-jalan"}),
        ("diam", AREAS[0], {"frequency": "NEVER"}),
    ):
        follow(name, place, **more)
    lurah = add_person("lala", "lurah", f"kelurahan:{AREAS[1]}", AREAS[1])
    row = scene.issued()
    real, calls = notices.notify, []

    def dying(**said):
        calls.append(said)
        if len(calls) == 2:
            raise RuntimeError("killed in the middle")
        return real(**said)

    monkeypatch.setattr(notices, "notify", dying)
    with pytest.raises(RuntimeError):
        pass_on(row)
    assert not Notice.objects.filter(key__startswith="warned:").exists()  # half is nothing
    monkeypatch.setattr(notices, "notify", real)
    pass_on(row)
    told = Notice.objects.filter(key__startswith="warning:")
    assert {one.recipient for one in told} == {f"follower:{one.pk}" for one in (near, above, same)}
    assert all(one.held_until is None for one in told)
    english = told.get(recipient=f"follower:{above.pk}")
    assert "tidal flood" in english.subject
    assert english.push["number"] == row.chain.number
    officer = Notice.objects.get(recipient=f"account:{lurah}")
    assert "masjid" in officer.body
    assert "BMKG" in officer.body
    before = Notice.objects.count()
    pass_on(row)
    assert Notice.objects.count() == before

    pass_on(scene.issued(source="uji:latihan", mode="EXERCISE"))
    assert told.all().count() == 3
    assert Notice.objects.filter(recipient=f"account:{lurah}", subject__startswith="LATIHAN").exists()
    pass_on(scene.issued(source="uji:latihan-2", mode="EXERCISE", tell_public=True))
    assert told.all().count() == 6
    assert all("LATIHAN" in one.subject and "LATIHAN" in one.body for one in told.order_by("-pk")[:3])


def test_pages_show_what_holds_and_nothing_that_does_not(scene):
    row = scene.draft(by=scene.sari)
    remembering.forget_all()
    secret = browser().get(f"/peringatan/{row.chain.number}/")
    assert secret.status_code == 404
    assert browser().get("/cap/ID-32.73-PRG-2026-000001-1.xml").status_code == 404
    drafting.change_texts(
        message=row.pk,
        bodies={("WEB", "id"): f"{EVIL} Sumber data: BMKG.", ("WEB", "en"): f"{EVIL} BMKG"},
        by=scene.sari,
        at=scene.at,
    )
    row.refresh_from_db()
    issuing.ask_approval(message=row.pk, by=scene.sari, at=scene.at)
    issuing.approve(message=row.pk, texts=row.text_version, by=scene.rini, at=scene.at)
    remembering.forget_all()
    number = row.chain.number
    document = Message.objects.get(pk=row.pk)
    for address in (
        "/",
        "/wilayah/32.73.02/",
        f"/wilayah/{AREAS[0]}/",
        f"/wilayah/{AREAS[0]}/gotong-royong/",
        "/peringatan/",
        f"/peringatan/{number}/",
        f"/en/peringatan/{number}/",
    ):
        text = browser().get(address).content.decode()
        assert number in text, address
        assert EVIL not in text
        assert "37%" not in text
        assert "37 persen" not in text
        assert "{&#x27;" not in text  # nothing is printed as Python has it
    assert number not in browser().get("/wilayah/32.73.03/").content.decode()
    feed = browser().get("/cap/")
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert EVIL not in feed.content.decode()
    cap = browser().get(f"/cap/ID-32.73-{number}-1.xml")
    assert cap.content.decode() == document.cap
    assert cap["Content-Type"].startswith("application/cap+xml")
    for address in ("/", f"/wilayah/{AREAS[0]}/"):
        browser().get(address)
        with CaptureQueriesContext(connection) as seen:
            browser().get(address)
        assert not [one for one in seen if "warnings_" in one["sql"]]
    quiet, told = (
        scene.issued(source=f"uji:latihan-{is_told}", mode="EXERCISE", tell_public=is_told).chain.number
        for is_told in (False, True)
    )
    remembering.forget_all()
    for address in ("/", f"/wilayah/{AREAS[0]}/"):
        assert quiet not in browser().get(address).content.decode()
    assert {one.number for one in queries.in_force(at=scene.at)} == {number, told}
    assert queries.in_force(at=scene.at + 5 * HOUR) == []  # over, whether a sweep has been there or not


def test_probability_is_told_only_with_an_agreement(scene):
    row = scene.issued()
    address = f"/peringatan/{row.chain.number}/"
    assert "37%" not in browser().get(address).content.decode()
    assert (
        "37 persen"
        in browser(scene.sari.account).get(f"/petugas/peringatan/{row.chain.number}/").content.decode()
    )
    draft = scene.draft(source="uji:2", by=scene.sari)
    body = {("SMS", "id"): "SIAGA rob, peluang 37%. BMKG"}
    assert drafting.change_texts(message=draft.pk, bodies=body, by=scene.sari, at=scene.at)
    rulebook.publish(
        key="warnings.bmkg_agreement",
        value={"recorded": True, "number": "1/PKS/2026", "signed_on": "2026-01-05"},
        effective_from=date(2026, 1, 5),
        legal_basis="uji",
        confidence="V",
        at=scene.at,
    )
    assert "37%" in browser().get(address).content.decode()
    assert drafting.change_texts(message=draft.pk, bodies=body, by=scene.sari, at=scene.at) == {}


def test_the_desk_from_a_form_to_a_score(scene):
    sari, rini = browser(scene.sari.account), browser(scene.rini.account)
    local = timezone.localtime(scene.at + HOUR)
    later = timezone.localtime(scene.at + 4 * HOUR)
    given = {
        "kiriman": "a" * 32,
        "hazard": "angin",
        "mode": "ACTUAL",
        "level": "AWAS",
        "is_observed": "on",
        "areas": ["32.73.02"],
        "day": local.date().isoformat(),
        "begins": f"{local:%H:%M}",
        "end_day": later.date().isoformat(),
        "ends": f"{later:%H:%M}",
        "from_bmkg": "on",
        "basis": EVIL,
    }
    assert sari.post("/petugas/peringatan/baru/", {**given, "areas": []}).status_code == 422
    assert sari.post("/petugas/peringatan/baru/", {**given, "level": "x", "day": "x"}).status_code == 422
    made = sari.post("/petugas/peringatan/baru/", given)
    assert sari.post("/petugas/peringatan/baru/", given).url == made.url  # sent twice
    row = Message.objects.get()
    assert len(row.areas) > 3
    home = made.url
    for part in ("", "ubah/", "teks/"):
        page = sari.get(home + part)
        assert page.status_code == 200
        assert EVIL not in page.content.decode()
    assert sari.post(f"{home}teks/", {"SMS-id": "tanpa sumber"}).status_code == 422
    for act in ("setujui", "tinjau", "nilai", "cabut"):
        assert sari.post(f"{home}{act}/").status_code == 302
    assert sari.post(f"{home}apa/").status_code == 404
    assert sari.post(f"{home}batal/").status_code == 422
    row.refresh_from_db()
    assert row.state == "DRAFT"
    sari.post(f"{home}kirim/")
    row.refresh_from_db()
    assert (row.state, row.alone) == ("ISSUED", True)
    assert "Perlu ditinjau" in rini.get("/petugas/peringatan/").content.decode()
    assert "Perlu ditinjau" not in sari.get("/petugas/peringatan/").content.decode()
    rini.post(f"{home}tinjau/", {"tinjau-was_right": "ya", "tinjau-words": "Benar terjadi."})
    assert "menilainya tepat" in browser().get(f"/peringatan/{row.chain.number}/").content.decode()
    waits = "Pesan berikutnya belum dikirim"
    assert waits not in sari.get("/petugas/peringatan/").content.decode()
    sari.post(f"{home}cabut/", {"cabut-reason": "Angin sudah reda."})
    assert waits in sari.get("/petugas/peringatan/").content.decode()
    sari.post(f"{home}minta/")
    assert rini.post(f"{home}setujui/", {"teks": "9"}).status_code == 302  # other words than were read
    assert Chain.objects.get().closed_at is None
    rini.post(f"{home}setujui/", {"teks": "1"})
    assert Chain.objects.get().closed_at is not None
    Message.objects.update(onset=scene.at - HOUR)
    sari.post(f"{home}nilai/", {"nilai-outcome": "HIT", "nilai-words": "Pohon tumbang di dua tempat."})
    assert "Pohon tumbang" in browser().get(f"/peringatan/{row.chain.number}/").content.decode()
    accuracy = browser().get("/peringatan/ketepatan/").content.decode()
    assert "belum cukup" in accuracy
    log = sari.get("/petugas/peringatan/catatan/").content.decode()
    assert "Sari Uji" in log
    assert "Rini Uji" in log


def test_an_update_that_waits_does_not_hold_up_the_all_clear(scene):
    held = scene.issued()
    update = scene.draft(level="AWAS")
    home, sari = f"/petugas/peringatan/{held.chain.number}/", browser(scene.sari.account)
    assert "Cabut yang berlaku; rancangan ini tidak jadi dikirim" in sari.get(home).content.decode()
    sari.post(f"{home}cabut/", {"cabut-reason": "Air sudah surut."})
    update.refresh_from_db()
    over = Message.objects.get(chain=held.chain, state="DRAFT")
    assert (update.state, over.kind) == ("REJECTED", "CANCEL")
    page = sari.get(home).content.decode()
    assert "rancangan ini tidak jadi" not in page  # the all-clear itself is what waits now


def test_the_roster_on_the_desk(scene):
    rini, sari = browser(scene.rini.account), browser(scene.sari.account)
    at = "/petugas/peringatan/daftar/"
    dewi = add_person("dewi", "peringatan", "bpbd")
    assert sari.post(at, {"naik": "1"}).status_code == 404
    assert (
        rini.post(
            at, {"tambah": "1", "account": str(dewi), "from_hour": "18", "until_hour": "18"}
        ).status_code
        == 422
    )
    rini.post(at, {"tambah": "1", "account": str(dewi), "from_hour": "18", "until_hour": "6"})
    third = roster.standing()[2]
    assert (third.account, third.from_hour, third.until_hour) == (dewi, 18, 6)
    rini.post(at, {"naik": str(third.pk)})
    assert [one.account for one in roster.standing()] == [scene.rini.account, dewi, scene.budi.account]
    night = timezone.localtime(scene.at).replace(hour=2)
    noon = night.replace(hour=12)
    assert roster.is_on_duty(third, at=night)
    assert not roster.is_on_duty(third, at=noon)
    rini.post(at, {"keluar": str(third.pk)})
    rini.post(at, {"keluar": "99999999"})
    rini.post(at, {"naik": "x"})
    assert len(roster.standing()) == 2


def test_figures_of_skill_count_what_they_say(scene):
    for n in range(12):
        row = scene.issued(source=f"uji:skor{n}", mode="EXERCISE" if n == 11 else "ACTUAL")
        scoring.score(
            warning=row.chain_id,
            outcome="HIT" if n < 8 else "FALSE_ALARM",
            evidence={},
            at=scene.at + 6 * HOUR,
        )
    for n in range(2):
        scoring.score(
            outcome="MISS",
            event=f"uji.banjir:{n}",
            hazard="rob",
            level="SIAGA",
            areas=AREAS,
            happened_at=scene.at,
            evidence={"peak_m": 1.21, "limit_m": 1.1, "place": AREAS[0]},
            at=scene.at,
        )
    text = browser().get("/peringatan/ketepatan/").content.decode()
    assert "8 dari 10 kejadian" in text
    assert "80%" in text
    assert "3 dari 11 peringatan" in text
    assert "27%" in text
    # Whoever reads them finds each case below: what was warned of, and what was missed with its water and place.
    listed = text.split('id="kasus"')[1]
    assert [listed.count(f"</svg>{words}") for words in ("Tepat", "Tidak terjadi", "Luput")] == [8, 3, 2]
    assert listed.count('href="/peringatan/PRG-') == 11
    assert places.gazetteer().get(AREAS[0]).name in listed
    for words in ("Air tertinggi", "1,21 m"):
        assert words in listed
    assert "peak" not in listed


def test_the_source_that_is_taken_away_leaves_the_others_as_they_were(scene):
    row = scene.draft(facts={"sources": "BPBD, BMKG"})
    local = timezone.localtime(row.onset)
    given = QueryDict(mutable=True)
    given.update(
        {"level": "SIAGA", "day": local.date().isoformat(), "begins": f"{local:%H:%M}", "basis": "Uji"}
    )
    given.update({"end_day": (local + 4 * HOUR).date().isoformat(), "ends": f"{local + 4 * HOUR:%H:%M}"})
    given.setlist("areas", list(AREAS))
    for from_bmkg, sources in (("", "BPBD"), ("on", "BPBD, BMKG")):
        given["from_bmkg"] = from_bmkg
        form = ContentForm(given, at=scene.at, new=False, row=row)
        assert form.is_valid(), form.errors
        assert form.content().facts["sources"] == sources

"""Incidents through the doors: every page in every state for who may and who may not, hostile input, warnings, two at once."""

from __future__ import annotations

import re
import threading
from datetime import date, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from guyub.events import warnings as heard
from guyub.kernel import parties
from guyub.kernel.access.api import NotAllowed
from guyub.kernel.cities import api as cities
from guyub.kernel.ledger import api as ledger
from guyub.rooms.incidents import api, caring, commanding, opening, queries, situation, subscribers, tasking
from guyub.rooms.incidents.acting import Refused
from guyub.rooms.incidents.models import Holder, Incident, Item, Proposal, RunStep, SituationReport
from guyub.rooms.incidents.opening import Opening
from guyub.rooms.incidents.rules import Move
from guyub.rooms.incidents.web.acts import ACTS
from guyub.rooms.incidents.web.desk import SECTIONS
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account
from guyub.rooms.places import api as places
from tests.factories import BACKEND
from tests.rooms.test_warnings import Scene as Warned
from tests.security.conftest import Browser

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
        self.at, self.on = timezone.now(), timezone.localdate()
        self.places = tuple(one.code for one in places.gazetteer().settlements[:2])
        ward = people.directory().of_settlement(self.places[0])
        self.people = {
            "operator": add_person("sari", "operator", "pusdalops"),
            "darurat": add_person("rini", "darurat", "bpbd"),
            "pengganti": add_person("budi", "darurat", "bpbd"),
            "penghubung": add_person("wira", "penghubung", "pu"),
            "lurah": add_person("lala", "lurah", ward.key, self.places[0]),
            "setempat": add_person("tono", "darurat", "bpbd", self.places[0]),
            "warga": people.add_account(email="warga@uji.test", name="Warga Uji"),
        }

    def person(self, name: str):
        return people.person(self.people[name], on=self.on)

    def browser(self, name: str, host: str = "bandung.localhost") -> Browser:
        made = Browser(host)
        if name:
            made.force_login(Account.objects.get(pk=self.people[name]), backend=BACKEND)
        return made

    def opened(self, by: str = "darurat", **changes) -> Incident:
        given = {"kind": "rob", "title": f"Rob {EVIL}", "places": self.places, "level": "SIAGA", **changes}
        return opening.open_incident(said=Opening(**given), by=self.person(by), at=self.at)


@pytest.fixture
def scene(city) -> Scene:
    return Scene()


@pytest.mark.django_db
def test_people_and_states(scene):
    """Who runs incidents there sees every page in every state; to all others nothing is there."""
    row = scene.opened()
    by = scene.person("darurat")
    may = {"operator", "darurat", "pengganti"}
    desk = f"/petugas/insiden/{row.number}/"
    moves = [None, Move.CONTAIN, Move.CLOSE]
    for move in moves:
        if move:
            opening.move(incident=row.pk, to=move, reason="Uji", by=by, at=scene.at)
        for name in ("", *scene.people):
            browser = scene.browser(name)
            wanted = 302 if not name else 200 if name in may else 404
            for section in SECTIONS if name == "darurat" else ("", "catatan"):
                path = f"{desk}{section}/" if section else desk
                answer = browser.get(path)
                assert answer.status_code == wanted, (name, path, move)
                assert EVIL.encode() not in answer.content
            if name not in may:
                act = browser.post(f"{desk}lakukan/buka-lagi/", {"buka-lagi-reason": "Coba saja"})
                assert act.status_code == (302 if not name else 404)
                assert Incident.objects.get(pk=row.pk).state == row.state or move
    assert scene.browser("setempat").get("/petugas/insiden/").status_code == 200
    english = Browser().get("/en/insiden/")
    assert english.status_code == 200


@pytest.mark.django_db
def test_the_public_reads_only_what_the_city_shows(scene):
    quiet = scene.opened(title="Belum diumumkan uji")
    how = {"incident": quiet.pk, "words": "Air naik.", "contact": "", "by": scene.person("darurat")}
    shown = []
    for is_public in (False, True, False, False):
        opening.show(is_public=is_public, at=scene.at, **how)
        facts = ledger.facts_about(quiet.subject)
        shown.append([one.payload["is_public"] for one in facts if one.name == "incidents.incident_shown"])
    assert shown == [[], [True], [True, False], [True, False]]
    row = scene.opened()
    by, page = scene.person("darurat"), f"/insiden/{row.number}/"
    tasking.write(incident=row.pk, words="Rahasia posko", by=by, at=scene.at)
    caring.open_shelter(
        incident=row.pk,
        name="Aula Uji",
        place=scene.places[0],
        address="Jalan Uji",
        capacity=9,
        by=by,
        at=scene.at,
    )
    stranger = Browser()
    assert stranger.get(page).status_code == 404
    assert row.number not in stranger.get("/insiden/").content.decode()
    opening.show(incident=row.pk, is_public=True, words="Hindari pantai", contact="Posko", by=by, at=scene.at)
    answer = stranger.get(page).content.decode()
    assert "Hindari pantai" in answer
    assert "Aula Uji" in answer
    assert "Rahasia posko" not in answer
    assert "Rini" not in answer
    opening.show(incident=row.pk, is_public=False, words="", contact="", by=by, at=scene.at)
    assert stranger.get(page).status_code == 404
    for wrong in ("INS-2026-9999", "INS-2026-99999999999", "x", "%00"):
        assert stranger.get(f"/insiden/{wrong}/").status_code == 404


@pytest.mark.django_db
def test_a_task_is_found_and_finished_on_a_phone(scene):
    row = scene.opened()
    office = parties.party("office", people.directory().by_key["pu"].id)
    task = tasking.set_task(
        incident=row.pk,
        party=office,
        what="Pompa",
        due_at=scene.at + HOUR,
        by=scene.person("darurat"),
        at=scene.at,
    )
    path = f"/insiden/tugas/{task.uuid}/"
    for name, wanted in (("", 302), ("lurah", 404), ("warga", 404), ("operator", 200), ("penghubung", 200)):
        assert scene.browser(name).get(path).status_code == wanted, name
    wira = scene.browser("penghubung")
    assert "Pompa" in wira.get("/insiden/tugas/").content.decode()
    assert "Pompa" not in scene.browser("lurah").get("/insiden/tugas/").content.decode()
    assert wira.post(path, {"proof": ""}).status_code == 422
    assert scene.browser("lurah").post(path, {"proof": "Bukan saya"}).status_code == 404
    assert wira.post(path, {"proof": "Dua pompa hidup"}).status_code == 302
    assert "Dua pompa hidup" in scene.browser("operator").get(path).content.decode()


GOOD = {
    "tulis": {"words": f"Air naik {EVIL}", "day": "2026-01-01", "time": "08:00", "corrects": "", "token": ""},
    "lewati": {"step": "?step", "reason": "Tidak perlu"},
    "tingkat": {"level": "AWAS"},
    "tugaskan": {"party": "?office", "what": "Pompa", "due_day": "2036-01-01", "due_time": "10:00"},
    "batalkan": {"task": "?task", "reason": "Tidak perlu"},
    "hubungi": {"party": "?office", "words": "Mohon siaga"},
    "kaji": {"source": "Posko", "day": "2026-01-01", "time": "08:00", "f_luka": "3", "unknown": ""},
    "buka-titik": {"name": "Aula", "place": "?place", "address": "Jalan", "capacity": "20"},
    "hitung": {
        "shelter": "?shelter", "day": "2026-01-01", "time": "09:00", "people": "0", "families": "0",
        "babies": "0", "toddlers": "0", "pregnant": "0", "elderly": "0", "disabled": "0", "needs": "",
    },
    "tutup-titik": {"shelter": "?shelter"},
    "kebutuhan": {"name": "Selimut", "unit": "lembar", "needed": "5"},
    "barang": {"item": "?item", "way": "masuk", "amount": "7", "words": "PMI", "token": ""},
    "tetapkan-status": {
        "status": "SIAGA_DARURAT", "number": "SK 1", "signed_on": "2026-01-01", "first": "2026-01-01", "last": "2026-01-09",
    },
    "tetapkan": {"post": "OPERASI", "account": "?budi"},
    "serahkan": {"post": "KOMANDAN", "account": "?budi", "words": "Pantau pintu air"},
    "tarik": {"hand_over": "?hand_over"},
    "alihkan": {"post": "KOMANDAN", "account": "?budi", "reason": "Tidak terhubung"},
    "umumkan": {"is_public": "on", "words": "Hindari pantai", "contact": "Posko"},
    "jalankan": {"step": "?step"},
    "laporkan": {},
    "dibaca": {},
    "kendali": {"reason": "Air surut"},
    "memburuk": {"reason": "Air naik"},
}  # fmt: skip


@pytest.mark.django_db
def test_every_act_works_by_its_form_and_bears_what_is_thrown_at_it(scene):
    row = scene.opened()
    browser, desk = scene.browser("darurat"), f"/petugas/insiden/{row.number}/lakukan/"
    assert browser.post(f"{desk}tidak-ada/").status_code == 404

    def known(word: str) -> object:
        found = {
            "?step": lambda: row.steps.filter(state="OPEN", step="DO").first(),
            "?task": lambda: row.tasks.filter(state="OPEN").first(),
            "?shelter": lambda: row.shelters.filter(closed_at__isnull=True).first(),
            "?item": lambda: row.items.first(),
            "?hand_over": lambda: row.hand_overs.first(),
        }
        if word in found:
            return found[word]().pk
        if word == "?office":
            return parties.party("office", people.directory().by_key["pu"].id)
        if word == "?place":
            return scene.places[0]
        return scene.people["pengganti"] if word == "?budi" else word

    garbage = (
        "",
        "\x00",
        EVIL,
        "9" * 400,
        "-1",
        "0",
        "٣",
        "' OR 1=1",
        "NaN",
        "2026-02-31",
        "99:99",
        "office:0",
    )
    for name, said in GOOD.items():
        act = ACTS[name]
        for bad in garbage:
            sent = {f"{name}-{field}": bad for field in said}
            if act.move is None and name not in ("laporkan", "dibaca", "umumkan"):
                assert browser.post(f"{desk}{name}/", sent).status_code in (302, 422), (name, bad)
        before = ledger.facts_about(row.subject)
        sent = {f"{name}-{field}": known(value) for field, value in said.items()}
        answer = browser.post(f"{desk}{name}/", sent)
        assert answer.status_code == 302, (name, answer.content.decode()[-3000:])
        assert len(ledger.facts_about(row.subject)) > len(before), name
    left = set(ACTS) - set(GOOD)
    assert left == {"terima", "tutup", "buka-lagi"}
    report = browser.get(f"/petugas/insiden/{row.number}/laporan/1.pdf")
    assert report.content.startswith(b"%PDF")
    assert browser.get(f"/petugas/insiden/{row.number}/laporan/99999999999.pdf").status_code == 404
    for section in SECTIONS:
        page = browser.get(
            f"/petugas/insiden/{row.number}/{section}/" if section else f"/petugas/insiden/{row.number}/"
        )
        assert EVIL not in page.content.decode()


@pytest.mark.django_db
def test_an_incident_by_hand_rests_on_what_one_may_see(scene):
    browser = scene.browser("darurat")
    given = {
        "kind": "banjir",
        "title": "Banjir uji",
        "mode": "ACTUAL",
        "level": "SIAGA",
        "places": scene.places[0],
    }
    for wrong in (
        {"reports": "LAP-2026-999999"},
        {"places": "99.99"},
        {"kind": "x"},
        {"token": "zz"},
        {"mode": "?"},
    ):
        assert browser.post("/petugas/insiden/baru/", {**given, **wrong}).status_code == 422, wrong
    token = "0f8fad5b-d9cb-469f-a165-70867728950e"
    for _ in range(2):
        assert browser.post("/petugas/insiden/baru/", {**given, "token": token}).status_code == 302
    assert Incident.objects.filter(title="Banjir uji").count() == 1
    local = scene.browser("setempat")
    assert local.post("/petugas/insiden/baru/", {**given, "places": scene.places[1]}).status_code == 422
    assert local.post("/petugas/insiden/baru/", given).status_code == 302


@pytest.mark.django_db
def test_a_warning_proposes_and_a_person_decides(city):
    scene = Warned()
    rini = people.person(add_person("ani", "darurat", "bpbd"), on=scene.on)
    issued = scene.issued(level="WASPADA")

    def facts(kind):
        return (
            ledger.facts_about(issued.chain.subject)[-1:]
            if kind is None
            else [one for one in ledger.facts_about(issued.chain.subject) if one.name == kind.name]
        )

    for _ in range(2):  # what is told twice proposes once
        subscribers.propose(facts(heard.WarningIssued)[0])
    assert Proposal.objects.count() == 1
    assert not Incident.objects.exists()
    row = opening.accept(proposal=Proposal.objects.get().pk, by=rini, at=scene.at)
    assert [one.subject for one in row.sources.all()] == [issued.chain.subject]
    assert row.title == f"Rob, peringatan {issued.chain.number}"
    browser = Browser()
    browser.force_login(Account.objects.get(pk=rini.account), backend=BACKEND)
    assert issued.chain.number in browser.get(f"/petugas/insiden/{row.number}/").content.decode()
    opening.propose(
        warning=issued.chain_id,
        number="x",
        kind="rob",
        level="AWAS",
        mode="LATIHAN",
        areas=scene.areas,
        at=scene.at,
    )
    found = Proposal.objects.get(level="AWAS")
    path = f"/petugas/insiden/usulan/{found.pk}/"
    assert browser.post(f"{path}tolak/", {}).status_code == 302
    assert Proposal.objects.get(pk=found.pk).decided_at is None
    assert browser.post(f"{path}lain/").status_code == 404
    assert browser.post(f"{path}tolak/", {f"u{found.pk}-reason": "Sudah ditangani"}).status_code == 302
    assert Proposal.objects.get(pk=found.pk).decided_at
    other = scene.issued(source="uji:2", level="WASPADA")
    subscribers.propose(
        next(one for one in ledger.facts_about(other.chain.subject) if one.name == heard.WarningIssued.name)
    )
    assert len(queries.undecided()) == 1
    made_up = scene.issued(source="uji:3", facts={"simulated": True})
    opening.propose(
        warning=made_up.chain_id,
        number=made_up.chain.number,
        kind="rob",
        level="SIAGA",
        mode="ACTUAL",
        areas=scene.areas,
        at=scene.at,
    )
    by_name = opening.accept(proposal=Proposal.objects.get(level="SIAGA").pk, by=rini, at=scene.at)
    assert by_name.title == f"SIMULASI: Rob, peringatan {made_up.chain.number}"
    opening.lapse(warning=other.chain_id, at=scene.at)
    assert queries.undecided() == []


def test_two_at_once(committing_city):
    """One scene for all, because a city that commits costs seconds to make."""
    scene = Scene()

    def together(*acts) -> list[str]:
        start, outcomes = threading.Barrier(len(acts)), []

        def run(act) -> None:
            with cities.inside(committing_city):
                start.wait()
                try:
                    act()
                    outcomes.append("done")
                except (NotAllowed, Refused):
                    outcomes.append("late")
                finally:
                    connections.close_all()

        threads = [threading.Thread(target=run, args=(act,)) for act in acts]
        [one.start() for one in threads]
        [one.join() for one in threads]
        return sorted(outcomes)

    by, budi, at = scene.person("darurat"), scene.person("pengganti"), scene.at
    assert together(*[lambda: scene.opened(sources=("uji:1",))] * 4) == ["done"] * 4
    row = Incident.objects.get()
    assert len(api.open_incidents(at=timezone.now())) == 1

    item = caring.state_need(incident=row.pk, name="Selimut", unit="lembar", needed=20, by=by, at=at)
    caring.move_stock(incident=row.pk, item=item.pk, amount=20, words="PMI", by=by, at=at)

    def take():
        caring.move_stock(incident=row.pk, item=item.pk, amount=-5, words="Aula", by=by, at=at)

    assert together(*[take] * 6) == ["done"] * 4 + ["late"] * 2
    assert Item.objects.get().stock == 0

    made = commanding.write_hand_over(
        incident=row.pk, post="KOMANDAN", incoming=budi.acting, words="Pantau", by=by, at=at
    )

    def accept():
        commanding.accept(incident=row.pk, hand_over=made.pk, by=budi, at=at + HOUR)

    assert together(*[accept] * 4) == ["done"] + ["late"] * 3
    assert Holder.objects.filter(incident=row, post="KOMANDAN", until_at__isnull=True).count() == 1
    assert Holder.objects.filter(incident=row, post="KOMANDAN").count() == 2

    found = opening.propose(
        warning=8, number="x", kind="rob", level="AWAS", mode="ACTUAL", areas=scene.places, at=at
    )
    assert together(*[lambda: opening.accept(proposal=found.pk, by=by, at=at)] * 3) == [
        "done",
        "late",
        "late",
    ]
    codes = RunStep.objects.filter(incident=row).values_list("code", flat=True)
    assert len(codes) == len(set(codes))

    assert together(*[lambda: situation.make(incident=row.pk, by=by, at=at)] * 4) == ["done"] * 4
    assert sorted(SituationReport.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


@pytest.mark.django_db
def test_the_desk_and_the_paper_say_who_needs_care_and_what_shelters_need(scene):
    row, by = scene.opened(), scene.person("darurat")
    how = {"incident": row.pk, "by": by, "at": scene.at}
    hall = caring.open_shelter(
        name="Aula Uji", place=scene.places[0], address="Jalan Uji", capacity=60, **how
    )
    said = caring.Counted(families=9, people=38, vulnerable={"babies": 3, "elderly": 11}, needs="selimut uji")
    caring.count(shelter=hall.pk, said=said, counted_at=scene.at, **how)
    tasking.write(words="Baru saja uji", happened_at=scene.at.replace(microsecond=1), **how)
    browser, desk = scene.browser("darurat"), f"/petugas/insiden/{row.number}/"
    assert "Kelompok rentan: bayi 3, lansia 11<" in browser.get(f"{desk}pengungsian/").content.decode()
    log = browser.get(f"{desk}catatan/").content.decode()
    assert "Baru saja uji" in log
    assert "· terjadi" not in log  # it is told only of what happened in another minute
    chosen = browser.get(f"{desk}serah-terima/").content.decode().split('id="id_serahkan-account"')[1]
    values = re.findall(r'value="(\d+)"', chosen.split("</select>")[0])
    assert values
    assert str(by.acting) not in values  # nobody hands over to themselves
    paper = situation.values_of(situation.make(**how))
    assert [["Aula Uji", "selimut uji"]] in [one["rows"] for one in paper["sections"]]

"""The pages: who may open what, what they say, what hostile input does, and what they cost."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guyub.kernel.files.api import Photo
from guyub.kernel.files.tests import pdfs
from guyub.rooms.initiatives import delivering, drafting, lines, working
from guyub.rooms.initiatives.lines import Wanted
from guyub.rooms.initiatives.models import Delivery, Initiative, Line, Pledge
from guyub.rooms.initiatives.rules import Pledged, State
from guyub.rooms.initiatives.tests.conftest import BACKEND, DAY, PLACE, photo
from guyub.rooms.initiatives.web.acts import ORGANISER
from guyub.rooms.people.models import Account

pytestmark = pytest.mark.django_db
HOST = {"host": "bandung.localhost"}


@pytest.fixture
def browse(client, scene):
    """Ask for an address as somebody."""

    def ask(address, who=None, data=None):
        if who is None:
            client.logout()
        else:
            client.force_login(Account.objects.get(pk=who.acting), backend=BACKEND)
        if data is None:
            return client.get(address, headers=HOST)
        return client.post(address, data, headers=HOST)

    return ask


def test_who_may_open_what(scene, browse):
    """People × states × pages: strangers are told that there is no such page."""
    lurah, other = scene.officer(), scene.officer("lurah2", place="32.73.05.1001")
    partner, ani = scene.partner("Komunitas Taman", "ani"), scene.person("ani")
    member = scene.person("budi")
    draft = scene.draft(partner=partner.pk, by=ani, on_public_ground=True, template="taman")
    office = scene.opened()
    stopped = scene.opened()
    drafting.stop(initiative=stopped.pk, words="Batal.", by=lurah, at=scene.now)
    people = {"nobody": None, "budi": member, "ani": ani, "lurah": lurah, "lurah2": other}
    expected = {
        f"/prakarsa/{draft.slug}/": {"nobody": 404, "budi": 404, "ani": 200, "lurah": 404, "lurah2": 404},
        f"/prakarsa/{draft.slug}/kelola/": {
            "nobody": 302,
            "budi": 404,
            "ani": 200,
            "lurah": 404,
            "lurah2": 404,
        },
        f"/prakarsa/{office.slug}/": dict.fromkeys(people, 200),
        f"/prakarsa/{stopped.slug}/": dict.fromkeys(people, 200),
        f"/prakarsa/{office.slug}/kelola/": {
            "nobody": 302,
            **dict.fromkeys(("budi", "ani", "lurah", "lurah2"), 404),
        },
        f"/petugas/prakarsa/{office.slug}/": {
            "nobody": 302,
            "budi": 404,
            "ani": 404,
            "lurah": 200,
            "lurah2": 404,
        },
        f"/petugas/prakarsa/{office.slug}/hentikan/": {
            "nobody": 302,
            "budi": 404,
            "ani": 404,
            "lurah": 200,
            "lurah2": 404,
        },
        f"/petugas/prakarsa/{draft.slug}/persetujuan/": {
            "nobody": 302,
            "budi": 404,
            "ani": 404,
            "lurah": 404,
            "lurah2": 404,
        },
        "/petugas/prakarsa/": {"nobody": 302, "budi": 404, "ani": 404, "lurah": 200, "lurah2": 200},
        "/prakarsa/saya/": {"nobody": 302, **dict.fromkeys(("budi", "ani", "lurah", "lurah2"), 200)},
    }
    for address, answers in expected.items():
        found = {name: browse(address, who).status_code for name, who in people.items()}
        assert found == answers, address
    drafting.ask_consent(initiative=draft.pk, by=ani, at=scene.now)
    assert browse(f"/petugas/prakarsa/{draft.slug}/persetujuan/", lurah).status_code == 200
    assert browse(f"/prakarsa/{draft.slug}/", lurah).status_code == 200
    assert browse(f"/petugas/prakarsa/{draft.slug}/persetujuan/", other).status_code == 404
    answer = browse(f"/petugas/prakarsa/{draft.slug}/persetujuan/", lurah, {"putusan": "tidak", "kata": ""})
    assert answer.status_code == 422
    browse(f"/petugas/prakarsa/{draft.slug}/persetujuan/", lurah, {"putusan": "setuju"})
    browse(f"/prakarsa/{draft.slug}/kelola/buka/", ani, {})
    assert Initiative.objects.get(pk=draft.pk).state == State.OPEN


def test_a_promise_is_made_brought_signed_and_verified_on_pages(scene, browse):
    row, lurah, ani = scene.opened(), scene.officer(), scene.person("ani")
    hours, goods = scene.line(row, "HOURS"), scene.line(row, "GOODS")
    said = {"giver": "saya", "amount": "10", "due_on": "2026-11-30"}
    assert browse(f"/prakarsa/janji/{hours.uuid}/").status_code == 302
    assert browse(f"/prakarsa/janji/{goods.uuid}/", ani).status_code == 302  # no partner of hers may
    assert browse(f"/prakarsa/janji/{hours.uuid}/", ani, {**said, "amount": "banyak"}).status_code == 422
    assert browse(f"/prakarsa/janji/{hours.uuid}/", ani, said).status_code == 302
    made = Pledge.objects.get()
    assert (made.pledged, made.is_named) == (10, False)
    manage = f"/petugas/prakarsa/{row.slug}/"
    assert "Ani Uji" in browse(manage, lurah).content.decode()
    accept = f"{manage}terima-janji/?untuk={made.uuid}"
    asked = browse(accept, lurah).content.decode()
    assert "Ani Uji: 10 jam Kerja bakti" in asked
    assert 'name="reason"' not in asked
    browse(accept, lurah, {})
    page = browse(f"/prakarsa/{row.slug}/").content.decode()
    assert "Ani Uji" not in page
    assert "1 warga ikut berjanji" in page
    brought = {"amount": "10", "on": "2026-11-20", "receiver_name": "Penerima", "photos": [photo()]}
    own = f"/prakarsa/saya/{made.uuid}/"
    assert browse(own, scene.person("budi")).status_code == 404
    assert browse(f"{own}serahkan/", ani, {**brought, "photos": []}).status_code == 422
    assert browse(f"{own}serahkan/", ani, {**brought, "photos": [__file__]}).status_code == 422
    answer = browse(f"{own}serahkan/", ani, {**brought, "photos": [photo() for _ in range(6)]})
    assert "Paling banyak 5 foto sekali kirim." in answer.content.decode()
    assert not Delivery.objects.exists()
    receipts = [SimpleUploadedFile(f"{n}.pdf", pdfs.pdf(*[pdfs.RED] * n)) for n in (6, 2)]
    answer = browse(f"{own}serahkan/", ani, {**brought, "receipt": receipts[0]})
    assert "PDF ini 6 halaman; paling banyak 5." in answer.content.decode()
    brought["photos"] = [photo()]
    assert browse(f"{own}serahkan/", ani, {**brought, "receipt": receipts[1]}).status_code == 302
    delivery = Delivery.objects.get()
    assert Photo.objects.filter(subject=f"initiatives.receipt:{delivery.pk}", is_public=False).count() == 2
    assert "2 halaman PDF disimpan sebagai gambar." in browse(own, ani).content.decode()
    link = f"/prakarsa/terima/{delivering.key_of(delivery.uuid)}/"
    assert link in browse(own, ani).content.decode()
    assert browse(link, ani, {}).status_code == 422  # the giver does not sign
    assert browse(f"/prakarsa/terima/{delivery.uuid.hex}-palsu/").status_code == 404
    page = browse(link).content.decode()
    assert "Penerima" not in page.replace("penerima", "")
    assert browse(link, None, {}).status_code == 302
    shown = browse(manage, lurah).content.decode()
    assert "diterima Penerima" in shown
    browse(f"{manage}periksa/?untuk={delivery.uuid}", lurah, {"found": "10"})
    made.refresh_from_db()
    assert made.state == Pledged.VERIFIED
    assert "terbukti ada 10 jam" in browse(f"/prakarsa/{row.slug}/").content.decode()


def test_who_promises_is_asked_only_what_they_can_answer(scene, browse):
    row, ani, budi = scene.opened(), scene.person("ani"), scene.person("budi")
    partner = scene.partner("Karya Contoh", "budi")
    scene.joined(row, partner, budi)
    hours, money = (f"/prakarsa/janji/{scene.line(row, one).uuid}/" for one in ("HOURS", "MONEY"))
    asks = {
        (who, path): [
            name
            for name in ("interest", "is_named")
            if f'name="{name}"' in browse(path, who).content.decode()
        ]
        for who, path in ((ani, hours), (budi, hours), (budi, money))
    }
    assert asks == {
        (ani, hours): ["is_named"],
        (budi, hours): ["interest", "is_named"],
        (budi, money): ["interest"],
    }
    said = {"amount": "10", "due_on": "2026-11-30", "conflict": "Izin gudang."}
    assert browse(hours, ani, {**said, "giver": "saya", "interest": "ada"}).status_code == 302
    assert browse(hours, budi, {**said, "giver": "saya"}).status_code == 302
    assert browse(hours, budi, {**said, "giver": partner.pk}).status_code == 422
    assert (
        browse(hours, budi, {**said, "giver": partner.pk, "interest": "ada", "conflict": ""}).status_code
        == 422
    )
    assert browse(hours, budi, {**said, "giver": partner.pk, "interest": "ada"}).status_code == 302
    assert browse(money, budi, {**said, "giver": partner.pk, "interest": "tidak"}).status_code == 302
    accept = f"/petugas/prakarsa/{row.slug}/terima-janji/?untuk={Pledge.objects.get(has_conflict=True).uuid}"
    assert "Izin gudang." in browse(accept, scene.officer()).content.decode()
    assert browse(accept, scene.officer(), {"reason": ""}).status_code == 422
    assert browse(accept, scene.officer(), {"reason": "Kegiatannya terbuka."}).status_code == 302
    declared = Pledge.objects.order_by("pk").values_list("partner", "conflict_words")
    assert list(declared) == [(None, ""), (None, ""), (partner.pk, "Izin gudang."), (partner.pk, "")]


def test_each_act_of_the_organiser_has_a_page(scene, browse):
    row, lurah = scene.opened(running=True, template="jama-pai"), scene.officer()
    made = scene.accepted(_hours(row), 5, by=scene.person("ani"))
    brought = scene.delivered(made, 5, by=scene.person("ani"))
    targets = {
        "line": _hours(row).uuid,
        "pledge": made.uuid,
        "delivery": brought.uuid,
        "task": scene.task(row).uuid,
    }
    for verb, act in ORGANISER.items():
        if act.about == "joined":
            continue
        query = f"?untuk={targets[act.about]}" if act.about else ""
        address = f"/petugas/prakarsa/{row.slug}/{verb}/{query}"
        answer = browse(address, lurah)
        assert answer.status_code == 200, verb
        if act.about:
            assert (
                browse(f"/petugas/prakarsa/{row.slug}/{verb}/?untuk={uuid.uuid4()}", lurah).status_code == 404
            )
            assert browse(f"/petugas/prakarsa/{row.slug}/{verb}/?untuk=%00'--", lurah).status_code == 404
        hostile = {name: "\x00<script>" + "9" * 400 for name in answer.context["form"].fields}
        if hostile:
            assert browse(address, lurah, hostile).status_code in (422, 302), verb


def _hours(row):
    return Line.objects.filter(initiative=row, resource="HOURS").first()


def test_hostile_addresses_are_answered_and_never_fail(scene, browse):
    row = scene.opened()
    for query in (
        "?wilayah=%00&tema=%27--&keadaan=DRAFT&hal=-1",
        "?hal=99999999999999999999",
        "?wilayah=../../etc&hal=0",
    ):
        assert browse(f"/prakarsa/{query}").status_code == 200
    assert browse("/prakarsa/%3Cscript%3E/").status_code == 404
    assert (
        browse(
            f"/prakarsa/{row.slug}/jawab/", scene.person("ani"), {"mitra": "9" * 40, "jawaban": "ikut"}
        ).status_code
        == 404
    )
    assert (
        browse(
            f"/prakarsa/{row.slug}/jawab/", scene.person("ani"), {"mitra": "1", "jawaban": "ikut"}
        ).status_code
        == 404
    )
    assert browse("/petugas/prakarsa/baru/?kebutuhan=XX-1", scene.officer()).status_code == 404
    answer = browse("/petugas/prakarsa/baru/", scene.officer(), {"organiser": "office:999999", "title": "x"})
    assert answer.status_code == 422


def test_an_officer_begins_one_from_a_template_on_the_page(scene, browse):
    lurah = scene.officer()
    assert browse("/petugas/prakarsa/baru/?templat=taman", lurah).status_code == 200
    said = {
        "organiser": f"office:{scene.office}",
        "template": "taman",
        "title": "Taman Uji Halaman",
        "purpose": "Agar teduh.",
        "theme": "ruang-publik",
        "place_1": PLACE,
    }
    answer = browse("/petugas/prakarsa/baru/", lurah, said)
    assert answer.headers["Location"] == "/petugas/prakarsa/taman-uji-halaman/"
    assert browse(answer.headers["Location"], lurah).status_code == 200
    wrong = browse("/petugas/prakarsa/baru/", lurah, {**said, "place_1": "32.73.05.1001"})
    assert wrong.status_code == 422
    opened = browse(
        "/petugas/prakarsa/templat/",
        lurah,
        {"template": "posko-rob", "office": f"office:{scene.office}", "place": PLACE},
    )
    assert opened.status_code == 302
    assert browse("/prakarsa/baru/", lurah).status_code == 200


def test_pages_ask_a_fixed_number_of_queries(scene, client):
    """However many there are: the list four, a page as many as it has kinds of things."""

    def count(address):
        client.get(address, headers=HOST)  # what a process remembers of the city is read once
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address, headers=HOST).status_code == 200
        return len(seen)

    rows = [_full(scene, n) for n in range(2)]
    few_list, few_page = count("/prakarsa/"), count(f"/prakarsa/{rows[0].slug}/")
    for n in range(2, 7):
        _full(scene, n)
    lurah = scene.officer()
    for n in range(6):
        wanted = Wanted("HOURS", f"Kerja {n}", "jam", 10)
        key = lines.add_line(initiative=rows[0].pk, wanted=wanted, by=lurah, at=scene.now)
        scene.accepted(Line.objects.get(pk=key), 5, by=scene.person(f"warga{n}"))
        working.post_update(initiative=rows[0].pk, words=f"Kabar {n}", by=lurah, at=scene.now)
    assert count("/prakarsa/") == few_list <= 4
    assert count(f"/prakarsa/{rows[0].slug}/") == few_page <= 14


def _full(scene, n):
    row, lurah = scene.opened(title=f"Prakarsa {n}"), scene.officer()
    ani = scene.person("ani")
    made = scene.accepted(scene.line(row, "HOURS"), 10, by=ani, due_on=DAY + timedelta(days=n))
    brought = scene.delivered(made, 4, by=ani)
    delivering.verify(delivery=brought.pk, found=4, by=lurah, at=scene.now)
    working.post_update(initiative=row.pk, words="Kabar.", by=lurah, at=scene.now)
    return row

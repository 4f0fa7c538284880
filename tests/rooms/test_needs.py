"""Needs and offers through the pages: from many reports to somebody who says yes, and who may see what on the way."""

from __future__ import annotations

import gzip
import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.rooms.casework.api import State as CaseState
from guyub.rooms.needs import api as needs
from guyub.rooms.needs import offering, publishing
from guyub.rooms.needs.models import Ask, Need, Offer
from guyub.rooms.needs.offering import Gift
from guyub.rooms.needs.publishing import LineSaid, Wish
from guyub.rooms.partners import api as partners
from guyub.rooms.partners.models import Partner
from tests import factories

pytestmark = pytest.mark.django_db

WHY = "Jalan yang sama tergenang setiap hujan deras, warga minta tanggul darurat."


class Scene:
    def __init__(self, now):
        self.now, self.people = now, factories.add_people()
        self.place = self.people.place
        self.clients: dict[str, Client] = {}

    def browser(self, who: str = "") -> Client:
        if who not in self.clients:
            self.clients[who] = Client(headers=factories.HOST)
            if who:
                self.clients[who].force_login(self.people.account(who), backend=factories.BACKEND)
        return self.clients[who]

    def get(self, who: str, address: str, status: int = 200) -> str:
        answer = self.browser(who).get(address)
        assert answer.status_code == status, (who, address, answer.status_code)
        return html.unescape(answer.content.decode())

    def post(self, who: str, address: str, status: int = 302, **said) -> str:
        answer = self.browser(who).post(address, said)
        assert answer.status_code == status, (
            who,
            address,
            answer.status_code,
            answer.content.decode()[:3000],
        )
        return answer.headers.get("Location", "")

    def partner(self, name: str, by: str = "warga", *, verified: bool = True, **said) -> Partner:
        values = {"themes": ("bencana",), "places": (self.place,), **said}
        row = partners.found(profile=partners.Profile(name=name, **values), by=self.people[by], at=self.now)
        if verified:
            partners.verify(partner=row.pk, by=self.people["kemitraan"], at=self.now)
        return Partner.objects.get(pk=row.pk)

    def wish(self, **changes) -> Wish:
        lines = (LineSaid("GOODS", "Karung pasir", 200, "karung"), LineSaid("HOURS", "Mengisi karung", 40))
        values = {
            "title": "Tanggul darurat",
            "why": WHY,
            "place": self.place,
            "theme": "bencana",
            "lines": lines,
        }
        return Wish(**{**values, **changes})

    def need(self, **changes) -> Need:
        """A published need of the lurah's office."""
        by = self.people["lurah"]
        office = by.grants[0].organisation
        row = publishing.draft(wish=self.wish(**changes), by=by, office=office, at=self.now)
        publishing.publish(need=row.pk, by=by, at=self.now)
        return Need.objects.get(pk=row.pk)

    def offer(self, partner: Partner | None, by: str, **changes) -> Offer:
        values = {"resource": "HOURS", "what": "Relawan akhir pekan", "amount": 60, "unit": "jam"}
        values |= {"every": "MONTH", "themes": ("bencana",), "places": (self.place,)}
        gift = Gift(**{**values, **changes})
        return offering.offer(
            gift=gift, by=self.people[by], partner=partner.pk if partner else None, at=self.now
        )


@pytest.fixture
def scene(city, now, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return Scene(now)


def test_thirty_reports_become_a_need_and_somebody_says_yes(scene):
    made = [
        factories.send(at=scene.now - timedelta(hours=n), place=scene.place, category="banjir")
        for n in range(30)
    ]
    for report, case in made[:20]:  # a kelurahan speaks of what others handle, too
        factories.bring_to(CaseState.FORWARDED, report, case, by=scene.people["koordinator"], at=scene.now)
    partner = scene.partner("Relawan Sungai Contoh")
    offer = scene.offer(partner, "warga")
    scene.partner("Paguyuban Lain Contoh", "ketua-rt")

    group = re.search(
        r'href="(/petugas/kebutuhan/laporan/\?[^"]+)"', scene.get("lurah", "/petugas/kebutuhan/laporan/")
    )
    page = scene.get("lurah", group[1])
    numbers = re.findall(r'name="laporan" value="(LAP-[^"]+)"', page)
    assert len(numbers) == 30
    chosen = "&".join(f"laporan={number}" for number in numbers)
    form = scene.get("lurah", f"/petugas/kebutuhan/baru/?{chosen}")
    assert "30 laporan" in form
    said = {
        "title": "Tanggul darurat di jalan yang tergenang",
        "why": WHY,
        "theme": "bencana",
        "place": scene.place,
        "rows": "3",
        "laporan": numbers,
        "b0-resource": "GOODS",
        "b0-purpose": "Karung pasir untuk tanggul",
        "b0-amount": "200",
        "b0-unit": "karung",
        "b1-resource": "HOURS",
        "b1-purpose": "Mengisi dan menyusun karung",
        "b1-amount": "40",
    }
    desk = scene.post("lurah", "/petugas/kebutuhan/baru/", **said)
    row = Need.objects.get()
    assert desk == f"/petugas/kebutuhan/{row.number}/"
    assert row.state == "DRAFT"
    public = f"/kebutuhan/{row.number}/"
    scene.get("", public, status=404)
    scene.get("warga", public, status=404)
    scene.get("lurah", f"{desk}terbitkan/")
    scene.post("lurah", f"{desk}terbitkan/")
    page = scene.get("", public)
    assert "30 laporan di baliknya" in page
    assert "200 karung" in page
    assert "40 jam" in page
    named = set(re.findall(r"LAP-\d{4}-\d{6}", page))
    readable = {report.number for report, _case in made[:20]}
    assert named
    assert named <= readable
    assert (
        scene.get("lurah", "/petugas/kebutuhan/laporan/").count("30 laporan") == 0
    )  # no report lies behind two needs

    page = scene.get("lurah", desk)
    assert "Relawan Sungai Contoh" in page
    assert "tema sama" in page
    assert "cukup: tersisa 60 jam" in page
    assert "Paguyuban Lain Contoh" in page
    assert "Belum mencatat tawaran" in page
    asking = f"{desk}ajak/?tawaran={offer.uuid}"
    scene.get("lurah", asking)
    scene.post("lurah", asking, words="Mohon bantuannya hari Sabtu.", line="")
    asked = Ask.objects.get()
    told = Notice.objects.filter(recipient=f"account:{scene.people['warga'].account}").latest("pk")
    assert told.link == f"/kebutuhan/ajakan/{asked.uuid}/"
    scene.get("ketua-rt", told.link, status=404)
    assert "Mohon bantuannya" in scene.get("warga", told.link)
    assert row.title in scene.get("warga", "/tawaran/saya/")
    scene.post("warga", told.link, status=422, answer="YES", amount="61")  # more than is left
    scene.post("warga", told.link, answer="YES", amount="40", words="Siap, dua puluh orang.")
    page = scene.get("lurah", desk)
    assert "Menyanggupi" in page
    assert "40 jam" in page
    assert "Siap, dua puluh orang." in page
    assert "tersisa 20 jam" in page  # what was promised is no longer to be had this month
    assert "Siap, dua puluh" not in scene.get("", public)
    (willing,) = needs.willing(need=row.pk)
    assert (willing.partner, willing.amount, willing.offer) == (partner.pk, 40, offer.pk)
    names = [fact.name for fact in ledger.facts_about(row.subject)]
    assert names == [
        f"needs.{one}" for one in ("need_drafted", "need_published", "help_asked", "help_answered")
    ]
    scene.post("lurah", f"{desk}terpenuhi/", words="Selesai bersama warga.")
    assert "Terpenuhi" in scene.get("", "/kebutuhan/?selesai=1")


def test_an_unverified_partners_need_is_read_by_the_office_of_its_place_first(scene):
    scene.partner("Komunitas Baru Contoh", verified=False)
    scene.get("warga", "/kebutuhan/baru/")
    said = {
        "title": "Butuh sapu lidi dan karung",
        "why": WHY,
        "theme": "sampah",
        "place": scene.place,
        "rows": "3",
    }
    said |= {"b0-resource": "GOODS", "b0-purpose": "Sapu lidi", "b0-amount": "1.000", "b0-unit": "buah"}
    own = scene.post("warga", "/kebutuhan/baru/", **said)
    row = Need.objects.get()
    desk, public = f"/petugas/kebutuhan/{row.number}/", f"/kebutuhan/{row.number}/"
    assert own == f"{public}kelola/"
    scene.get("lurah", desk, status=404)  # a draft is its writers' own
    scene.post("warga", f"{own}terbitkan/")
    row.refresh_from_db()
    assert row.state == "PROPOSED"
    assert row.look_due_on
    scene.get("", public, status=404)
    scene.get("penghubung", desk)  # an agency works in the whole city
    for stranger in ("koordinator", "inspektorat", "tapem", "admin"):
        scene.get(stranger, desk, status=404)
    assert row.title in scene.get("lurah", "/petugas/kebutuhan/")
    scene.get("ketua-rt", own, status=404)
    scene.post("warga", f"{own}terima/", status=404)  # nobody lets their own need pass
    scene.post("lurah", f"{desk}kembalikan/", words="Sebutkan untuk hari apa.")
    assert "Sebutkan untuk hari apa." in scene.get("warga", own)
    scene.post("warga", f"{own}terbitkan/")
    scene.post("lurah", f"{desk}terima/")
    assert "1.000 buah" in scene.get("", public)
    scene.post("warga", f"{own}ubah/", **{**said, "title": "Butuh sapu lidi saja"})
    scene.get("", public, status=404)  # what was changed is read again first
    scene.post("lurah", f"{desk}terima/")
    scene.post("lurah", f"{desk}turunkan/", words="Ternyata promosi dagangan.")
    scene.get("", public, status=404)
    assert "Ternyata promosi dagangan." in scene.get("warga", own)


def test_a_resident_offers_hours_and_is_named_to_nobody(scene):
    form = {
        "resource": "GOODS",
        "what": "Karung bekas beras",
        "amount": "5",
        "unit": "karung",
        "every": "ONCE",
    }
    form |= {"place_1": scene.place}
    page = scene.browser("warga").post("/tawaran/baru/", form)
    assert page.status_code == 422
    assert "hanya tenaga dan keahlian" in page.content.decode()
    form |= {"resource": "HOURS", "what": "Tenaga hari Minggu, hubungi 0812-3456-7890"}
    scene.post("warga", "/tawaran/baru/", status=422, **form)  # nobody's number stands in public
    scene.post("warga", "/tawaran/baru/", **{**form, "what": "Tenaga hari Minggu"})
    offer = Offer.objects.get()
    name, mail = scene.people["warga"].name, scene.people["warga"].email
    row = scene.need()
    desk = f"/petugas/kebutuhan/{row.number}/"
    for who, address in (("", "/tawaran/"), ("lurah", desk), ("lurah", f"{desk}ajak/?tawaran={offer.uuid}")):
        page = scene.get(who, address)
        assert "Seorang warga" in page
        assert name not in page
        assert mail not in page
    scene.post("lurah", f"{desk}ajak/?tawaran={offer.uuid}", words="", line="")
    asked = Ask.objects.get()
    scene.post("warga", f"/kebutuhan/ajakan/{asked.uuid}/", answer="NO", words="Sedang di luar kota.")
    page = scene.get("lurah", desk)
    assert "Belum bisa" in page
    assert name not in page
    for act, state in (("jeda", "PAUSED"), ("lanjut", "ACTIVE"), ("perbarui", "ACTIVE")):
        scene.post("warga", f"/tawaran/{offer.uuid}/{act}/")
        offer.refresh_from_db()
        assert offer.state == state
    scene.post("ketua-rt", f"/tawaran/{offer.uuid}/jeda/", status=404)
    scene.get("ketua-rt", f"/tawaran/{offer.uuid}/", status=404)
    scene.get("warga", f"/tawaran/{offer.uuid}/")
    scene.get("kemitraan", f"/petugas/kebutuhan/tawaran/{offer.uuid}/akhiri/")
    scene.get("lurah", f"/petugas/kebutuhan/tawaran/{offer.uuid}/akhiri/", status=404)
    scene.post("kemitraan", f"/petugas/kebutuhan/tawaran/{offer.uuid}/akhiri/", words="Tidak sesuai.")
    assert "Tenaga hari Minggu" not in scene.get("", "/tawaran/")


def test_every_choice_of_the_lists_opens_and_narrows(scene):
    row = scene.need()
    partner = scene.partner("Aula Contoh")
    scene.offer(partner, "warga", resource="PLACE", what="Aula untuk 60 orang", unit="hari", themes=())
    for address, title in (("/kebutuhan/", row.title), ("/tawaran/", "Aula untuk 60 orang")):
        kind = "GOODS" if address == "/kebutuhan/" else "PLACE"
        for query in ("", f"?wilayah={scene.place}", "?tema=bencana", f"?jenis={kind}", "?hal=x&tema=%00"):
            assert title in scene.get("", address + query), query
        other = "MONEY" if kind == "GOODS" else "DATA"
        for query in (f"?jenis={other}", "?hal=7"):
            assert title not in scene.get("", address + query)
    assert row.title not in scene.get("", "/kebutuhan/?tema=umkm")
    assert reverse("need_list") in scene.get("", "/")


@pytest.mark.parametrize("many", [1, 25])
def test_pages_ask_the_same_for_one_as_for_many(scene, many):
    partner = scene.partner("Relawan Contoh")
    for n in range(many):
        row = scene.need(title=f"Tanggul darurat nomor {n}")
        scene.offer(partner, "warga", what=f"Relawan nomor {n}")
    desk = f"/petugas/kebutuhan/{row.number}/"
    for who, address, most, kilobytes in (
        ("", "/kebutuhan/", 4, 6),
        ("", "/tawaran/", 3, 6),
        ("", f"/kebutuhan/{row.number}/", 5, 5),
        ("lurah", desk, 21, 7),
        ("warga", "/tawaran/saya/", 20, 7),
    ):
        scene.get(who, address)  # what a process remembers of the city is read once
        with CaptureQueriesContext(connection) as seen:
            page = scene.get(who, address)
        assert len(seen) <= most, (address, len(seen), [one["sql"][:120] for one in seen])
        assert len(gzip.compress(page.encode())) <= kilobytes * 1024, address

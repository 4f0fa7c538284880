"""Matches never say more than the bank: officers lay lines beside deliveries, undo and verify at once, to the rupiah.

And who may see it: statements only whoever's they are, papers everyone who holds one, the card every page.
"""

from __future__ import annotations

import random
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from guyub.demo.people import DOMAIN, add_demo_people
from guyub.kernel.access.api import NotAllowed
from guyub.kernel.cities import api as cities
from guyub.kernel.ledger import api as ledger
from guyub.rooms.initiatives import banking, delivering, drafting, lines, matching, papers, pledging
from guyub.rooms.initiatives.acting import Refused
from guyub.rooms.initiatives.bank_rules import code_of
from guyub.rooms.initiatives.delivering import Brings
from guyub.rooms.initiatives.models import BankLine, Delivery, Initiative, Line, Match, MatchPart, Pledge
from guyub.rooms.initiatives.owning import Owner
from guyub.rooms.partners import api as partners
from guyub.rooms.partners.models import Partner
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account
from tests.factories import BACKEND, HOST, picture
from tests.papers import words_on

WORKERS, TURNS, AMOUNTS = 5, 12, (100, 200, 300, 300, 500)


def prepared() -> tuple[dict[str, Any], Initiative, Owner, list[Delivery]]:
    """An initiative of the kelurahan, a company that transferred five sums, and a statement that shows the same."""
    add_demo_people()
    now, today = timezone.now(), timezone.localdate()
    ids = dict(Account.objects.filter(email__endswith=DOMAIN).values_list("email", "pk"))
    who = {email.partition("@")[0]: people.person(pk, on=today) for email, pk in ids.items()}
    grant = who["lurah"].grants[0]
    plan = drafting.Plan("Uji Uang", "Uji.", "sosial", (grant.place,))
    row = drafting.draft(plan=plan, by=who["lurah"], at=now, office=grant.organisation)
    wanted = lines.Wanted("MONEY", "Dana", "", 5_000)
    line = lines.add_line(initiative=row.pk, wanted=wanted, by=who["lurah"], at=now)
    drafting.open_up(initiative=row.pk, by=who["lurah"], at=now)
    lines.state_exemption(initiative=row.pk, code="gotong-royong", by=who["lurah"], at=now)
    said = partners.Profile(name="PT Contoh Rekaan", places=(grant.place,))
    partners.found(profile=said, by=who["warga"], at=now)
    partner = Partner.objects.get(founded_by_id=who["warga"].acting)
    made = []
    for amount in AMOUNTS:
        key = pledging.pledge(
            line=line,
            amount=amount,
            due_on=today + timedelta(days=3),
            by=who["warga"],
            at=now,
            partner=partner.pk,
        )
        pledging.accept(pledge=key, by=who["lurah"], at=now)
        brings = Brings(amount, today, "")
        one = delivering.deliver(pledge=key, said=brings, photos=[picture()], by=who["warga"], at=now)
        delivering.receive(delivery=one.pk, at=now)
        made.append(one)
    owner = Owner(grant.organisation, None, "Kelurahan", f"/petugas/prakarsa/rekening/{grant.organisation}/")
    layout = banking.Layout("Tanggal", "Masuk", remark="Ket", name="Nama")
    banking.set_layout(owner=owner, layout=layout, by=who["lurah"], at=now)
    rows = "".join(f"{today};{code_of(one.pledge_id)};Budi Rahasia Uji;{one.amount}\n" for one in made)
    draft = banking.keep(f"Tanggal;Ket;Nama;Masuk\n{rows}".encode(), owner=owner, by=who["lurah"], at=now)
    assert banking.take_over(draft=draft, owner=owner, by=who["lurah"], at=now) == len(AMOUNTS)
    return who, row, owner, made


def a_turn(dice: random.Random, owner: Owner, lurah: Any, kasi: Any) -> None:
    """One thing that somebody does, whether it is possible now or not."""
    now = timezone.now()
    came, sent = list(BankLine.objects.all()), list(Delivery.objects.all())
    what = dice.choice(["one", "one", "many", "certain", "undo", "find", "less", "back", "again"])
    delivery = dice.choice(sent)
    if what == "one":
        lines_, deliveries = [dice.choice(came).pk], [delivery.pk]
        matching.match(owner=owner, lines=lines_, deliveries=deliveries, by=lurah, at=now)
    elif what == "many":
        some = [one.pk for one in dice.sample(sent, 2)]
        matching.match(owner=owner, lines=[dice.choice(came).pk], deliveries=some, by=kasi, at=now)
    elif what == "certain":
        matching.match_certain(owner=owner, by=kasi, at=now)
    elif what == "undo":
        found = Match.objects.filter(undone_at__isnull=True).order_by("?").first()
        if found:
            matching.undo(owner=owner, match=found.uuid, words="Uji.", by=lurah, at=now)
    elif what == "find":
        delivering.verify(delivery=delivery.pk, found=delivery.amount, by=kasi, at=now)
    elif what == "less":
        delivering.verify(delivery=delivery.pk, found=max(delivery.amount - 7, 1), by=kasi, at=now)
    elif what == "back":
        delivering.send_back(delivery=delivery.pk, words="Uji.", by=kasi, at=now)
    else:
        delivering.take_back(delivery=delivery.pk, words="Uji.", by=lurah, at=now)


def test_matches_never_say_more_than_the_bank(committing_city):
    who, row, owner, _made = prepared()
    problems: list[BaseException] = []
    done: list[int] = []

    def work(seed: int) -> None:
        dice = random.Random(seed)
        try:
            with cities.inside(committing_city):
                for _turn in range(TURNS):
                    try:
                        a_turn(dice, owner, who["lurah"], who["seklur"])
                        done.append(seed)
                    except (NotAllowed, Refused):
                        continue  # not possible now: that is the rule, and nothing happened
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert problems == []
    assert done
    standing = Match.objects.filter(undone_at__isnull=True)
    for one in standing:
        parts = one.parts.filter(is_ended=False)
        came = parts.filter(line__isnull=False).aggregate(all=Sum("line__amount"))["all"]
        sent = sum(matching.standing(part.delivery) for part in parts.filter(delivery__isnull=False))
        assert one.amount == came == sent
    assert not MatchPart.objects.filter(match__undone_at__isnull=False, is_ended=False).exists()
    assert Match.objects.exists(), "nothing was matched: the test would prove nothing"
    confirmed = matching.matched_of([row.pk])
    line = Line.objects.get()
    assert confirmed == sum(one.amount for one in standing) <= line.delivered
    brought = Delivery.objects.exclude(state="REFUSED")
    assert line.delivered == sum(map(matching.standing, brought))
    facts = [(one.name.partition(".")[2], one.payload) for one in ledger.facts_about(row.subject)]
    told = {
        name: sum(said["amount"] for what, said in facts if what == name)
        for name in ("money_matched", "match_undone")
    }
    assert told["money_matched"] - told["match_undone"] == confirmed
    assert all(one.sums.holds for one in Pledge.objects.all())


def browser(who: dict[str, Any], slug: str) -> Client:
    made = Client(headers=HOST)
    if slug:
        made.force_login(Account.objects.get(pk=who[slug].account), backend=BACKEND)
    return made


@pytest.mark.django_db
def test_pages_of_money_are_for_whom_they_are(city):
    who, row, owner, (first, *_more) = prepared()
    slug = Partner.objects.get().slug
    lurah, warga, nobody, camat = (browser(who, name) for name in ("lurah", "warga", "", "camat"))
    page = lurah.get(owner.address).content.decode()
    assert "Budi Rahasia Uji" in page
    assert code_of(first.pledge_id) in page
    for other in (warga, nobody, camat):
        assert other.get(owner.address).status_code in (302, 404)
    for public in (f"/prakarsa/{row.slug}/", "/prakarsa/data/penyerahan.csv", "/prakarsa/data/janji.json"):
        answer = nobody.get(public)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200
        assert b"Rahasia" not in text
    assert lurah.post(f"{owner.address}cocokkan/", {"pasti": "ya"}).status_code == 302
    assert lurah.post(f"{owner.address}cocokkan/", {"baris": "9" * 40, "serahan": "x"}).status_code == 302
    assert matching.matched_of([row.pk]) == sum(AMOUNTS)
    made = Match.objects.first()
    undo = f"{owner.address}batal/{made.uuid}/"
    assert lurah.post(undo, {"words": ""}).status_code == 422
    assert warga.post(undo, {"words": "Uji"}).status_code == 404
    assert lurah.post(undo, {"words": "Uji."}).status_code == 302
    assert lurah.get(undo).status_code == 404
    year = timezone.localdate().year
    address = f"/prakarsa/mitra/{slug}/tjsl/"
    assert (lurah.get(address).status_code, warga.get(address).status_code) == (404, 200)
    assert lurah.post(f"{address}{year}/").status_code == 404
    assert warga.post(f"{address}{year - 1}/").status_code == 404
    issued = warga.post(f"{address}{year}/")["Location"]
    checked = nobody.get(issued).content.decode()
    assert "Rp1.400" in checked
    assert papers.find(issued.split("/")[-2]).digest in checked
    assert "Berlaku" in checked
    assert nobody.get(issued[:-2] + "x/").status_code == 404
    assert nobody.get(f"{issued}berkas.pdf").status_code == 302
    assert lurah.get(f"{issued}berkas.pdf").status_code == 404
    said = words_on(warga.get(f"{issued}berkas.pdf").content)
    assert "Rp1.400" in said
    assert f"tahun {year}" in said


@pytest.mark.django_db
def test_the_card_alone_may_stand_in_a_frame(city):
    _who, row, _owner, _made = prepared()
    nobody = Client(headers=HOST)
    card = nobody.get(f"/prakarsa/{row.slug}/kartu/")
    assert "frame-ancestors *" in card["Content-Security-Policy"]
    assert "script-src 'none'" in card["Content-Security-Policy"]
    assert "X-Frame-Options" not in card
    assert not card.cookies
    assert b"<script" not in card.content
    page = nobody.get(f"/prakarsa/{row.slug}/")
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    for address in (f"/prakarsa/{row.slug}/kalender.ics", f"/wilayah/{row.places[0]}/gotong-royong.ics"):
        assert nobody.get(address).content.startswith(b"BEGIN:VCALENDAR")
    assert nobody.get("/wilayah/99.99/gotong-royong.ics").status_code == 404
    assert nobody.get("/prakarsa/data/rahasia.csv").status_code == 404
    assert nobody.get("/prakarsa/data/").status_code == 200

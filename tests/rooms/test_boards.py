"""Boards of places and the city's map: every number is that of its list, sums are those of their lines, and a desk is
told what waits for it and nothing else."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from guyub.kernel.cities.remembering import forget_all
from guyub.rooms.initiatives import delivering, lines, working
from guyub.rooms.initiatives.tests.conftest import BACKEND, DISTRICT, PLACE, Scene, photo
from guyub.rooms.meetings import api as meetings
from guyub.rooms.meetings.models import Meeting
from guyub.rooms.needs import publishing
from guyub.rooms.needs.publishing import LineSaid, Wish
from guyub.rooms.partners import api as partners

pytestmark = pytest.mark.django_db
CITY, OTHER, BESIDE = "32.73", "32.73.01", "32.73.02.1001"


@pytest.fixture(autouse=True)
def in_indonesian():
    with translation.override("id"):
        yield
    forget_all()


@pytest.fixture
def scene(city, now, monkeypatch) -> Scene:
    monkeypatch.setattr(timezone, "now", lambda: now)
    forget_all()
    return Scene(now)


def browser(scene: Scene, who: str = "") -> Client:
    client = Client(headers={"host": "bandung.localhost"})
    if who:
        from guyub.rooms.people.models import Account

        client.force_login(Account.objects.get(email=f"{who}@uji.test"), backend=BACKEND)
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.unescape(answer.content.decode())


def need(scene: Scene, *, place: str = PLACE, publish: bool = True, title: str = "Tanggul") -> None:
    by = scene.officer()
    said = (LineSaid("GOODS", "Karung pasir", 200, "karung"),)
    wish = Wish(title, "Jalan yang sama tergenang setiap hujan deras.", place, "bencana", said)
    row = publishing.draft(wish=wish, by=by, office=scene.office, at=scene.now)
    if publish:
        publishing.publish(need=row.pk, by=by, at=scene.now)


def partner_at(scene: Scene, name: str, place: str, *, verified: bool = True) -> None:
    profile = partners.Profile(name=name, themes=("bencana",), places=(place,))
    row = partners.found(profile=profile, by=scene.person(f"pendiri {name}".replace(" ", "-")), at=scene.now)
    if verified:
        partners.verify(partner=row.pk, by=scene.officer("kemitraan", role="kemitraan"), at=scene.now)


def numbers(text: str) -> dict[str, int]:
    """Each number of a page that leads somewhere, by where it leads."""
    stats = re.findall(r'stat-value">([\d.]+)</p>\s*<p class="stat-label"><a href="([^"]+)"', text)
    kinds = re.findall(r'<li><a href="([^"]+)">[^<]+ ([\d.]+)</a></li>', text)
    cells = re.findall(r'<td class="amount"[^>]*><a href="([^"]+)">(\d+)</a>', text)
    found = [(where, n) for n, where in stats] + kinds + cells
    return {where: int(n.replace(".", "")) for where, n in found}


def listed(client: Client, address: str) -> int:
    """How many a list says that it has."""
    found = re.search(r'class="soft">([\d.]+) (?:kebutuhan|prakarsa|mitra)</span>', page(client, address))
    assert found, address
    return int(found[1].replace(".", ""))


def initiative_at(scene: Scene, *places: str) -> None:
    """Opened by the office of the kelurahan, then moved: whoever may begin it where is tested elsewhere."""
    row = scene.opened(title=f"Prakarsa {len(places)} {places[0]}")
    type(row).objects.filter(pk=row.pk).update(places=list(places))


def test_every_number_is_that_of_its_list(scene):
    for _turn in range(2):
        need(scene)
    need(scene, publish=False, title="Rancangan")
    for places in ((PLACE,), (PLACE, BESIDE), (DISTRICT,), (CITY,)):
        initiative_at(scene, *places)
    scene.draft(title="Masih rancangan")
    for name, place in (("Satu", PLACE), ("Dua", DISTRICT), ("Tiga", OTHER), ("Empat", CITY)):
        partner_at(scene, name, place)
    partner_at(scene, "Belum Dikenal", PLACE, verified=False)
    client = browser(scene)
    whole = page(client, "/gotong-royong/")
    assert numbers(whole)["/kebutuhan/"] == 2
    assert numbers(whole)["/prakarsa/?keadaan=HIDUP"] == 4
    assert numbers(whole)["/mitra/?terverifikasi=1"] == 4
    # In the kelurahan: its own, the kecamatan's, the city's. An initiative in two kelurahan counts once above them.
    board = numbers(page(client, f"/wilayah/{PLACE}/gotong-royong/"))
    assert board[f"/prakarsa/?keadaan=HIDUP&wilayah={PLACE}"] == 4
    assert board[f"/mitra/?wilayah={PLACE}&terverifikasi=1"] == 3
    above = numbers(page(client, f"/wilayah/{DISTRICT}/gotong-royong/"))
    assert above[f"/prakarsa/?keadaan=HIDUP&wilayah={DISTRICT}"] == 4
    assert above[f"/prakarsa/?keadaan=HIDUP&wilayah={BESIDE}"] == 3
    checked = 0
    for where in (
        "/gotong-royong/",
        f"/wilayah/{DISTRICT}/gotong-royong/",
        f"/wilayah/{PLACE}/gotong-royong/",
    ):
        for address, n in list(numbers(page(client, where)).items())[:14]:
            assert listed(client, address) == n, address
            checked += 1
    assert checked > 25


def test_sums_are_those_of_their_lines_and_never_mix_units(scene):
    row = scene.opened(running=True)
    lurah = scene.officer()
    lines.add_line(
        initiative=row.pk, wanted=lines.Wanted("GOODS", "Karung", "karung", 40), by=lurah, at=scene.now
    )
    scene.draft(title="Rancangan dengan baris", template="taman")
    giver = scene.partner("Mitra Pemberi", "budi")
    scene.joined(row, giver, scene.person("budi"))
    made = scene.accepted(scene.line(row, "MONEY"), 4_000_000, by=scene.person("budi"), partner=giver)
    brought = scene.delivered(made, 3_000_000, by=scene.person("budi"))
    kasi = scene.officer("kasi", role="kasi")
    delivering.verify(delivery=brought.pk, found=2_500_000, by=kasi, at=scene.now)
    client = browser(scene)
    for where, inside in (("/gotong-royong/", ""), (f"/wilayah/{PLACE}/gotong-royong/", PLACE)):
        text = page(client, where)
        addresses = re.findall(r'<th scope="row"><a href="(/gotong-royong/janji/[^"]+)"', text)
        assert len(addresses) == 4  # money, two goods in their own units, hours
        for address in addresses:
            behind = page(client, address)
            said = re.search(
                r"dibutuhkan (.+), dijanjikan (.+), diserahkan (.+), terbukti ([^.<]*[\d.]+[^.<]*)", behind
            )
            assert said and f"wilayah={inside}" in address if inside else said
        sums = text.partition('class="together-sums"')[2].partition("</table>")[0]
        hours = re.findall(r'class="amount( nothing)?"[^>]*>([^<]*)<', sums.partition("jenis=HOURS")[2])
        assert hours == [("", "200 jam"), *[(" nothing", "–")] * 3]
        assert not re.search(r">(Rp)?0\b", sums)
        money = page(client, next(one for one in addresses if "jenis=MONEY" in one))
        for amount in ("Rp10.000.000", "Rp4.000.000", "Rp2.500.000"):
            assert text.count(amount) >= 1
            assert money.count(amount) >= 2
        assert "Rp3.000.000" not in text  # what was not there was not brought
    assert "Rp4.000.000" not in page(client, f"/wilayah/{OTHER}/gotong-royong/")
    for wrong in (
        "",
        "?jenis=MONEY",
        "?jenis=UANG&satuan=rupiah",
        "?jenis=MONEY&satuan=%00",
        "?jenis=GOODS&satuan=%27--",
        f"?jenis=MONEY&satuan=rupiah&wilayah={OTHER}",
    ):
        assert client.get(f"/gotong-royong/janji/{wrong}").status_code == 404, wrong
    odd = "/gotong-royong/janji/?jenis=MONEY&satuan=rupiah&wilayah=99%00&hal=-3"
    assert client.get(odd).status_code == 200


def test_a_board_says_what_is_missing_who_is_there_and_when_to_come(scene):
    partner_at(scene, "Relawan Rekaan", PLACE)
    row = scene.opened(running=True)
    day = scene.now + timedelta(days=3)
    common = {"subject": row.subject, "planned_at": scene.now, "planned_by": 1, "changed_at": scene.now}
    for number, (title, kind, at) in enumerate(
        (
            ("Kerja bakti taman", "WORK_DAY", day),
            ("Rapat panitia", "MEETING", day),
            ("Kerja bakti lalu", "WORK_DAY", scene.now - timedelta(days=3)),
        ),
        1,
    ):
        Meeting.objects.create(
            number=number,
            title=title,
            kind=kind,
            venue="Lapangan",
            starts_at=at,
            ends_at=at + timedelta(hours=3),
            **common,
        )
    client = browser(scene)
    text = page(client, f"/wilayah/{PLACE}/gotong-royong/")
    kinds = text.partition('class="together-kinds"')[2].partition("</ul>")[0]
    assert re.sub(r"<[^>]+>", " ", kinds.partition(">")[2]).split() == ["Komunitas", "1"]
    assert "Kerja bakti taman" in text
    assert "Rapat panitia" not in text
    assert "Kerja bakti lalu" not in text
    assert "Relawan Rekaan" in text
    missing = text.partition("Belum ada mitra terverifikasi untuk:")[2]
    labels = {one.code: one.label for one in partners.themes()}
    assert labels["ruang-publik"] in missing
    assert labels["bencana"] not in missing
    assert "Kerja bakti taman" not in page(client, f"/wilayah/{OTHER}/gotong-royong/")
    assert meetings.work_days_ahead(subjects=[], at=scene.now, limit=5) == []
    # The place, its board, and back; the city's own code, and one that is none.
    assert f'href="/wilayah/{PLACE}/gotong-royong/"' in page(client, f"/wilayah/{PLACE}/")
    assert client.get(f"/wilayah/{CITY}/gotong-royong/").headers["Location"] == "/gotong-royong/"
    assert client.get("/wilayah/99.99/gotong-royong/").status_code == 404


def test_pages_ask_the_same_however_much_there_is(scene):
    client, addresses = browser(scene), ("/gotong-royong/", f"/wilayah/{PLACE}/gotong-royong/")

    def asked(address: str) -> int:
        client.get(address)  # what a process remembers is read once
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    def fill(names: tuple[str, ...]) -> None:
        for name in names:
            partner_at(scene, name, PLACE)
            need(scene, title=f"Kebutuhan {name}")
            scene.opened(title=f"Prakarsa {name}")
        forget_all()

    fill(("Awal",))
    before = [asked(one) for one in addresses]
    fill(("Dua", "Tiga", "Empat"))
    assert [asked(one) for one in addresses] == before
    assert max(before) <= 12, before


def test_a_desk_is_told_what_waits_for_it_and_nothing_else(scene):
    row = scene.opened(running=True)
    giver = scene.partner("Mitra Pemberi", "budi")
    scene.joined(row, giver, scene.person("budi"))
    scene.pledge(scene.line(row, "GOODS"), 5, by=scene.person("budi"), partner=giver)
    taken = scene.accepted(scene.line(row, "HOURS"), 8, by=scene.person("budi"), partner=giver)
    scene.delivered(taken, 4, by=scene.person("budi"))
    kasi = scene.officer("kasi", role="kasi")
    working.prove(task=scene.task(row).pk, words="Sudah ditanam.", photos=[photo()], by=kasi, at=scene.now)
    scene.officer("lurah-lain", place=BESIDE)
    own = page(browser(scene, "lurah"), "/petugas/gotong-royong/")
    waits = (
        "1 janji menunggu keputusan",
        "1 serahan menunggu diperiksa",
        "1 bukti pekerjaan menunggu diperiksa",
    )
    for words in (*waits, "Taman Contoh Bersama", f"/wilayah/{PLACE}/gotong-royong/"):
        assert words in own, words
    other = page(browser(scene, "lurah-lain"), "/petugas/gotong-royong/")
    assert "Taman Contoh Bersama" not in other
    assert "Tidak ada yang menunggu." in other
    assert f"/wilayah/{BESIDE}/gotong-royong/" in other
    secretariat = page(browser(scene, "kemitraan"), "/petugas/gotong-royong/")
    assert "Taman Contoh Bersama" not in secretariat
    client = browser(scene, "lurah")
    client.get("/petugas/gotong-royong/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/petugas/gotong-royong/")
    assert sum("initiatives_" in one["sql"] for one in seen) == 1
    assert browser(scene, "budi").get("/petugas/gotong-royong/").status_code == 404

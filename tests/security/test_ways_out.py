"""What must not be seen is seen by no way out: the whole public surface is walked, and does not change with it.

Three worlds are compared byte for byte: one with reports that nobody may read, the same with all that is hidden about
them replaced, and one with a report on conduct more. Whoever could tell them apart would have found a leak, also by a
count, an order, a header or a tag of a cache.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guyub.kernel.cities.remembering import forget_all
from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.kernel.limits.api import Counted
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, State
from guyub.rooms.casework.models import Evidence
from guyub.rooms.conversation.models import Message
from guyub.rooms.people import clients
from guyub.rooms.performance.web.asked import FIGURES
from guyub.rooms.reports import actions, own_data
from guyub.rooms.reports.actions import cell, subject_of
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.queries import page_of_reports
from guyub.rooms.reports.web.filters import Filters
from tests.factories import bring_to, merge, picture, send, verify
from tests.security.conftest import Browser
from tests.security.test_routes import TABLE, filled

pytestmark = pytest.mark.django_db
WORD = "Kanarikuning"
LANDMARK = "Sangkarperak"
POINT = (-6.8712345, 107.6217345)
CONTACT = {"name": "Burung Bersayap", "email": "paruh@bulu.test", "phone": "0899-1234-5678"}
CANARIES = (WORD, LANDMARK, "6.87123", "107.62173", *CONTACT.values(), "Bersayap", "08991234", "628991234")
NEVER = "LAP-2026-009999"
NO_PHOTO = "00000000-0000-4000-8000-000000000000"
WITHHELD = ("unread", "secret", "withdrawn", "taken_back", "hidden", "refused", "merged")
STRANGER, RESIDENT, OTHER_OFFICE = "nobody", "warga", "penghubung"
OF_THE_MOMENT = ("Set-Cookie", "Expires", "X-Request-Id", "Content-Length")
# Made anew for each page: tokens of forms, and ids that make sending twice once.
_FRESH = re.compile(
    r'name="(csrfmiddlewaretoken|submission|request|token|kiriman)" value="[^"]*"|csrftoken=[^;]*;|"X-CSRFToken": "[^"]*"'
)


@dataclass(frozen=True, slots=True)
class Told:
    """All of an answer that a reader could compare."""

    status: int
    headers: dict[str, str]
    text: str


def told(answer: Any) -> Told:
    body = answer.whole if answer.streaming else answer.content
    headers = {name: value for name, value in answer.headers.items() if name not in OF_THE_MOMENT}
    return Told(answer.status_code, headers, _FRESH.sub("", body.decode("latin-1")))


# ── The scene ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def caged(scene, now, monkeypatch):
    """Reports of every kind that must not be seen, each with canaries in words, place, photo and name."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: scene.now + timedelta(hours=1))
    monkeypatch.setattr("guyub.kernel.limits.api.count", _count_nothing)
    lurah = scene.people["lurah"]
    for name in WITHHELD:
        _sing(scene, name, now, is_confidential=name == "secret")
    for name in ("secret", "withdrawn", "taken_back", "hidden"):
        report, case = scene.reports[name]
        verify(report, case, by=lurah, at=now)
        report.refresh_from_db()
    _finish(scene, "secret", now)
    _finish(scene, "hidden", now)
    own_data.hide(report=scene.report("hidden"), at=now)
    actions.hide_again(scene.case("withdrawn"), since=now, by=lurah, at=now)
    asked = own_data.ask(report=scene.report("taken_back"), kind="WITHDRAW", words=WORD, at=now)
    own_data.decide(request=asked.pk, grant=True, reason=WORD, by=scene.people["koordinator"], at=now)
    bring_to(State.REJECTED, *scene.reports["refused"], by=lurah, at=now)
    merge(scene.report("merged"), scene.report("published"), by=lurah, at=now)
    _sing(scene, "erased", now)
    verify(*scene.reports["erased"], by=lurah, at=now)
    _finish(scene, "erased", now, words="Sudah selesai.")
    actions.confirm(report=Report.objects.get(pk=scene.report("erased").pk), at=now)
    own_data.erase_words(report=scene.report("erased"), at=now)
    own_data.erase_person(report=scene.report("erased"), at=now)
    Report.objects.filter(pk=scene.report("erased").pk).update(lat=None, lon=None, h3_9=None)
    _settle(scene)
    return scene


def _count_nothing(what, who, *, window, at, n=1):
    """How often one has asked is another test's matter."""
    return {kind: Counted(1, at + window) for kind in who}


def _sing(scene, name: str, now, **more: Any) -> None:
    said = {"body": f"{WORD} berbunyi di {name}.", "landmark": LANDMARK, "lat": POINT[0], "lon": POINT[1]}
    row, case = send(at=now, place=scene.people.place, **CONTACT, **said, **more)
    files.store_photo(picture(colour="gold"), at=now, subject=subject_of(row))
    scene.reports[name] = (row, case)


def _finish(scene, name: str, now, words: str = WORD) -> None:
    draft, case = uuid.uuid4(), scene.case(name)
    files.store_photo(picture(colour="gold"), at=now, draft=draft)
    actions.answer_report(case=case.uuid, words=words, by=scene.people["lurah"], at=now)
    actions.complete_report(case=case.uuid, words=words, photos=draft, by=scene.people["lurah"], at=now)


def _settle(scene) -> None:
    """Projections as the pump makes them, from the beginning."""
    ledger.drain(settled_only=False)
    ledger.rebuild()
    forget_all()


def _replace_what_is_hidden(scene) -> None:
    """Other words, points, moments, people and photos; only what an outline says stays."""
    rows = [scene.report(name) for name in WITHHELD]
    for n, row in enumerate(rows):
        Report.objects.filter(pk=row.pk).update(
            body="x", landmark="", rt="", lat=-6.9, lon=107.65, h3_9=cell(-6.9, 107.65), contact=None,
            is_anonymous=True, for_neighbour=True, changed_at=row.submitted_at,
            submitted_at=row.submitted_at - timedelta(minutes=len(rows) - n),
        )  # fmt: skip
    subjects = [subject_of(row) for row in rows]
    Message.objects.filter(subject__in=subjects).delete()
    cases = Case.objects.filter(subject__in=subjects)
    Photo.objects.filter(subject__in=subjects).delete()
    for proof in Evidence.objects.filter(case__in=cases):
        Photo.objects.filter(subject=f"casework.evidence:{proof.pk}").delete()
    Evidence.objects.filter(case__in=cases).update(words="", public_words="")
    cases.update(label="x")


# ── The ways ───────────────────────────────────────────────────────────────────────────────────────────────


def of_number(number: str) -> list[str]:
    """Every address that leads to one report, or would if it were there."""
    root = "/open311/v2"
    forms = [
        f"{root}/{kind}/{number}.{form}{more}"
        for kind in ("requests", "tokens")
        for form in ("json", "xml")
        for more in ("", "?extensions=true")
    ]
    lists = [
        f"{root}/requests.{form}?service_request_id={number}{more}"
        for form in ("json", "xml")
        for more in ("", "&extensions=true", f",{NEVER}")
    ]
    own = ["", "atom", "?tampil=peta"]
    pages = [f"/laporan/{number}/{end}".replace("//", "/") for end in own[1:]] + [f"/laporan/{number}/"]
    pages += [f"/laporan/{number}/atom", f"/laporan/?sebelum={number}", f"/laporan/?sesudah={number}"]
    pages += [f"/laporan/?cari={number}", f"/mengikuti/?laporan={number}", f"/laporan/baru/?seperti={number}"]
    desk = ["", "regu/", "surat.pdf", "samaran/", "catat/", "identitas/", "verifikasi/"]
    return [*pages, *forms, *lists, *(f"/petugas/laporan/{number}/{end}" for end in desk)]


def everywhere(scene) -> list[str]:
    """Every address that lists, counts, draws or finds anything."""
    place = scene.people.place
    # A document set anew bears its moment; none of them speaks of reports.
    paths = [
        path for _, path, *_ in TABLE if "ikuti" not in path and path != "/keluar/" and ".pdf" not in path
    ]
    routes = [filled(path, scene) for path in paths]
    lists = [
        f"/laporan/{end}?{asked}"
        for end in ("", "unduh.csv", "unduh.geojson", "peta.json")
        for asked in (
            "status=terbuka", "status=lewat-tenggat", "status=selesai", "kategori=sampah", f"wilayah={place}",
            "waktu=masuk-30", "waktu=masuk-365", "waktu=berakhir-30", f"cari={WORD}", f"cari={LANDMARK}",
        )
    ]  # fmt: skip
    near = f"{POINT[1] - 0.001},{POINT[0] - 0.001},{POINT[1] + 0.001},{POINT[0] + 0.001}"
    boxes = [
        f"/laporan/peta.json?bbox={box}" for box in (near, "107.5,-7,107.7,-6.8", "107.62,-6.88,107.63,-6.87")
    ]
    scopes = ["", f"wilayah/{place}/", f"wilayah/{place[:8]}/", "kategori/sampah/"]
    figures = [f"/kinerja/{scope}laporan/?angka={number}" for scope in scopes for number in FIGURES]
    figures += [f"/kinerja/{scope}{end}" for scope in scopes for end in ("", "angka.csv", "angka.json")]
    since = "2026-11-01T00:00:00Z"
    asked = [
        "",
        "status=open",
        "status=closed",
        "service_code=sampah",
        f"start_date={since}",
        f"end_date={since}",
    ]
    asked += [f"updated_after={since}", f"updated_before={since}", "updated_before=2026-12-01T00:00:00Z"]
    asked += [f"bbox={near}", "bbox=-180,-90,180,90", *(f"page={n}&page_size=2" for n in range(1, 12))]
    feeds = [
        f"/open311/v2/requests.{form}?{one}{more}"
        for form in ("json", "xml")
        for one in asked
        for more in ("", "&extensions=true")
    ]
    key = f"api_key={scene.program}&start_date={since}&end_date=2026-12-01T00:00:00Z"
    feeds += [f"/open311/v2/servicerequestupdates.{form}?{key}" for form in ("json", "xml")]
    seals = [f"/bukti/{one.number}.json" for one in ledger.seals()]
    draws = [f"/bukti/undian/{one.seal}.json" for one in casework.second_look.draws()]
    found = [
        *routes,
        *lists,
        *boxes,
        *figures,
        *feeds,
        *seals,
        *draws,
        "/sitemap.xml",
        "/laporan/?tampil=peta",
    ]
    return list(dict.fromkeys(found))


def asked_by_form(scene) -> list[tuple[str, dict[str, Any]]]:
    """What is asked in a body: suggestions while one writes."""
    said = {
        "category": "sampah",
        "place": scene.people.place,
        "body": f"{WORD} berbunyi",
        "landmark": LANDMARK,
    }
    near = {**said, "lat": POINT[0], "lon": POINT[1]}
    return [("/laporan/baru/dekat/", one) for one in (said, near)] + [("/laporan/baru/kategori/", said)]


def walk(scene, addresses: list[str], person: str) -> Iterator[tuple[str, Told]]:
    browser = scene.browser(person)
    for address in addresses:
        yield address, told(browser.get(address))
    for address, sent in asked_by_form(scene):
        yield f"POST {address} {sorted(sent)}", told(browser.post(address, sent))


def world(scene, addresses: list[str]) -> dict[tuple[str, str], Told]:
    """All that a stranger sees, and a good part of it as a resident, an officer elsewhere and a reader of English."""
    forget_all()
    for_people = [one for one in addresses if not one.startswith(("/open311", "/berkas", "/ui/"))]
    walks = {
        (STRANGER, ""): addresses,
        (RESIDENT, ""): for_people[::3],
        (OTHER_OFFICE, ""): [one for one in for_people if one.startswith(("/petugas", "/laporan"))],
        (STRANGER, "/en"): [one for one in for_people if not one.startswith(("/petugas", "/masuk"))][::3],
    }
    return {
        (person + prefix, address): said
        for (person, prefix), mine in walks.items()
        for address, said in walk(scene, [prefix + one for one in mine], person)
    }


# For operators, counting what this test itself asks for; and one's own: a new secret, a file with its moment.
NOT_COMPARED = ("/metrics", "/readyz", "/masuk/kedua/pasang/", "/akun/data.zip")


def differences(one: dict, other: dict) -> list[Any]:
    return [
        (key, _first_difference(one[key], other[key]))
        for key in one
        if one[key] != other[key] and not key[1].startswith(NOT_COMPARED)
    ]


def _first_difference(one: Told, other: Told) -> Any:
    if one.text == other.text:
        return (one.status, one.headers), (other.status, other.headers)
    at = next(
        (n for n, (a, b) in enumerate(zip(one.text, other.text, strict=False)) if a != b),
        min(len(one.text), len(other.text)),
    )
    return one.text[max(0, at - 80) : at + 80], other.text[max(0, at - 80) : at + 80]


def test_no_way_out_shows_or_betrays_what_must_not_be_seen(caged, now):
    caged.program = clients.add_client(
        name="Aplikasi Warga", partner="Mitra contoh", by=caged.people["admin"], at=caged.now
    )[1]
    addresses = everywhere(caged) + [one for name in WITHHELD for one in of_number(caged.number(name))]
    addresses += of_number(caged.number("erased"))
    unseen = {str(one) for one in Photo.objects.filter(is_public=False).values_list("uuid", flat=True)}
    photos = [f"/berkas/{one}{end}.jpg" for one in unseen for end in ("", "-k")]
    photos.append(f"/berkas/{NO_PHOTO}.jpg")

    first = world(caged, addresses + photos)
    shown = []
    for (person, address), said in first.items():
        text = re.sub(r"cari=[^&\"]*|value=\"[^\"]*\"|“[^”]*”", "", said.text) + str(said.headers)
        shown += [
            (person, address, secret)
            for secret in (*CANARIES, *unseen)
            if secret in text and secret not in address
        ]
        if address.startswith("/berkas"):
            assert said == first[person, filled("/berkas/{photo}.jpg", caged)], address
    assert not shown, shown

    _replace_what_is_hidden(caged)
    _settle(caged)
    second = world(caged, addresses)
    changed = differences({key: first[key] for key in second}, second)
    assert not changed, "\n".join(str(one)[:900] for one in changed[:25])

    _sing(caged, "of_conduct", now, about_conduct=True)
    _settle(caged)
    third = world(caged, addresses)
    changed = differences(second, third)
    assert not changed, "\n".join(str(one)[:900] for one in changed[:25])


def test_a_list_of_the_last_days_begins_with_a_day_and_not_with_a_second(scene, now):
    """Else whoever asks again and again sees when an unread report leaves it, and so when it was sent."""
    report = scene.report("fresh")
    leaves = now + timedelta(days=30)
    Report.objects.filter(pk=report.pk).update(submitted_at=now)
    seconds = [timedelta(seconds=n) for n in (-1, 1)]
    wanted = [Filters(waktu="masuk-30").wanted(at=leaves + one) for one in seconds]
    found = [[row.number for row in page_of_reports(wanted=one).rows] for one in wanted]
    assert found[0] == found[1]
    assert report.number in found[0]


def test_a_report_on_conduct_answers_as_a_number_that_was_never_given(caged):
    """Byte for byte, with the same headers and as many questions to the database, to whomever asks however."""
    number = caged.number("conduct")
    caged.program = clients.add_client(
        name="Aplikasi Warga", partner="Mitra contoh", by=caged.people["admin"], at=caged.now
    )[1]
    for person in (STRANGER, RESIDENT, OTHER_OFFICE):
        browser = caged.browser(person)
        for prefix in ("", "/en"):
            for ours, never in zip(of_number(number), of_number(NEVER), strict=True):
                assert _asked(browser, prefix + ours, number) == _asked(browser, prefix + never, NEVER), ours
        for end in ("dukung/", "saksi/", "atom", ""):
            said = [told(browser.post(f"/laporan/{one}/{end}", {"kata": "sama"})) for one in (number, NEVER)]
            assert said[0] == said[1], end
    update = {"api_key": caged.program, "update_id": "1", "description": "Masih sama.", "status": "OPEN"}
    said = [
        told(Browser().post("/open311/v2/servicerequestupdates.json", {**update, "service_request_id": one}))
        for one in (number, NEVER)
    ]
    assert said[0] == said[1]
    assert said[0].status == 404


def _asked(browser: Browser, address: str, number: str) -> tuple[Any, ...]:
    browser.get(address)  # what a process remembers is read once
    with CaptureQueriesContext(connection) as seen:
        answer = told(browser.get(address))
    headers = {name: value.replace(number, "…") for name, value in answer.headers.items()}
    return answer.status, headers, answer.text.replace(number, "…"), len(seen)


def test_a_case_of_another_office_answers_as_a_number_that_was_never_given(caged):
    """Whoever works elsewhere learns nothing of what an outline does not say, not even from the desk."""
    browser = caged.browser(OTHER_OFFICE)
    for name in WITHHELD:
        number = caged.number(name)
        for ours, never in zip(of_number(number), of_number(NEVER), strict=True):
            if ours.startswith("/petugas"):
                assert _asked(browser, ours, number) == _asked(browser, never, NEVER), (name, ours)

"""Found by words: for strangers only what they may read, for officers only within the cases that they may see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from guyub.rooms.casework.api import State
from guyub.rooms.reports import actions, queries
from guyub.rooms.reports.models import Report
from tests import factories

pytestmark = pytest.mark.django_db
UNREAD = "Selokan mampat dekat rumah Tatingsih, airnya meluap ke jalan."
READ = "Selokan mampat dekat rumah warga, airnya meluap ke jalan."


@pytest.fixture
def crew(city):
    return factories.add_people()


@pytest.fixture
def anyone(city):
    return Client(headers=factories.HOST)


def sent(crew, now, **changes) -> Report:
    return factories.send(at=now, place=crew.place, body=UNREAD, **changes)[0]


def published(crew, now, **changes) -> Report:
    report, case = factories.send(at=now, place=crew.place, body=UNREAD, **changes)
    actions.verify_report(
        case=case.uuid, public_body=READ, public_landmark="depan gang", photos=[], by=crew["lurah"], at=now
    )
    report.refresh_from_db()
    return report


def found(client: Client, words: str, **more: str) -> list[str]:
    page = client.get("/laporan/", {"cari": words, **more})
    assert page.status_code == 200
    return [row.number for row in page.context["rows"]]


def test_words_are_found_by_their_stems_newest_first(crew, anyone, now):
    first, second = published(crew, now - timedelta(days=2)), published(crew, now - timedelta(days=1))
    assert found(anyone, "meluap") == [second.number, first.number]
    assert found(anyone, "luapan selokan di jalan") == [second.number, first.number]
    assert found(anyone, "selokan gajah") == []


def test_search_narrows_together_with_the_filters(crew, anyone, now):
    report = published(crew, now)
    other = published(crew, now, category="kebisingan")
    assert found(anyone, "selokan", kategori="sampah") == [report.number]
    assert found(anyone, "selokan", kategori="kebisingan", wilayah=crew.place) == [other.number]
    assert found(anyone, "selokan", status="tanpa-tanggapan") == []
    page = anyone.get("/laporan/", {"cari": "selokan", "kategori": "kebisingan"}).content.decode()
    assert "“selokan”" in page
    assert '<input type="hidden" name="kategori" value="kebisingan">' in page
    assert (
        "cari=selokan" in anyone.get("/laporan/", {"cari": "selokan", "tampil": "peta"}).context["map_source"]
    )


def test_words_that_no_officer_has_read_are_not_found(crew, anyone, now):
    sent(crew, now)
    assert found(anyone, "selokan") == []
    assert found(anyone, "Tatingsih") == []


def test_words_that_were_redacted_are_not_found(crew, anyone, now):
    published(crew, now, landmark="rumah Bu Sumirah")
    assert found(anyone, "Tatingsih") == []
    assert found(anyone, "Sumirah") == []
    assert found(anyone, "selokan") != []


@pytest.mark.parametrize("hidden", [{"is_confidential": True}, {"about_conduct": True}])
def test_what_stays_hidden_is_not_found(crew, anyone, now, hidden):
    report, case = factories.send(at=now, place=crew.place, body=UNREAD, **hidden)
    by = crew["inspektorat" if "about_conduct" in hidden else "lurah"]
    actions.verify_report(case=case.uuid, public_body=READ, photos=[], by=by, at=now)
    # even were its words written into the public column, the index of strangers would not hold them
    Report.objects.filter(pk=report.pk).update(public_body=READ)
    assert found(anyone, "selokan") == []


def test_the_database_keeps_no_public_words_of_what_is_hidden(crew, now):
    sent(crew, now)
    sent(crew, now, is_confidential=True)
    sent(crew, now, about_conduct=True)
    shown = published(crew, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, public_words::text FROM reports_report WHERE public_words IS NOT NULL")
        rows = cursor.fetchall()
    assert [number for number, _ in rows] == [shown.number]
    assert "tatingsih" not in rows[0][1]


@pytest.mark.parametrize(
    "words",
    [
        "",
        "   ",
        "yang di dan",
        "'",
        "\\",
        "a & b | !c:*",
        "%s %(x)s",
        "''' OR 1=1 --",
        "\0",
        "é" * 300,
        "\ud800",
    ],
)
def test_whatever_is_typed_gets_a_page(crew, anyone, now, words):
    published(crew, now)
    assert anyone.get("/laporan/", {"cari": words.encode("utf-8", "surrogatepass")}).status_code == 200


def test_officers_find_by_words_what_they_may_see_and_no_more(crew, now):
    unread = sent(crew, now)
    conduct = sent(crew, now, about_conduct=True)
    assert _seen_by(crew, "lurah", "selokan Tatingsih") == {unread.number}
    assert _seen_by(crew, "lurah", "sampah") == {unread.number}  # the category's own name
    assert _seen_by(crew, "inspektorat", "Tatingsih") == {conduct.number}
    assert _seen_by(crew, "koordinator", "Tatingsih") == {unread.number}
    assert _seen_by(crew, "lurah", "gajah") == set()


def test_officers_find_what_has_ended(crew, now):
    report, case = factories.send(at=now, place=crew.place, body=UNREAD)
    factories.bring_to(State.REJECTED, report, case, by=crew["lurah"], at=now)
    assert _seen_by(crew, "lurah", "selokan") == {report.number}


def _seen_by(crew, slug: str, words: str) -> set[str]:
    client = Client(headers=factories.HOST)
    client.force_login(crew.account(slug), backend=factories.BACKEND)
    page = client.get("/petugas/semua/", {"cari": words})
    assert page.status_code == 200
    return {line.number for line in page.context["lines"]}


@pytest.mark.parametrize("through", [1, 2, 4, 5, 50])
def test_looking_among_the_newest_first_finds_the_same(crew, now, monkeypatch, through):
    """However many are looked through first, and whether they fill the page or not."""
    monkeypatch.setattr(queries, "LOOKED_THROUGH", through)
    made = [
        (published if n in (0, 1, 3, 4, 6) else sent)(crew, now - timedelta(hours=9 - n)).number
        for n in range(7)
    ]
    wanted, newest = queries.Wanted(words="meluap"), [made[n] for n in (6, 4, 3, 1, 0)]
    for size in range(1, 7):
        page = queries.page_of_reports(wanted=wanted, size=size)
        assert [row.number for row in page.rows] == newest[:size]
        assert page.older == (newest[size - 1] if size < 5 else "")
        after = queries.page_of_reports(wanted=wanted, size=2, before=newest[0])
        assert [row.number for row in after.rows] == newest[1:3]

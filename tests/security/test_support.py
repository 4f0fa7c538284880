"""Support access: every route is asked for, nothing is written, nobody's identity or confidence is seen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guyub.rooms.people import support
from guyub.rooms.people.models import Account, SupportAccess, SupportPage
from tests.security.conftest import SECRETS, count_rows
from tests.security.test_routes import FILLED, TABLE, filled

pytestmark = pytest.mark.django_db
HIDDEN = (*SECRETS, "Ini hanya untuk petugas", "Petugas meminta uang", "dekat pos ronda", "Lampu mati")
OWN = ("people_support_page", "django_session")


@pytest.fixture
def opened(scene):
    at = timezone.now()
    account = scene.people["dukungan"].account
    scene.access = support.open_support(
        by=scene.people["admin"], account=account, reason="Daftar tidak tampil.", hours=2, at=at
    )
    return scene


def test_a_support_person_writes_nothing_anywhere(opened):
    browser = opened.browser("dukungan")
    before = count_rows(besides=OWN)
    cases = [(case.updated_at, case.state) for _, case in opened.reports.values()]
    for _, path, _get, _post in TABLE:
        address = filled(path, opened)
        for prefix in ("", "/en"):
            if prefix and not address.startswith(("/petugas", "/laporan", "/saya", "/wilayah")):
                continue
            answer = browser.post(prefix + address, FILLED)
            if address == "/keluar/":
                browser = opened.browser("dukungan")
            own = address.startswith(
                ("/masuk/", "/health", "/ready", "/metrics")
            )  # proving who one is stays possible
            # Sensors' programs are known by their key alone: without one anybody is a stranger there.
            refused = (401,) if address.startswith("/sta/") else (302, 403, 404, 405)
            assert own or answer.status_code in refused, address
            if address.startswith(("/petugas", "/laporan", "/saya")):
                assert answer.status_code == 403, address
    for row, _ in opened.reports.values():
        for verb in ("verifikasi", "jawab", "catat", "selesaikan", "tolak", "identitas"):
            assert browser.post(f"/petugas/laporan/{row.number}/{verb}/", FILLED).status_code == 403
    assert count_rows(besides=OWN) == before
    assert [(opened.case(name).updated_at, opened.case(name).state) for name in opened.reports] == cases


def test_a_support_person_sees_no_identity_and_no_confidence(opened):
    browser = opened.browser("dukungan")
    addresses = {filled(path, opened) for _, path, _get, _post in TABLE if "ikuti" not in path}
    addresses |= {f"/petugas/laporan/{row.number}/" for row, _ in opened.reports.values()}
    addresses |= {f"/petugas/laporan/{row.number}/identitas/" for row, _ in opened.reports.values()}
    addresses -= {"/keluar/"}
    seen = 0
    for address in sorted(addresses):
        for way in ({}, {"headers": {"HX-Request": "true"}}):
            answer = browser.get(address, **way)
            text = answer.content.decode(errors="replace") if not answer.streaming else ""
            seen += answer.status_code == 200
            assert not [word for word in HIDDEN if word in text], address
    assert seen > 20


def test_a_banner_is_on_each_page_and_each_page_is_on_record(opened):
    browser = opened.browser("dukungan")
    for address in (
        "/petugas/",
        "/petugas/semua/",
        f"/petugas/laporan/{opened.number('published')}/",
        "/",
        "/en/",
    ):
        page = browser.get(address)
        assert page.status_code == 200
        assert "support-strip" in page.content.decode(), address
    browser.post(f"/petugas/laporan/{opened.number('published')}/catat/", FILLED)
    rows = list(SupportPage.objects.filter(access=opened.access).order_by("pk"))
    assert len(rows) == 6
    assert rows[2].subject == opened.number("published")
    assert [row.refused for row in rows] == [False] * 5 + [True]
    listed = opened.browser("admin_kota").get(f"/petugas/wewenang/dukungan/{opened.access}/")
    assert opened.number("published") in listed.content.decode()


def test_secret_links_are_not_kept_on_record(opened):
    opened.browser("dukungan").get(f"/laporan/ikuti/{opened.key('fresh')}/")
    kept = " ".join(SupportPage.objects.values_list("route", flat=True))
    assert opened.key("fresh") not in kept
    assert not SupportPage.objects.exclude(subject="").exists()


def test_it_ends_by_itself_and_at_once(opened):
    browser = opened.browser("dukungan")
    assert browser.get("/petugas/").status_code == 200
    past = timezone.now() - timedelta(seconds=1)
    SupportAccess.objects.filter(pk=opened.access).update(opened_at=past - timedelta(hours=2), until_at=past)
    assert browser.get("/petugas/").status_code == 404, "without any sweep"
    support.tell_of_support(at=timezone.now())
    again = support.open_support(
        by=opened.people["admin"],
        account=opened.people["dukungan"].account,
        reason="Daftar tidak tampil.",
        hours=1,
        at=timezone.now(),
    )
    assert browser.get("/petugas/").status_code == 200
    assert opened.browser("admin_kota").post(f"/petugas/wewenang/dukungan/{again}/akhiri/").status_code == 302
    assert browser.get("/petugas/").status_code == 404


def test_other_roles_of_the_same_account_rest_meanwhile(opened):
    from guyub.rooms.people.api import give_grant

    lurah = opened.people["lurah"].grants[0]
    give_grant(
        account=opened.people["dukungan"].account,
        role="kasi",
        organisation=lurah.organisation,
        place=lurah.place,
        legal_basis="SK uji",
        since=opened.now.date(),
        by=None,
        at=opened.now,
    )
    page = opened.browser("dukungan").get(f"/petugas/laporan/{opened.number('published')}/")
    assert "identitas" not in page.content.decode()


def test_without_an_opening_there_is_nothing(scene):
    assert scene.browser("dukungan").get("/petugas/").status_code == 404
    assert Account.objects.filter(pk=scene.people["dukungan"].account, is_active=True).exists()

"""What every answer tells the browser, and the settings of a real city."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import pytest
from django.core import mail

from guyub.kernel.cities.api import signature
from guyub.rooms.people.models import Account
from guyub.rooms.reports import actions
from guyub.rooms.reports.web import flood
from tests.security.conftest import Browser
from tests.security.test_routes import TABLE, filled

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def policy(answer) -> dict[str, list[str]]:
    parts = [part.split() for part in answer.headers.get("Content-Security-Policy", "").split(";")]
    return {part[0]: part[1:] for part in parts if part}


def check(answer, what: object) -> None:
    """The headers that no page may lack."""
    found = policy(answer)
    assert found, what
    assert found["default-src"] == ["'none'"], what
    for name in ("script-src", "style-src", "connect-src", "form-action"):
        assert found[name] == ["'self'"], what
    assert found["frame-ancestors"] == found["base-uri"] == ["'none'"], what
    assert "unsafe" not in answer.headers["Content-Security-Policy"], what
    assert answer.headers["X-Content-Type-Options"] == "nosniff", what
    assert answer.headers["X-Frame-Options"] == "DENY", what
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer"), what
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", what


@pytest.mark.parametrize("person", ["nobody", "lurah"])
def test_every_answer_carries_the_headers(scene, person):
    browser = scene.browser(person)
    for _, path, *_ in TABLE:
        for method in ("GET", "POST"):
            # The card may stand in pages of others: its own test is beside it.
            if path != "/keluar/" and not path.endswith("/kartu/"):
                check(browser.generic(method, filled(path, scene)), (method, path))


def test_what_went_wrong_carries_them_too(scene, monkeypatch):
    monkeypatch.setattr("guyub.kernel.limits.web.limit_of", lambda what, at: flood.Limit(600, 0, 0, 0))
    answers = {
        400: Browser().get("/laporan/?status=x"),
        403: Browser(enforce_csrf_checks=True).post("/laporan/baru/"),
        404: Browser().get("/tidak-ada/"),
        405: Browser().post("/"),
        429: Browser().post("/laporan/baru/"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        check(answer, status)
    check(Browser(host="nowhere.test").get("/"), "unknown host")
    check(Browser(host="a b").get("/"), "forged host")
    monkeypatch.setattr(actions, "find_draft", lambda *_, **__: 1 / 0)
    failed = Browser().get(f"/laporan/baru/?draft={scene.photo}")
    assert failed.status_code == 500
    check(failed, 500)
    assert "ZeroDivision" not in failed.content.decode()


def test_no_page_needs_what_the_policy_forbids(scene):
    """No inline script or style, no handler in an attribute, nothing from another host."""
    for person in ("nobody", "lurah"):
        browser = scene.browser(person)
        for _, path, *_ in TABLE:
            answer = browser.get(filled(path, scene))
            if "html" not in answer.headers.get("Content-Type", ""):
                continue
            text = answer.content.decode()
            assert not re.search(r"<script(?![^>]*\b(src=|type=\"application/json\"))", text), path
            assert not re.search(r"<style|\sstyle=|\son(click|load|error|submit|change)=", text), path
            assert not re.search(r"(src|action)=\"(https?:)?//", text), path
            for link in re.findall(r"<a [^>]*href=\"https?://[^>]*>", text):
                assert "target=" not in link or "noopener" in link, path


@pytest.mark.parametrize("person", ["warga", "lurah", "inspektur"])
def test_what_is_shown_under_a_session_is_kept_by_nobody(scene, person):
    """Pages that are gone too: that something is not there for one may not answer another."""
    everybodys = {
        "/ui/kota.css",
        "/laporan/peta.json",
        "/laporan/unduh.csv",
        "/laporan/unduh.geojson",
        "/wilayah/batas.json",
        "/robots.txt",
        "/favicon.ico",
        "/pemberitahuan.js",
        "/lapangan.js",
        "/laporan/{published}/atom",
        "/api/v1/openapi.json",
        "/banjir/data.geojson",
        "/banjir/atom",
        "/cap/",
        "/cap/{cap}.xml",
        "/wilayah/{place}/atom",
        "/wilayah/{place}/sampah/atom",
    }
    browser = scene.browser(person)
    addresses = [filled(path, scene) for _, path, *_ in TABLE if path not in everybodys | {"/keluar/"}]
    for address in [*addresses, "/tidak-ada/", "/petugas/tidak-ada/"]:
        if not address.startswith(("/healthz", "/readyz", "/open311/", "/kiriman/", "/sta/")):
            kept = browser.get(address).headers.get("Cache-Control", "")
            assert "no-store" in kept, (address, kept)
            assert "private" in kept, (address, kept)


def test_what_a_key_or_a_form_opens_is_kept_by_nobody(scene):
    crew = f"/tugas/{scene.crew()}/"
    for path in (f"/laporan/ikuti/{scene.key('fresh')}/", crew, "/laporan/baru/", "/masuk/kode/"):
        answer = Browser().get(path)
        assert "no-store" in answer["Cache-Control"], path
    signed = f"/berkas/{scene.photo}.jpg?s=" + _proof(scene)
    assert Browser().get(signed)["Cache-Control"] == "private, no-store"
    assert (
        Browser().post(f"/laporan/{scene.number('rejected')}/dukung/")["Cache-Control"] == "private, no-store"
    )


def _proof(scene) -> str:
    return signature("photo", str(scene.photo))


def test_a_part_and_a_whole_are_kept_apart(scene):
    for person, path in (("nobody", "/laporan/"), ("lurah", "/petugas/"), ("lurah", "/petugas/semua/")):
        for headers in ({}, {"hx-request": "true"}):
            answer = scene.browser(person).get(path, headers=headers)
            assert "HX-Request" in answer["Vary"], path
        assert "no-store" in answer["Cache-Control"]
        assert "<html" not in answer.content.decode()


def test_the_key_of_a_reporters_page_is_told_to_no_other_site(scene):
    for key in ("fresh", "done", "conduct"):
        answer = Browser().get(f"/laporan/ikuti/{scene.key(key)}/")
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        text = answer.content.decode()
        for link in re.findall(r'href="(https?://[^"]+)"', text):
            assert scene.key(key) not in link or "bandung.localhost" in link.split("/")[2]
        assert scene.key(key) not in "".join(re.findall(r'https://wa\.me[^"]*', text))


def test_cookies(scene):
    browser = Browser()
    browser.get("/laporan/baru/")
    browser.post(f"/laporan/{scene.number('published')}/dukung/")
    browser.post("/masuk/", {"email": "warga@demo.guyub.example"})
    assert {"guyub_csrf", "guyub_perangkat", "guyub_sesi"} <= set(browser.cookies)
    for cookie in browser.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key
        assert cookie["domain"] == "", cookie.key
        assert cookie["path"] == "/", cookie.key


def test_a_session_is_new_when_somebody_signs_in_and_gone_when_they_leave(scene):
    """An attacker's session, planted before, is not the victim's afterwards."""
    browser = Browser()
    browser.post("/masuk/", {"email": "lurah@demo.guyub.example"})
    planted = browser.cookies["guyub_sesi"].value
    code = re.search(r"Kode Anda: (\S+)", mail.outbox[-1].body)[1]
    browser.post("/masuk/kode/", {"code": code})
    mine = browser.cookies["guyub_sesi"].value
    assert mine != planted
    for value, status in ((planted, 302), (mine, 200)):
        other = Browser()
        other.cookies["guyub_sesi"] = value
        assert other.get("/petugas/").status_code == status
    browser.post("/keluar/")
    late = Browser()
    late.cookies["guyub_sesi"] = mine
    assert late.get("/petugas/").status_code == 302


def test_a_closed_account_is_nobody_at_once(scene):
    browser = scene.browser("lurah")
    assert browser.get("/petugas/").status_code == 200
    Account.objects.filter(email__startswith="lurah@").update(is_active=False)
    assert browser.get("/petugas/").status_code == 302


EVIL = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "https://bandung.localhost@evil.example/",
    "\thttps://evil.example",
    "https:\\\\evil.example",
)


def test_signing_in_leads_to_no_other_site(scene):
    for evil in EVIL:
        browser = Browser()
        browser.post("/masuk/", {"email": "lurah@demo.guyub.example", "next": evil})
        code = re.search(r"Kode Anda: (\S+)", mail.outbox[-1].body)[1]
        answer = browser.post(f"/masuk/kode/?next={evil}", {"code": code, "next": evil})
        assert answer["Location"] == "/masuk/tujuan/", evil
        assert browser.get("/masuk/", {"next": evil})["Location"] == "/masuk/tujuan/", evil
        assert browser.post("/keluar/", {"next": evil})["Location"] == "/", evil


def test_a_code_is_of_one_browser_used_once_and_ends(scene):
    email = {"email": "lurah@demo.guyub.example"}

    def ask() -> tuple[Browser, str]:
        browser = Browser()
        browser.post("/masuk/", email)
        return browser, re.search(r"Kode Anda: (\S+)", mail.outbox[-1].body)[1]

    browser, code = ask()
    other = Browser()
    other.post("/masuk/", email)
    other.post("/masuk/kode/", {"code": code})
    assert other.get("/petugas/").status_code == 302
    browser.post("/masuk/kode/", {"code": code})
    assert browser.get("/petugas/").status_code == 200
    browser.post("/keluar/")
    assert browser.post("/masuk/kode/", {"code": code})["Location"] == "/masuk/"
    browser, code = ask()
    with mock.patch("time.time", return_value=time.time() + 11 * 60):
        browser.post("/masuk/kode/", {"code": code})
        assert browser.get("/petugas/").status_code == 302


def test_a_known_and_an_unknown_address_are_answered_alike(scene):
    for path in ("/masuk/", "/daftar/"):
        pages = []
        for email in ("lurah@demo.guyub.example", "tidak.ada@contoh.test"):
            browser = Browser()
            answer = browser.post(path, {"email": email})
            page = browser.get(answer["Location"]).content.decode()
            page = re.sub(r'value="\w{64}"', "", page).replace(email, "@")
            pages.append((answer.status_code, answer["Location"], set(browser.cookies), page))
        assert pages[0] == pages[1], path


# ── a real city ───────────────────────────────────────────────────────────────────────────────────────────

SECRETS = {
    "GUYUB_SECRET_KEY": "9v2m" * 15 + "Qx!7#kRz",
    "GUYUB_MASTER_KEY": "l0Tt" * 15,
    "DATABASE_URL": "postgresql://guyub_app@127.0.0.1:9/guyub",
    "GUYUB_MAIL_HOST": "mail.example",
}
SHOWN = """
import json
import django
from django.conf import settings
django.setup()
shown = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
print(json.dumps(shown, default=str))
"""


def in_production(*words: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    given = {k: v for k, v in os.environ.items() if not k.startswith(("GUYUB", "DATABASE", "DJANGO"))}
    given |= SECRETS | {
        "DJANGO_SETTINGS_MODULE": "guyub.settings.production",
        "PYTHONPATH": str(ROOT / "src"),
    }
    given = {name: value for name, value in (given | changes).items() if value is not None}
    return subprocess.run(
        [sys.executable, *words], env=given, cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def test_a_real_city_is_shut_tight():
    found = json.loads(in_production("-c", SHOWN).stdout)
    assert found["DEBUG"] is found["DEMO"] is found["UI_GALLERY"] is False
    assert found["GUYUB_OFFICER_SECOND_FACTOR"] is True
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
    assert found["SESSION_COOKIE_HTTPONLY"] is found["CSRF_COOKIE_HTTPONLY"] is True
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert found["SESSION_COOKIE_DOMAIN"] is found["CSRF_COOKIE_DOMAIN"] is None  # as __Host- wants it
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] >= 31536000
    assert found["SECURE_REDIRECT_EXEMPT"] == [r"^healthz$", r"^readyz$", r"^metrics$"]
    assert found["GUYUB_PUBLIC_SCHEME"] == "https"
    assert found["GUYUB_DEFAULT_CITY"] == ""


@pytest.mark.parametrize("name", SECRETS)
def test_a_real_city_does_not_start_without_its_secrets(name):
    value = "" if name == "GUYUB_SECRET_KEY" else None
    done = in_production("-c", "import guyub.settings.production", **{name: value})
    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr
    assert SECRETS["GUYUB_MASTER_KEY"] not in done.stderr


def test_djangos_own_check_of_a_deployment_is_clean():
    """What is silenced says why beside it."""
    done = in_production("-m", "guyub", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    text = (ROOT / "src/guyub/settings/production.py").read_text()
    silenced = re.search(r"SILENCED_SYSTEM_CHECKS = \[(.*)\]", text)[1]
    assert re.findall(r"W\d+", silenced) == ["W005", "W021"]
    assert "SILENCED" not in (ROOT / "src/guyub/settings/base.py").read_text()

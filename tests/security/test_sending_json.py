"""Programs post reports as JSON with a key: once under their own number, whole or not at all, never a broken page."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from guyub.kernel.ledger import api as ledger
from guyub.rooms.people import clients
from guyub.rooms.people.models import ApiClient
from guyub.rooms.reports import actions
from guyub.rooms.reports.models import Report, Sent
from tests.security.conftest import count_rows

pytestmark = pytest.mark.django_db
ADDRESS = "/kiriman/laporan.json"


@pytest.fixture
def key(scene) -> str:
    admin = scene.people["admin"]
    return clients.add_client(name="Aplikasi Warga", partner="Mitra contoh", by=admin, at=scene.now)[1]


def told(**changes: Any) -> dict[str, Any]:
    values = {"service_code": "sampah", "address_id": "32.73.02.1004", "description": "Sampah menumpuk."}
    return {**values, **changes}


def post(scene, key: str, tree: Any, own_id: str = "A-1", **more: Any) -> Any:
    body = tree if isinstance(tree, bytes) else json.dumps(tree)
    said = {"HTTP_AUTHORIZATION": f"Bearer {key}", "HTTP_IDEMPOTENCY_KEY": own_id, **more}
    return scene.browser("nobody").post(ADDRESS, body, content_type="application/json", **said)


def test_a_report_comes_in_once_with_the_program_on_record(scene, key):
    before = Report.objects.count()
    first, second = (post(scene, key, told(phone="0812 0000 1111")) for _ in "12")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["number"] == second.json()["number"]
    assert Report.objects.count() == before + 1
    report = Report.objects.get(number=first.json()["number"])
    assert (report.is_anonymous, report.published_at, report.account_id) == (False, None, None)
    assert Sent.objects.get().report_id == report.pk
    facts = [fact.name for fact in ledger.facts_about(actions.subject_of(report))]
    assert facts.count("reports.sent_by_client") == 1
    assert first.json()["follow_url"].endswith(f"/laporan/ikuti/{actions.follow_key(report.uuid)}/")
    assert first["Cache-Control"] == "no-store"


def test_the_same_number_for_something_else_is_refused_and_two_programs_do_not_meet(scene, key):
    number = post(scene, key, told()).json()["number"]
    other = post(scene, key, told(description="Lubang besar."))
    assert (other.status_code, "follow_url" in other.text) == (409, False)
    second = clients.add_client(name="Lain", partner="Mitra lain", by=scene.people["admin"], at=scene.now)[1]
    answer = post(scene, second, told())
    assert answer.status_code == 201
    assert answer.json()["number"] != number


def test_without_a_key_that_holds_nothing_comes_in(scene, key):
    before = count_rows()
    for said in ("", "Bearer", "Bearer ", "Basic abc", f"Bearer {key}x", f"Token {key}", "Bearer \xff"):
        answer = post(scene, key, told(), HTTP_AUTHORIZATION=said)
        assert answer.status_code == 403, said
        assert answer.json()[0]["description"]
    clients.end_client(client=ApiClient.objects.get().pk, by=scene.people["admin"], at=scene.now)
    assert post(scene, key, told()).status_code == 403
    assert Report.objects.count() == before["reports_report"]


def test_a_key_in_the_address_counts_for_nothing(scene, key):
    answer = scene.browser("nobody").post(
        f"{ADDRESS}?api_key={key}", json.dumps(told()), content_type="application/json"
    )
    assert answer.status_code == 403


def test_the_senders_own_number_must_be_there(scene, key):
    for own_id in ("", " ", "x" * 81, "\t"):
        assert post(scene, key, told(), own_id).status_code == 400


def test_all_that_is_wrong_is_said_in_words(scene, key):
    answer = post(scene, key, told(address_id="99", email="x", warna="merah"))
    assert answer.status_code == 400
    assert "warna" in answer.json()[0]["description"]
    answer = post(scene, key, told(address_id="99", email="x"))
    assert len(answer.json()) == 2
    answer = post(scene, key, told(service_code="pungli"))
    assert answer.status_code == 404  # what is about conduct comes by no program


def test_too_large_and_not_found_are_said_as_json(scene, key):
    assert post(scene, key, told(description="x" * 70_000)).status_code == 413
    answer = scene.browser("nobody").get("/kiriman/apa.json")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/json")


def test_whatever_is_sent_is_answered_and_nothing_is_half_written(scene, key):
    """Broken JSON, wrong kinds, deep nesting, great numbers, halves of characters: refused with words, no row."""
    hostile = [
        None, True, 0, -1, 1.5, 1e308, 10**400, "", "\0", "\ud800", "x" * 5000, "\u202e", [], [[]], {}, {"a": {}},
        ["a", None], "<script>", "' OR 1=1", "Infinity",
    ]  # fmt: skip
    names = [
        "service_code", "description", "lat", "long", "address_id", "address_string", "anonymous", "confidential",
        "first_name", "email", "phone", "media_url", "attributes",
    ]  # fmt: skip
    bodies: list[Any] = [
        b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b"[" * 20_000, b'{"a":' * 9_000, b"NaN", b'{"lat": NaN}',
        b'{"lat": ' + b"9" * 6000 + b"}", b'{"\\ud800": 1}',
    ]  # fmt: skip
    bodies += [told(**{name: value}) for name in names for value in hostile]
    bodies += [told(attributes={"x" * 200: value}) for value in hostile]
    bodies += [told(lat=value, long=value) for value in hostile]
    chance = random.Random(311)
    whole = json.dumps(told(attributes={"gejala": ["mati"]})).encode()
    for _ in range(60):
        broken = bytearray(whole)
        broken[chance.randrange(len(broken))] = chance.randrange(256)
        bodies.append(bytes(broken))
    from django.core.cache import cache

    before = count_rows()
    for n, body in enumerate(bodies):
        cache.clear()
        answer = post(scene, key, body, f"F-{n}")
        assert answer.status_code in (201, 400, 403, 404, 413, 429), (n, body)
        json.loads(answer.content)
        after = count_rows()
        assert after == before or answer.status_code == 201, (n, body)
        before = after
    assert Sent.objects.count() == Report.objects.filter(pk__in=Sent.objects.values("report")).count()

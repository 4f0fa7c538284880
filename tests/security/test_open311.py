"""Open311 shows a stranger what the public page shows and no more, by whichever way one asks; and takes in what comes
with a key as carefully as the residents' form."""

from __future__ import annotations

import json
import random
import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guyub.events import reports as events
from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework.api import Case, State
from guyub.rooms.people import clients
from guyub.rooms.people.models import ApiClient, Contact
from guyub.rooms.reports import actions, open311
from guyub.rooms.reports.models import Attribute, Category, Report, Sent
from tests.factories import bring_to, picture
from tests.security.conftest import SECRETS, count_rows

pytestmark = pytest.mark.django_db
ROOT = "/open311/v2"
POINT = (-6.9012345, 107.5812345)
NIK_LIKE = "3273024505900003"
# What a stranger may know of a report that is not shown; everything else is empty.
OUTLINE = {
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "address",
    "address_id",
}


@pytest.fixture
def key(scene) -> str:
    return clients.add_client(
        name="Aplikasi Warga", partner="Mitra contoh", by=scene.people["admin"], at=scene.now
    )[1]


@pytest.fixture
def today(scene, monkeypatch):
    """The server's clock stands where the scene's does."""
    monkeypatch.setattr("guyub.rooms.reports.feeds.open311.views.timezone.now", lambda: scene.now)
    return scene.now


@pytest.fixture
def watched(scene, today):
    """The scene's reports with exact points, and photos on each that is not shown."""
    Report.objects.update(lat=POINT[0], lon=POINT[1], h3_9=actions.cell(*POINT))
    from guyub.kernel.files import api as files

    for name in ("secret", "conduct", "anonymous"):
        subject = actions.subject_of(scene.report(name))
        files.store_photo(picture(), at=scene.now, subject=subject)
    return scene


def sending(key: str, **more: Any) -> dict[str, Any]:
    return {
        "api_key": key,
        "service_code": "sampah",
        "address_id": "32.73.02.1004",
        "description": "Sampah menumpuk.",
        **more,
    }


def post(scene, fields: dict[str, Any], path: str = "requests.json") -> Any:
    return scene.browser("nobody").post(f"{ROOT}/{path}", fields)


# ── What a stranger learns ─────────────────────────────────────────────────────────────────────────────────


def ways(scene) -> list[str]:
    """Every address by which a report could be found."""
    now = scene.now
    numbers = [scene.number(name) for name in scene.reports]
    since, until = (now - timedelta(days=89)).isoformat(), (now + timedelta(days=1)).isoformat()
    windows = [f"start_date={since}", f"end_date={until}", f"start_date={since}&end_date={until}"]
    windows = [one.replace("+", "%2B") for one in windows]
    updated = [f"updated_after={since}", f"updated_before={until}"]
    found = [
        "",
        f"service_request_id={','.join(numbers)}",
        "status=open",
        "status=closed",
        "service_code=sampah,pungutan-liar,lampu-jalan",
        *windows,
        *[one.replace("+", "%2B") for one in updated],
        "bbox=-180,-90,180,90",
        "bbox=107.58,-6.91,107.59,-6.9",
        "page=1&page_size=1",
        *[f"page={n}&page_size=1" for n in range(2, 10)],
    ]
    lists = [f"requests.{form}?{query}{more}" for form in ("json", "xml") for query in found for more in ("", "&extensions=true")]  # fmt: skip
    ones = [f"{kind}/{number}.{form}{more}" for kind in ("requests", "tokens") for number in numbers for form in ("json", "xml") for more in ("", "?extensions=true")]  # fmt: skip
    return [f"{ROOT}/{path}" for path in [*lists, *ones]]


def test_no_way_of_asking_tells_more_than_the_public_page(watched, key):
    browser = watched.browser("nobody")
    unseen = {str(one) for one in Photo.objects.filter(is_public=False).values_list("uuid", flat=True)}
    conduct = watched.number("conduct")
    words = [watched.report(name).body for name in ("fresh", "secret", "conduct")]
    withheld = {watched.number(name) for name in ("fresh", "secret", "rejected")}
    for way in ways(watched):
        answer = browser.get(way)
        said = answer.content.decode()
        assert answer.status_code == (404 if f"/{conduct}." in way else 200), way
        assert not any(one in said for one in (*SECRETS, *words, *unseen, NIK_LIKE)), way
        assert conduct not in said, way
        if way.partition("?")[0].endswith("requests.json"):
            rows = json.loads(said)
            assert conduct not in {row["service_request_id"] for row in rows}, way
            for row in rows:
                if row["service_request_id"] in withheld:
                    filled = {name for name, value in row.items() if value not in (None, [])}
                    assert filled - {"extended_attributes"} == OUTLINE, way
                    assert (row.get("extended_attributes") or {}).get("supporters") is None


@pytest.mark.parametrize(
    "query", ["bbox=-180,-90,180,90", "start_date=2026-11-01", "updated_after=2026-01-01"]
)
def test_what_is_withheld_is_found_by_no_moment_and_no_place(watched, query):
    """Else one could halve a window, or a box, until it holds nothing else."""
    rows = watched.browser("nobody").get(f"{ROOT}/requests.json?{query}").json()
    found = {row["service_request_id"] for row in rows}
    assert watched.number("published") in found
    assert not found & {watched.number(name) for name in ("fresh", "secret", "rejected", "conduct")}


def test_an_old_outline_leaves_the_list_with_its_month_and_not_to_the_second(scene, today, monkeypatch):
    report = scene.report("fresh")
    first = today - timedelta(days=90)
    Report.objects.filter(pk=report.pk).update(submitted_at=first - timedelta(seconds=1))
    rows = scene.browser("nobody").get(f"{ROOT}/requests.json").json()
    assert report.number in {row["service_request_id"] for row in rows}
    Report.objects.filter(pk=report.pk).update(submitted_at=first.replace(day=1) - timedelta(days=1))
    rows = scene.browser("nobody").get(f"{ROOT}/requests.json").json()
    assert report.number not in {row["service_request_id"] for row in rows}


def test_anonymous_stays_so_and_the_words_are_the_officers(scene, today):
    row = scene.browser("nobody").get(f"{ROOT}/requests/{scene.number('anonymous')}.json").json()[0]
    assert row["description"] == scene.report("anonymous").public_body
    assert not {"account_id", "first_name", "email"} & set(row)


def test_what_is_hidden_again_is_an_outline_again(scene, today):
    report = scene.report("published")
    before = scene.browser("nobody").get(f"{ROOT}/requests/{report.number}.json").json()[0]
    assert before["description"]
    actions.hide_again(
        scene.case("published"), since=scene.now - timedelta(1), by=scene.people["lurah"], at=scene.now
    )
    row = scene.browser("nobody").get(f"{ROOT}/requests/{report.number}.json").json()[0]
    assert (row["description"], row["requested_datetime"], row["updated_datetime"]) == (None, None, None)


def test_updates_are_of_shown_reports_since_their_publication(scene, key, today):
    rows = scene.browser("nobody").get(
        f"{ROOT}/servicerequestupdates.json", {"api_key": key, "start_date": "2026-11-01T00:00:00Z"}
    ).json()  # fmt: skip
    numbers = {row["service_request_id"] for row in rows}
    assert numbers == {scene.number(name) for name in ("published", "done", "anonymous")}
    assert {row["status"] for row in rows if row["service_request_id"] == scene.number("done")} == {
        "OPEN",
        "FIXED",
    }


def test_answers_are_shown_when_chosen_and_never_when_written(scene, key, today):
    fields = {
        "service_code": "lampu-jalan",
        "attribute[gejala]": "mati",
        "attribute[nomor_tiang]": "Bu Tejo 0812",
    }
    number = post(scene, sending(key, **fields)).json()[0]["service_request_id"]
    address = f"{ROOT}/requests/{number}.json?extensions=true"
    assert scene.browser("nobody").get(address).json()[0]["attributes"] == []
    report, case = Report.objects.get(number=number), Case.objects.get(number=number)
    assert "Nomor tiang: Bu Tejo 0812" in report.body
    actions.verify_report(
        case=case.uuid, public_body="Lampu mati.", photos=[], by=scene.people["koordinator"], at=scene.now
    )
    row = scene.browser("nobody").get(address).json()[0]
    assert row["attributes"] == [{"code": "gejala", "values": [{"key": "mati", "name": "Mati"}]}]
    assert "Tejo" not in json.dumps(row)


# ── Sending ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_knows_the_program_that_sent_it(scene, key, today):
    answer = post(scene, sending(key, email="a@b.test", first_name="Sri", last_name="Contoh"))
    assert answer.status_code == 201
    report = Report.objects.get(number=answer.json()[0]["service_request_id"])
    client = ApiClient.objects.get()
    assert Sent.objects.get(report=report).client == client
    assert client.used_on == scene.now.date()
    assert Case.objects.get(number=report.number).label.startswith("Aplikasi Warga · ")
    facts = ledger.facts_about(actions.subject_of(report))
    assert {events.SentByClient.name, events.ReportSubmitted.name} <= {fact.name for fact in facts}
    contact = Contact.objects.get(pk=report.contact_id)
    assert (contact.name, contact.email) == ("Sri Contoh", "a@b.test")
    assert (report.account_id, report.published_at, report.is_anonymous) == (None, None, False)


def test_sent_again_under_the_same_number_it_is_one_report(scene, key, today):
    first, second = (post(scene, sending(key, client_request_id="A-17")) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()[0]["service_request_id"] == second.json()[0]["service_request_id"]
    assert post(scene, sending(key, client_request_id="A-17", description="Yang lain.")).status_code == 400
    other = clients.add_client(name="Aplikasi Lain", partner="Mitra", by=None, at=scene.now)[1]
    assert post(scene, sending(other, client_request_id="A-17")).status_code == 201


def test_a_key_that_ended_ends_at_once(scene, key, today):
    assert post(scene, sending(key)).status_code == 201
    clients.end_client(client=ApiClient.objects.get().pk, by=scene.people["admin"], at=scene.now)
    before = count_rows()
    assert post(scene, sending(key)).status_code == 403
    assert count_rows() == before


def test_only_a_key_lets_anything_in_whoever_is_signed_in(scene, today):
    """No cookie counts, so no other site's page can send in somebody's name."""
    browser = scene.browser("admin_kota", enforce_csrf_checks=True)
    assert browser.post(f"{ROOT}/requests.json", sending("")).status_code == 403


def test_a_key_has_its_limit_and_so_has_guessing(scene, key, today, monkeypatch):
    rule = {"window_seconds": 600, "client": 2, "refused": 2}
    from guyub.kernel.rulebook import api as rulebook

    found = rulebook.rule("sending_limits.partner", on=scene.now.date())
    monkeypatch.setitem(found.value, "client", rule["client"])
    monkeypatch.setitem(found.value, "refused", rule["refused"])
    assert [post(scene, sending(key)).status_code for _ in range(3)] == [201, 201, 429]
    answers = [post(scene, sending("x" * 43)) for _ in range(3)]
    assert [one.status_code for one in answers] == [403, 403, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_conduct_is_not_offered_to_programs(scene, key, today):
    codes = {row["service_code"] for row in scene.browser("nobody").get(f"{ROOT}/services.json").json()}
    conduct = list(Category.objects.filter(is_conduct=True).values_list("code", flat=True))
    assert conduct
    assert not codes & set(conduct)
    assert post(scene, sending(key, service_code=conduct[0])).status_code == 404
    assert scene.browser("nobody").get(f"{ROOT}/services/{conduct[0]}.json").status_code == 404


def test_a_photo_is_kept_unseen_or_the_report_is_refused_whole(scene, key, today):
    answer = post(scene, sending(key, media=picture()))
    assert answer.status_code == 201
    report = Report.objects.get(number=answer.json()[0]["service_request_id"])
    assert list(
        Photo.objects.filter(subject=actions.subject_of(report)).values_list("is_public", flat=True)
    ) == [False]
    before = count_rows()
    bad = picture()
    bad.file.seek(0)
    bad.file.write(b"<script>alert(1)</script>")
    bad.file.seek(0)
    assert post(scene, sending(key, media=bad)).status_code == 400
    assert count_rows() == before


def test_everything_wrong_is_said_at_once_and_nothing_is_kept(scene, key, today):
    before = count_rows()
    answer = post(
        scene,
        sending(key, service_code="lampu-jalan", lat="x", email="y", phone="z", media_url="javascript:1"),
    )
    said = " ".join(one["description"] for one in answer.json())
    assert answer.status_code == 400
    assert all(name in said for name in ("gejala", "lat", "email", "phone", "media_url"))
    assert count_rows() == before


def test_html_is_taken_out_of_the_words_and_places_are_understood(scene, key, today):
    number = post(
        scene,
        {**sending(key, description="Lampu <b>mati</b><script>x</script> < 3 m & gelap"), "address_id": "", "address_string": "Jl. Contoh, Kelurahan Cijagra"},
    ).json()[0]["service_request_id"]  # fmt: skip
    report = Report.objects.select_related("place").get(number=number)
    assert report.body == "Lampu matix < 3 m & gelap"
    assert (report.place.name, report.landmark) == ("Cijagra", "Jl. Contoh, Kelurahan Cijagra")
    assert post(scene, {**sending(key), "address_id": "", "address_string": "di sana"}).status_code == 400


def test_what_a_reporter_says_later_through_the_program(scene, key, today):
    number = post(scene, sending(key)).json()[0]["service_request_id"]
    report, case = Report.objects.get(number=number), Case.objects.get(number=number)
    update = {
        "api_key": key,
        "service_request_id": number,
        "update_id": "1",
        "description": "Di seberang pos.",
    }
    path = "servicerequestupdates.json"
    assert post(scene, update, path).status_code == 400  # nobody has asked
    bring_to(State.WAITING_REPORTER, report, case, by=scene.people["koordinator"], at=scene.now)
    assert [post(scene, update, path).status_code for _ in range(2)] == [201, 200]
    report.refresh_from_db()
    assert report.state == State.FORWARDED
    foreign = {**update, "service_request_id": scene.number("done"), "update_id": "2", "status": "CLOSED"}
    assert post(scene, foreign, path).status_code == 404


def test_admins_alone_give_and_end_keys_and_both_are_on_record(scene):
    admin = scene.browser("admin_kota")
    page = admin.post(
        "/petugas/wewenang/aplikasi/baru/", {"name": "Aplikasi RW", "partner": "Yayasan contoh"}
    )
    row = ApiClient.objects.get()
    shown = page.content.decode()
    assert row.begins in shown
    assert "no-store" in page["Cache-Control"]
    key = shown.partition('<code class="long">')[2].partition("<")[0]
    assert clients.find_client(key).name == "Aplikasi RW"
    assert key not in admin.get("/petugas/wewenang/aplikasi/").content.decode()
    assert key not in row.fingerprint
    assert admin.post(f"/petugas/wewenang/aplikasi/{row.pk}/akhiri/").status_code == 302
    assert clients.find_client(key) is None
    facts = ledger.facts_about(f"people.client:{row.pk}")
    assert [fact.name for fact in facts] == ["people.client_added", "people.client_ended"]
    assert {fact.actor for fact in facts} == {scene.people["admin"].account}


def test_an_operator_gives_lists_and_ends_keys(city, capsys):
    from guyub.launch.client import run

    def said(*words: str) -> tuple[int, str]:
        return run(["--city", "bandung", *words]), capsys.readouterr().out

    code, out = said("add", "Aplikasi dinas", "--office", "pu")
    number, key = out.split()
    assert code == 0
    assert clients.find_client(key).id == int(number)
    assert "Aplikasi dinas" in said("list")[1]
    assert said("end", number) == (0, "Ended.\n")
    assert clients.find_client(key) is None
    assert said("end", "999")[0] == said("add", "x", "--office", "tidak-ada")[0] == 1


# ── What it costs, and that nothing breaks it ──────────────────────────────────────────────────────────────


def test_a_list_is_one_query_and_both_forms_agree(watched):
    Report.objects.filter(number=watched.number("published")).update(
        public_body="Tanda & <b>kurung</b> \x0b \ufffe “kutip” \U0001f600",
        public_landmark="depan pos & <gang>",
    )
    browser = watched.browser("nobody")
    for form in ("json", "xml"):
        browser.get(f"{ROOT}/requests.{form}")
        with CaptureQueriesContext(connection) as seen:
            answer = browser.get(f"{ROOT}/requests.{form}")
        assert len(seen) == 1, [one["sql"][:100] for one in seen]
        assert len(answer.content) < 1000 * len(watched.reports)
    rows = browser.get(f"{ROOT}/requests.json").json()
    in_xml = ET.fromstring(browser.get(f"{ROOT}/requests.xml").content)
    assert len(rows) == len(in_xml) == len(watched.reports) - 1
    for row, one in zip(rows, in_xml, strict=True):
        clean = {
            name: "" if value is None else str(value).replace("\x0b", "").replace("\ufffe", "")
            for name, value in row.items()
        }
        assert {child.tag: child.text or "" for child in one} == clean


def test_services_in_the_other_language(scene):
    browser = scene.browser("nobody")
    names = {
        row["service_code"]: row["service_name"] for row in browser.get(f"/en{ROOT}/services.json").json()
    }
    assert names["lampu-jalan"] == "Street light out"


@pytest.mark.parametrize("change", [
    lambda: Category.objects.filter(code="sampah").update(name_en="Waste"),
    lambda: Attribute.objects.filter(code="gejala").update(is_required=False),
    lambda: Attribute.objects.filter(code="gejala").delete(),
])  # fmt: skip
def test_the_changeset_follows_every_change_however_it_was_made(city, change):
    before = open311.read_services().changed_at
    change()
    assert open311.read_services().changed_at > before


@pytest.mark.parametrize("path", ["%ff%fe", "v2/requests.json/", "v2/%00.json", "v2/requests.html", "v2/services/%0a.xml", "", "v2/services/a/b.json"])  # fmt: skip
def test_unknown_addresses_are_refused_in_their_form(scene, path):
    answer = scene.browser("nobody").generic("GET", f"/open311/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/json" if path.endswith(".json") else "text/xml")
    assert b"404" in answer.content


def test_bodies_that_are_none_are_refused_in_their_form(scene, key):
    browser = scene.browser("nobody")
    for kind, body in [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\n\xff"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(900))),
        ("application/x-www-form-urlencoded; charset=utf-7", b"api_key=x"),
        ("application/x-www-form-urlencoded", b"x" * 300_000),
        ("application/json", b"{}"),
    ]:
        answer = browser.generic("POST", f"{ROOT}/requests.json", body, content_type=kind)
        assert answer.status_code in (400, 403, 413), kind
        assert answer["Content-Type"].startswith("application/json"), (kind, answer.content[:200])


NAMES = ["service_request_id", "service_code", "status", "start_date", "end_date", "updated_after", "updated_before",
         "bbox", "page", "page_size", "extensions", "jurisdiction_id", "lat", "long", "address_id", "address_string",
         "description", "attribute[gejala]", "attribute[jenis][]", "email", "phone", "client_request_id", "update_id",
         "media_url", "api_key", "first_name"]  # fmt: skip
VALUES = ["", "0", "-1", "1e309", "nan", "inf", "9" * 60, "true", "open,closed", ",", "sampah", "lampu-jalan", "mati",
          "2026-11-20T10:00:00+07:00", "0001-01-01", "9999-12-31T23:59:59-12:00", "2026-02-30", "2026-11-20T24:00:00Z",
          "2026-11-20T10:00:00+99:99", "107,-7,108,-6", "-180,-90,180,90", "1,2,3", "a,b,c,d", "-6.9", "107.6", "٣",
          "\x00", "\ud800", "\uffff", "%", "%s", "{0}", "'; DROP TABLE x; --", "<script>", "]]>", "\U0001f600" * 200, "LAP-2026-000001",
          "32.73.02.1004", "Kelurahan Dago", "a@b.test", "http://x.test/a.jpg", "x" * 5000]  # fmt: skip
PATHS = ["requests", "requests", "services", "services/sampah", "discovery", "tokens/LAP-2026-000001",
         "requests/LAP-2026-000002", "servicerequestupdates", "services/\x00", "x/y"]  # fmt: skip


@pytest.mark.parametrize("seed", [20261122])
def test_whatever_is_sent_breaks_nothing(scene, key, seed):
    """`GUYUB_FUZZ=10000` calls more."""
    import os
    from urllib.parse import quote, urlencode

    calls = int(os.environ.get("GUYUB_FUZZ", "300"))
    chance, browser = random.Random(seed), scene.browser("nobody")
    seen: dict[int, int] = {}
    for _ in range(calls):
        pairs = [(chance.choice(NAMES), chance.choice(VALUES)) for _ in range(chance.randrange(7))]
        form = chance.choice(["json", "xml", "html", "", "JSON"])
        path = f"{ROOT}/{quote(chance.choice(PATHS))}.{form}"
        query = urlencode(pairs, errors="surrogatepass")
        if chance.random() < 0.4:
            own = [
                ("api_key", key),
                *chance.sample([("service_code", "sampah"), ("address_id", "32.73.02.1004")], 2),
            ]
            body = urlencode([*pairs, *(own if chance.random() < 0.8 else [])], errors="surrogatepass")
            answer = browser.generic("POST", path, body, content_type="application/x-www-form-urlencoded")
        else:
            answer = browser.get(f"{path}?{query}")
        assert answer.status_code < 500, (path, pairs)
        assert answer["Content-Type"].startswith(("application/json", "text/xml")), (path, pairs)
        if answer["Content-Type"].startswith("text/xml"):
            ET.fromstring(answer.content)
        else:
            json.loads(answer.content)
        seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
    print(seen)
    assert {200, 400, 404} <= set(seen)

"""Water from the form to the desk and out again: clusters, gauges, help, work, and nothing that was hidden."""

from __future__ import annotations

import html
import json
import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from guyub.events import floods as events
from guyub.kernel import erasures, retention
from guyub.kernel.access.api import NotAllowed, roles
from guyub.kernel.files.models import Photo
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework.api import Case
from guyub.rooms.floods import api as floods
from guyub.rooms.floods import clustering, moderating, own, receiving, trusting
from guyub.rooms.floods.models import Cluster, FloodReport, ThresholdDoubt
from guyub.rooms.floods.rules import HideReason, State, Trust
from guyub.rooms.places import api as places
from guyub.rooms.reports.models import Report, Support
from guyub.rooms.sensing import api as sensing
from guyub.rooms.sensing.tests.factories import a_datastream
from tests import factories

pytestmark = pytest.mark.django_db
NEW = "/banjir/lapor/"
WORDS = "Kanarikuning depan warung, hubungi 0812-3456-7890"


class Scene:
    def __init__(self, now, monkeypatch):
        self.now, self.people = now, factories.add_people()
        self.place = self.people.place
        row = places.gazetteer().get(self.place)
        self.lat, self.lon = row.lat, row.lon
        monkeypatch.setattr("django.utils.timezone.now", lambda: self.now)

    def browser(self, who: str = "") -> Client:
        client = Client(headers=factories.HOST)
        if who:
            client.force_login(self.people.account(who), backend=factories.BACKEND)
        return client

    def values(self, **said):
        return {"submission": str(uuid.uuid4()), "place": self.place, "depth": "LUTUT", **said}

    def post(self, *, browser=None, address="203.0.113.1", **said) -> tuple[FloodReport, Client, str]:
        """As a phone without JavaScript sends it."""
        client = browser or self.browser()
        answer = client.post(NEW, self.values(**said), REMOTE_ADDR=address)
        assert answer.status_code == 303, re.findall(
            r'class="errors">.*?</ul>', answer.content.decode(), re.S
        )
        link = answer.headers["Location"]
        uuid_ = link.split("/")[3].partition("-")[0]
        return FloodReport.objects.get(uuid=uuid.UUID(hex=uuid_)), client, link.partition("?")[0]

    def tell(self, n: int, *, metres: float = 0, point: bool = True, **said) -> FloodReport:
        """As the action takes it: person `n`, so many metres north of the kelurahan's middle."""
        at = {"lat": self.lat + metres / 111_320, "lon": self.lon} if point else {}
        who = {"device": f"device:{n}", "address": f"address-{n}", "network": f"network-{n % 2}"}
        values = {"submission": uuid.uuid4(), "place": self.place, "depth": 50, **at, **who, **said}
        receipt = receiving.submit(said=receiving.Said(**values), at=self.now)
        return FloodReport.objects.select_related("cluster", "place").get(pk=receipt.report)

    def get(self, who: str, address: str, status: int = 200) -> str:
        answer = self.browser(who).get(address)
        assert answer.status_code == status, (who, address, answer.status_code)
        return html.unescape(answer.content.decode())

    def confirmed(self) -> Cluster:
        for n in range(3):
            row = self.tell(n, metres=100 * n, depth=30 + 20 * n)
        return Cluster.objects.get(pk=row.cluster_id)

    def gauge(self, values, kind="sea_level", **more):
        row = a_datastream(kind=kind, at=(self.lat + 0.005, self.lon), **more)
        rows = [
            sensing.Row(datastream=row.pk, time=self.now - timedelta(minutes=minutes), result=value)
            for minutes, value in values
        ]
        sensing.ingest(rows, at=self.now)
        return row


@pytest.fixture
def scene(city, now, monkeypatch):
    return Scene(now, monkeypatch)


def hear() -> None:
    """What the worker does after each report."""
    told = [fact.id for fact in ledger.facts_named(events.FloodReported)]
    for consumer in ("floods.judge", "floods.call_help"):
        ledger.react(consumer, told)


def names(cluster) -> list[str]:
    return [fact.name for fact in ledger.facts_about(cluster.subject)]


def test_place_and_picture_are_enough_and_three_strangers_confirm(scene):
    page = scene.get("", NEW)
    assert 'name="depth" value="BETIS"' in page
    assert "tel:112" in page
    assert "tel:119" in page
    first, _client, _link = scene.post(depth="BETIS")
    assert (first.depth_cm, first.step, first.cluster.state) == (30, "BETIS", State.OPEN)
    scene.post(depth="LUTUT", address="203.0.113.2")  # the same /24: one network
    third, client, link = scene.post(depth="", cm="64", address="203.0.113.3")
    assert Cluster.objects.get().state == State.OPEN
    last, _client, _link = scene.post(depth="PAHA", address="198.51.100.9")
    cluster = Cluster.objects.get()
    assert (cluster.state, cluster.reports, cluster.voices) == (State.CONFIRMED, 4, 4)
    assert (cluster.depth_cm, cluster.low_cm, cluster.high_cm) == (57, 30, 70)
    assert names(cluster).count("floods.cluster_confirmed") == 1

    # The same phone again is the same report, of now; the same submission is nothing new.
    scene.now += timedelta(minutes=20)
    again, _client, _link = scene.post(browser=client, depth="PINGGANG", address="203.0.113.3")
    assert again.pk == third.pk
    assert FloodReport.objects.count() == 4
    assert FloodReport.objects.get(pk=third.pk).depth_cm == 100
    values = scene.values()
    answers = {scene.browser().post(NEW, values).headers["Location"] for _ in range(2)}
    assert len(answers) == 1

    seen = scene.get("", "/banjir/")
    assert cluster.number in seen
    assert "Dipastikan" in seen
    assert last.number in scene.get("", f"/banjir/{cluster.number}/")
    assert "Sekitar 100 cm" in scene.get("", link)


def test_hostile_and_wrong_forms_are_answered_in_words(scene):
    wrong = [
        {"depth": ""},
        {"depth": "LANGIT"},
        {"cm": "301"},
        {"cm": "-1"},
        {"cm": "1e9"},
        {"place": "99.99.99.9999"},
        {"place": ""},
        {"place": "", "lat": "0", "lon": "0"},
        {"place": "", "lat": "nan", "lon": "inf"},
        {"in_need": "501"},
        {"needs": ["EVAKUASI", "X"]},
        {"road": "KAPAL"},
        {"since": "99"},
        {"submission": "x"},
        {"words": "a" * 601},
        {"lat": "\x00", "place": "\x00"},
    ]
    client = scene.browser()
    for said in wrong:
        answer = client.post(NEW, {**scene.values(words="Kata saya"), **said})
        assert answer.status_code == 422, said
        if "words" not in said:
            assert b"Kata saya" in answer.content
    assert not FloodReport.objects.exists()
    for address in (
        "/banjir/BJR-2026-999999999/",
        "/banjir/GNG-2026-000001/",
        "/banjir/x/",
        "/banjir/ikuti/abc/",
        f"/banjir/ikuti/{uuid.uuid4().hex}-x/",
        f"/banjir/ikuti/{uuid.uuid4().hex}-x/data.json",
    ):
        assert client.get(address).status_code == 404, address
    # A bad photo costs the report nothing; script in words stays words.
    bad = factories.SimpleUploadedFile("x.jpg", b"GIF89a" + b"\0" * 99, "image/jpeg")
    row, client, link = scene.post(photo=bad, words="<script>alert(1)</script>")
    page = client.get(link).content.decode()
    assert "fotonya belum" in page
    assert "<script>alert(1)" not in page
    assert not Photo.objects.filter(subject=row.subject).exists()
    for said in ({}, {"verb": "x"}, {"verb": "foto"}, {"verb": "hapus"}):
        assert client.post(link, said).status_code == 422


def test_a_device_and_an_address_that_go_on_are_stopped(scene, monkeypatch):
    limit = {"window_seconds": 600, "device": 2, "newcomers": 3, "address": 50}
    found = rulebook.rule

    def rule(key, *, on):
        return rulebook.RuleInForce(limit, 1, "") if key == "sending_limits.flood" else found(key, on=on)

    monkeypatch.setattr("guyub.kernel.rulebook.api.rule", rule)
    _row, client, _link = scene.post()
    told = [client.post(NEW, scene.values(words="Tetap ada"), REMOTE_ADDR="203.0.113.1") for _ in range(3)]
    assert [one.status_code for one in told] == [303, 303, 429]
    assert b"Tetap ada" in told[-1].content
    assert int(told[-1].headers["Retry-After"]) > 0
    fresh = [
        scene.browser().post(NEW, scene.values(), REMOTE_ADDR="203.0.113.1").status_code for _ in range(3)
    ]
    assert fresh == [303, 303, 429]


def test_a_cluster_grows_joins_dries_returns_and_closes(scene):
    a, b = scene.tell(1), scene.tell(2, metres=550)
    assert a.cluster_id != b.cluster_id
    between = scene.tell(3, metres=280)
    cluster = Cluster.objects.get(pk=between.cluster_id)
    assert cluster.pk == min(a.cluster_id, b.cluster_id)
    assert (cluster.reports, cluster.state) == (3, State.CONFIRMED)
    other = Cluster.objects.get(pk=max(a.cluster_id, b.cluster_id))
    assert (other.state, other.reports) == (State.CLOSED, 0)
    assert scene.tell(4, point=False).cluster_id != cluster.pk, "who names a kelurahan alone stands apart"

    assert own.say_gone(report=a.pk, at=scene.now)
    assert not own.say_gone(report=a.pk, at=scene.now)
    assert Cluster.objects.get(pk=cluster.pk).state == State.CONFIRMED
    own.say_gone(report=b.pk, at=scene.now)
    assert Cluster.objects.get(pk=cluster.pk).state == State.DRY
    scene.now += timedelta(minutes=30)
    scene.tell(5, depth=90)  # one who sees water again is enough: whoever watches must not miss it
    assert Cluster.objects.get(pk=cluster.pk).state == State.CONFIRMED
    scene.tell(6, depth=90)
    cluster.refresh_from_db()
    assert (cluster.state, cluster.depth_cm) == (State.CONFIRMED, 90)
    assert names(cluster).count("floods.cluster_returned") == 1

    scene.now += timedelta(hours=3)
    assert clustering.sweep(at=scene.now) == []
    assert Cluster.objects.get(pk=cluster.pk).state == State.DRY
    scene.now += timedelta(hours=6)
    assert cluster.pk in clustering.sweep(at=scene.now)
    assert names(cluster)[-1] == "floods.cluster_closed"
    assert scene.tell(7).cluster_id != cluster.pk
    assert [one.number for one in floods.clusters(at=scene.now)] == [Cluster.objects.last().number]
    assert floods.clusters(place="99", at=scene.now) == []


def test_gauges_and_people_score_each_other_and_a_threshold_is_only_doubted(scene):
    scene.gauge([(10, 1.4), (70, 0.2)])
    row = scene.tell(1)
    hear()
    row.refresh_from_db()
    assert row.trust == Trust.SUPPORTED
    assert "Didukung sensor" in scene.get("", f"/banjir/{row.number}/")
    named = scene.tell(2, point=False)
    hear()
    named.refresh_from_db()
    assert named.trust == Trust.UNKNOWN

    # Three confirmed floods while a gauge stands low: contradicted, still seen, and its threshold is doubted.
    FloodReport.objects.all().delete()
    Cluster.objects.all().delete()
    sensing_rows = trusting.sensing
    gauge = scene.gauge([], name="Duga rob uji", properties={"flood_threshold": 3.0})
    for flood in range(3):
        scene.now += timedelta(hours=30)
        sensing_rows.ingest(
            [
                sensing.Row(
                    datastream=gauge.pk, time=scene.now - timedelta(minutes=5), result=1.0 + flood / 10
                )
            ],
            at=scene.now,
        )
        cluster = scene.confirmed()
        hear()
        assert Cluster.objects.get(pk=cluster.pk).trust == Trust.CONTRADICTED
        assert cluster.number in scene.get("", "/banjir/")
        scene.now += timedelta(hours=10)
        trusting.judge_due(at=scene.now)
        for key in (*clustering.sweep(at=scene.now), *clustering.sweep(at=scene.now + timedelta(hours=7))):
            trusting.doubt(Cluster.objects.get(pk=key), at=scene.now)
        assert ThresholdDoubt.objects.count() == (flood == 2)
    doubt = ThresholdDoubt.objects.get()
    assert (doubt.datastream, doubt.threshold, doubt.proposed) == (gauge.pk, 3.0, 1.0)
    (fact,) = ledger.facts_about(doubt.subject)
    assert fact.payload["proposed"] == "1.0"
    assert "Duga rob uji" in scene.get("lurah", "/petugas/banjir/")
    answer = scene.browser("lurah").post(f"/petugas/banjir/ambang/{doubt.pk}/", {"dipakai": "ya"})
    assert answer.status_code == 302
    assert "Duga rob uji" not in scene.get("lurah", "/petugas/banjir/")
    assert FloodReport.objects.filter(hidden_at__isnull=False).count() == 0


def test_who_needs_help_is_told_at_once_and_only_officers_read_it(scene):
    row, client, link = scene.post(in_need="4", needs=["EVAKUASI", "RENTAN"], words=WORDS)
    assert row.in_need == 4
    hear()
    told = Notice.objects.filter(key__startswith="flood-help:")
    wanted = {f"account:{scene.people.account(slug).pk}" for slug in ("pusdalops", "lurah")}
    assert wanted <= {one.recipient for one in told}
    assert "4 orang" in told[0].subject
    assert WORDS not in told[0].body
    before = told.count()
    scene.post(browser=client, in_need="4")
    hear()
    assert told.count() == before, "the same people are not told again"
    for address in (
        "/banjir/",
        f"/banjir/{row.number}/",
        f"/banjir/{row.cluster.number}/",
        "/banjir/data.geojson",
    ):
        page = scene.get("", address)
        assert "Evakuasi" not in page
        assert "0812" not in page
        assert "orang perlu" not in page
    assert "nomor telepon disamarkan" in scene.get("", f"/banjir/{row.number}/")
    assert "4 orang perlu bantuan" in scene.get("pusdalops", "/petugas/banjir/")
    assert "Evakuasi" in scene.get("pusdalops", f"/petugas/banjir/{row.cluster.number}/")
    assert "segera diberi tahu" in html.unescape(client.get(link).content.decode())
    facts = json.dumps([fact.payload for fact in ledger.facts_about(row.subject)])
    assert "Kanari" not in facts
    assert row.device not in facts


PUBLIC = (
    "/banjir/",
    "/banjir/?rentang=hari",
    "/banjir/peta.json?rentang=hari",
    "/banjir/data.geojson",
    "/banjir/atom",
)


def test_no_way_out_for_what_was_hidden_and_no_household_on_the_map(scene):
    cluster = scene.confirmed()
    loud = scene.tell(9, depth=199, words="Kanarikuning")
    receiving.add_photo(report=loud.pk, upload=factories.picture(), at=scene.now)
    photo = Photo.objects.get(subject=loud.subject)
    exact = re.compile(rf"{abs(scene.lat):.5f}|{scene.lon:.5f}")
    pages = [*PUBLIC, f"/banjir/{cluster.number}/", f"/banjir/{loud.number}/"]
    for address in pages:
        assert not exact.search(scene.get("", address)), address
    assert str(photo.uuid) not in scene.get("", f"/banjir/{loud.number}/")
    lurah = scene.people["lurah"]
    moderating.let_photo(report=loud.pk, photo=photo.uuid, public=True, by=lurah, at=scene.now)
    assert str(photo.uuid) in scene.get("", f"/banjir/{loud.number}/")
    assert "Kanarikuning" in scene.get("", f"/banjir/{cluster.number}/")
    data = json.loads(scene.get("", "/banjir/data.geojson"))
    assert {one["properties"]["kind"] for one in data["features"]} == {"cluster", "report"}
    assert loud.number in {one["id"] for one in data["features"]}

    moderating.hide(report=loud.pk, reason=HideReason.FALSE, by=lurah, at=scene.now)
    with pytest.raises(moderating.Overtaken):
        moderating.let_photo(report=loud.pk, photo=photo.uuid, public=True, by=lurah, at=scene.now)
    for address in (*PUBLIC, f"/banjir/{cluster.number}/"):
        page = scene.get("", address)
        for canary in (loud.number, "Kanarikuning", "199", str(photo.uuid)):
            assert canary not in page, (address, canary)
    scene.get("", f"/banjir/{loud.number}/", 404)
    assert scene.browser().get(f"/berkas/{photo.uuid}.jpg").status_code == 404
    assert not [
        one for one in floods.reports_since(scene.now - timedelta(days=1)) if one.number == loud.number
    ]
    assert "Kanarikuning" in scene.get("lurah", f"/petugas/banjir/{cluster.number}/")

    # Hiding takes a voice away: three become two, and the cluster is confirmed no more. Shown again it is.
    one = FloodReport.objects.filter(cluster=cluster, hidden_at__isnull=True).first()
    moderating.hide(report=one.pk, reason=HideReason.UNFIT, by=lurah, at=scene.now)
    assert Cluster.objects.get(pk=cluster.pk).state == State.OPEN
    moderating.show_again(report=one.pk, by=lurah, at=scene.now)
    assert Cluster.objects.get(pk=cluster.pk).state == State.CONFIRMED
    # A cluster with nothing left to be seen is nowhere either.
    for row in FloodReport.objects.filter(cluster=cluster, hidden_at__isnull=True):
        moderating.hide(report=row.pk, reason=HideReason.FALSE, by=lurah, at=scene.now)
    for address in PUBLIC:
        assert cluster.number not in scene.get("", address), address
    scene.get("", f"/banjir/{cluster.number}/", 404)


ACTS = ("pastikan", "surut", "pekerjaan")
MAY = {"lurah", "camat", "pusdalops"}
SLUGS = (
    "warga",
    "ketua-rt",
    "lurah",
    "kasi",
    "camat",
    "koordinator",
    "penghubung",
    "sekda",
    "pusdalops",
    "admin",
)


def test_people_and_states(scene):
    """Who opens and does what, in each state of a cluster; whoever may not is told there is no such page."""
    clusters = {State.OPEN: scene.tell(1).cluster, State.CONFIRMED: scene.tell(2, metres=2000).cluster}
    lurah = scene.people["lurah"]
    moderating.confirm(cluster=clusters[State.CONFIRMED].pk, by=lurah, at=scene.now)
    clusters[State.DRY] = scene.tell(3, metres=4000).cluster
    moderating.settle_dry(cluster=clusters[State.DRY].pk, by=lurah, at=scene.now)
    clusters[State.CLOSED] = scene.tell(4, metres=6000).cluster
    row = Cluster.objects.get(pk=clusters[State.CLOSED].pk)
    clustering.close(row, at=scene.now)
    row.save()
    for slug in SLUGS:
        client, may = scene.browser(slug), slug in MAY
        assert client.get("/petugas/banjir/").status_code == (200 if may else 404), slug
        assert scene.people[slug].can(roles.FLOODS) == may
        for state, cluster in clusters.items():
            report = FloodReport.objects.get(cluster=cluster)
            assert client.get(f"/petugas/banjir/{cluster.number}/").status_code == (200 if may else 404)
            for act in ACTS:
                told = client.post(f"/petugas/banjir/{cluster.number}/{act}/").status_code
                assert told == (302 if may else 404), (slug, state, act)
            for act in ("sembunyikan", "kedalaman", "tampilkan"):
                address = f"/petugas/banjir/laporan/{report.number}/{act}/"
                assert client.get(address).status_code == (200 if may else 404), (slug, act)
            if not may:
                with pytest.raises(NotAllowed):
                    moderating.hide(
                        report=report.pk, reason=HideReason.FALSE, by=scene.people[slug], at=scene.now
                    )
    assert scene.browser().get("/petugas/banjir/").status_code == 302
    closed = Cluster.objects.get(pk=clusters[State.CLOSED].pk)
    assert (closed.by_officer, closed.work_number) == (False, "")
    # The lurah looks after the own kelurahan alone.
    district = places.gazetteer().get(scene.place).parent_code
    beside = next(one.code for one in places.gazetteer().within(district) if one.code != scene.place)
    other = scene.tell(5, point=False, place=beside)
    scene.get("lurah", f"/petugas/banjir/{other.cluster.number}/", 404)
    scene.get("camat", f"/petugas/banjir/{other.cluster.number}/")


def test_a_cluster_becomes_work_of_an_office_and_its_reporters_follow_it(scene):
    warga = scene.people.account("warga").pk
    scene.tell(1, words=WORDS)
    cluster = Cluster.objects.get(pk=scene.tell(2, account=warga, device=f"account:{warga}").cluster_id)
    number = moderating.ask_work(cluster=cluster.pk, by=scene.people["lurah"], at=scene.now)
    assert moderating.ask_work(cluster=cluster.pk, by=scene.people["lurah"], at=scene.now) == number
    report = Report.objects.get(number=number)
    assert Case.objects.get(number=number).category == "banjir"
    assert "Kanari" not in report.body
    assert cluster.number in report.body
    assert (report.lat, report.lon) != (scene.lat, scene.lon)
    assert Support.objects.filter(report=report).count() == 2
    member = FloodReport.objects.filter(account=warga).get()
    page = scene.get("", reverse("flood_follow", args=[receiving.follow_key(member.uuid)]))
    assert number in page
    assert number in scene.get("", f"/banjir/{cluster.number}/")
    assert "Buka di meja petugas" in scene.get("pusdalops", f"/petugas/banjir/{cluster.number}/")


def test_the_desk_corrects_blurs_and_lets_be_seen(scene):
    row = scene.tell(1)
    receiving.add_photo(report=row.pk, upload=factories.picture(), at=scene.now)
    photo = Photo.objects.get(subject=row.subject)
    lurah, base = scene.browser("lurah"), f"/petugas/banjir/laporan/{row.number}/"
    assert lurah.post(f"{base}kedalaman/", {"depth": "999"}).status_code == 422
    assert lurah.post(f"{base}kedalaman/", {"depth": "25"}).status_code == 302
    assert "(dibetulkan petugas)" in scene.get("", f"/banjir/{row.number}/")
    assert Cluster.objects.get(pk=row.cluster_id).depth_cm == 25
    assert lurah.post(f"{base}foto/{photo.uuid}/samarkan/", {}).status_code == 422
    assert lurah.post(f"{base}foto/{photo.uuid}/samarkan/", {"cell": ["0", "1"]}).status_code == 302
    copy = Photo.objects.get(subject=row.subject, blurred_from=photo.uuid)
    assert lurah.post(f"{base}foto/{copy.uuid}/", {"umum": "ya"}).status_code == 302
    page = scene.get("", f"/banjir/{row.number}/")
    assert str(copy.uuid) in page
    assert str(photo.uuid) not in page
    assert lurah.post(f"{base}foto/{uuid.uuid4()}/", {"umum": "ya"}).status_code == 404
    assert lurah.post(f"{base}sembunyikan/", {}).status_code == 422
    assert lurah.post(f"{base}sembunyikan/", {"reason": "KELIRU"}).status_code == 302
    assert lurah.post(f"{base}tampilkan/", {}).status_code == 302
    assert not Photo.objects.filter(subject=row.subject, is_public=True).exists()


def test_own_data_goes_with_its_owner_or_with_time(scene):
    row, client, link = scene.post(words=WORDS, photo=factories.picture())
    copied = client.get(f"{link}data.json").json()
    assert copied["keterangan"] == WORDS
    assert copied["sidik_perangkat"] == row.device
    assert client.get(link).headers["Referrer-Policy"] == "no-referrer"
    assert client.post(link, {"verb": "hapus", "yakin": "ya"}).status_code == 303
    row.refresh_from_db()
    assert (row.words, row.device, row.address, row.lat, row.h3_9) == ("", "", "", None, None)
    assert not Photo.objects.filter(subject=row.subject).exists()
    assert client.get(link).status_code == 404
    scene.get("", f"/banjir/{row.number}/", 404)
    assert Cluster.objects.get(pk=row.cluster_id).state == State.CLOSED
    # After an older backup: it is erased once more, and a younger report of the same number is not.
    FloodReport.objects.filter(pk=row.pk).update(erased_at=None, words="kembali")
    line = erasures.Noted(scene.now, events.FloodErased.name, {"report": row.pk})
    old = erasures.Noted(scene.now - timedelta(days=1), events.FloodErased.name, {"report": row.pk})
    assert erasures.repeat([old], at=scene.now).get(events.FloodErased.name) is None
    assert erasures.repeat([line], at=scene.now)[events.FloodErased.name] == 1

    kept = scene.tell(3, words=WORDS)
    scene.now += timedelta(days=181)
    assert retention.sweep(at=scene.now)["flood_reports"] == 1
    kept.refresh_from_db()
    assert (kept.words, kept.public_words, kept.device, kept.lat) == ("", "", "", None)
    assert (kept.depth_cm, kept.h3_9 is not None) == (50, True)

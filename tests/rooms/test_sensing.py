"""Sensors as officers and residents see them, from the demo's networks."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guyub.demo import sensors
from guyub.kernel.notices.models import Notice
from guyub.rooms.people.models_clients import ApiClient
from guyub.rooms.sensing import checking, managing, silence
from guyub.rooms.sensing.models import Datastream, DeadLetter, Judgement, Writer
from tests.factories import BACKEND, HOST, add_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def folk(city):
    found = add_people(on=timezone.now().date())
    sensors.add_demo_sensors(at=timezone.now())
    return found


@pytest.fixture
def as_(client, folk):
    def open_as(slug):
        client.logout()
        if slug:
            client.force_login(folk.account(slug), backend=BACKEND)
        return client

    client.defaults["HTTP_HOST"] = HOST["host"]
    return open_as


def page(answer, status=200):
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[:500])
    return answer.content.decode()


def test_residents_read_what_is_open_and_that_it_is_simulated(as_, folk):
    nobody = as_("")
    text = page(nobody.get("/sensor/"))
    assert text.count("simulasi") >= 5
    assert "Lampu lalu lintas contoh 1" not in text
    assert "Penakar hujan contoh utara" not in page(nobody.get("/sensor/?jenis=river_level"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page(nobody.get("/sensor/"))
    assert sum("sensing_" in one["sql"] for one in asked.captured_queries) == 1
    river = Datastream.objects.get(name="Duga muka air contoh hulu")
    text = page(nobody.get(f"/sensor/{river.pk}/"))
    assert "Data simulasi" in text
    assert text.count("chart-stroke") > 100
    assert "Simulated data" in page(nobody.get(f"/en/sensor/{river.pk}/"))
    assert nobody.get("/sensor/99999999999999999999999/").status_code == 404
    assert sensors.send_due(at=timezone.now() + timedelta(hours=1)) == 8


def test_an_officer_registers_a_sensor_sets_it_and_judges_a_value(as_, folk):
    desk, other = as_("pusdalops"), Datastream.objects.first()
    assert "Tinggi muka sungai" in page(desk.get("/petugas/sensor/baru/"))
    new = "/petugas/sensor/baru/?jenis=river_level"
    owner = str(other.owner_id)
    said = {
        "name": "Duga air uji",
        "lat": "-6,9",
        "lon": "107,6",
        "owner": owner,
        "minutes": "10",
        "is_public": "on",
    }
    assert "di luar bumi" in page(desk.post(new, {**said, "lat": "-96"}), 422)
    assert "tidak terletak di daerah ini" in page(desk.post(new, {**said, "lat": "3,1", "lon": "99"}), 422)
    found = page(desk.post(new, said, follow=True))
    assert "Belum pernah mengirim" in page(desk.get("/petugas/sensor/"))
    row = Datastream.objects.get(name="Duga air uji")
    assert (row.cadence, row.is_public, row.thing.place[:5]) == (600, True, "32.73")
    assert "Belum ada nilai" in found

    stream = Datastream.objects.get(name="Duga muka air contoh hilir")
    checking.check(stream.pk, at=timezone.now())
    text = page(desk.get(f"/petugas/sensor/{stream.pk}/"))
    assert "Lonjakan sesaat" in text
    address = re.search(rf'href="(/petugas/sensor/{stream.pk}/nilai/\d+/)"', text)[1]
    page(desk.post(address, {"verdict": "bad", "reason": "x"}), 422)
    page(desk.post(address, {"verdict": "bad", "reason": "Alat sedang dibersihkan."}), 302)
    assert Judgement.objects.get().reason == "Alat sedang dibersihkan."
    assert "Dinyatakan salah oleh petugas" in page(desk.get(f"/petugas/sensor/{stream.pk}/"))
    page(desk.post(f"/petugas/sensor/{stream.pk}/atur/", {"minutes": "30", "retention_days": "400"}), 302)
    stream.refresh_from_db()
    assert (stream.cadence, stream.retention_days, stream.is_public) == (1800, 400, False)

    own = f"/petugas/sensor/{stream.pk}/"
    assert own + "ukuran/" in page(desk.get(own))
    assert "Kamera" not in page(desk.get(own + "ukuran/"))
    rain, said = own + "ukuran/?jenis=rain", {"name": "Hujan di hilir", "minutes": "60"}
    page(desk.post(rain, {"name": ""}), 422)
    assert "Belum ada nilai" in page(desk.post(rain, said, follow=True))
    made = Datastream.objects.get(name="Hujan di hilir")
    assert (made.thing_id, made.owner_id, made.cadence) == (stream.thing_id, stream.owner_id, 3600)
    assert made.name in page(desk.get(own))

    other = Datastream.objects.get(name="Duga muka air contoh hulu")
    text = page(desk.get(own))
    assert f'<option value="{other.pk}"' in text
    assert f'<option value="{made.pk}"' not in text  # rain is no river
    beside = {"minutes": "30", "neighbour": str(other.pk)}
    assert "Tulis batasnya" in page(desk.post(own + "atur/", beside), 422)
    for wrong in (
        {"neighbour": str(made.pk)},
        {"neighbour": str(stream.pk)},
        {"drift": "-1"},
        {"drift": "x"},
    ):
        page(desk.post(own + "atur/", {**beside, "drift": "0,4", **wrong}), 422)
    page(desk.post(own + "atur/", {**beside, "drift": "0,4"}), 302)
    stream.refresh_from_db()
    assert stream.quality_rules == {"neighbour": other.pk, "drift": 0.4}
    assert 'value="0.4"' in page(desk.get(own))
    page(desk.post(own + "atur/", {"minutes": "30", "drift": "0,4"}), 302)
    stream.refresh_from_db()
    assert stream.quality_rules == {}

    program = ApiClient.objects.create(
        name="Kontraktor uji", partner="Uji", fingerprint="0" * 64, begins="abc", made_at=timezone.now()
    )
    own += "aplikasi/"
    page(desk.post(own, {"client": program.pk}), 302)
    assert managing.may_write(client=program.pk, datastream=stream.pk)
    assert not managing.may_write(client=program.pk, datastream=other.pk)
    page(desk.post(own, {"aksi": "cabut", "client": program.pk}), 302)
    assert not Writer.objects.exists()

    stranger = as_("penghubung")
    assert stranger.get(f"/petugas/sensor/{stream.pk}/").status_code == 200
    for part in ("atur", "ukuran"):
        assert stranger.get(f"/petugas/sensor/{stream.pk}/{part}/").status_code == 404
    assert "Tambah ukuran" not in page(stranger.get(f"/petugas/sensor/{stream.pk}/"))
    assert as_("lurah").get("/petugas/sensor/").status_code == 404


def test_the_office_is_told_of_silence_and_refused_messages_wait(as_, folk):
    silence.sweep_silence(at=timezone.now())
    told = Notice.objects.filter(key__startswith="sensing.silent:")
    assert told.count() == 1
    assert told.get().subject == "Sensor diam: Penakar hujan contoh selatan"
    desk = as_("pusdalops")
    assert "Diam 6 jam" in page(desk.get("/petugas/sensor/")) or "Diam 5 jam" in page(
        desk.get("/petugas/sensor/")
    )
    letter = DeadLetter.objects.create(
        received_at=timezone.now(),
        topic="v1.1/Observations",
        payload="<b>",
        code="message",
        reason="Bukan JSON",
    )
    assert "&lt;b&gt;" in page(desk.get("/petugas/sensor/pesan/"))
    one = f"/petugas/sensor/pesan/{letter.pk}/"
    assert "Masih ditolak" in page(desk.post(one, {"aksi": "lagi"}, follow=True))
    page(desk.post(one, {"aksi": "sisihkan"}), 302)
    page(desk.post(one, {"aksi": "sisihkan"}), 404)

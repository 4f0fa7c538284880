"""`guyub check`: what is wrong is found and said with what to do; what is right is not complained about."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone, translation
from tests.factories import add_people, send

from guyub.kernel.checks import api as checks
from guyub.kernel.cities import api as cities
from guyub.kernel.cities import backups, current, pulse, registry
from guyub.kernel.cities.models import Backup, CityRecord, Pulse
from guyub.kernel.ledger import api as ledger
from guyub.kernel.ledger.models import Seal
from guyub.kernel.rulebook.models import Rule
from guyub.launch import check as command
from guyub.rooms.people.models import Organisation

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def found(name: str, *, at, city=None) -> checks.Result:
    (outcome,) = checks.run_checks(at=at, city=city, only=frozenset({name}))
    return outcome.result


def test_every_check_says_what_it_looks_at_in_both_languages(city, now):
    for language in ("id", "en"):
        with translation.override(language):
            for one in checks.checks():
                assert str(one.title)
                assert len(one.looks_at) > 20, one.name
    assert len(checks.checks()) > 20
    assert {one.scope for one in checks.checks()} == {"city", "installation"}


def test_what_is_wrong_comes_with_what_to_do(city, now):
    every = [*checks.run_checks(at=now), *checks.run_checks(at=now, city=city)]
    assert {one.city for one in every} == {None, "bandung"}
    for one in every:
        assert one.result.says, one.name
        assert (one.result.level == "ok") == (not one.result.do), one.name
        assert "sendiri gagal" not in one.result.says, one.name


def test_a_name_is_given_once_and_a_check_that_fails_is_a_finding(city, now, monkeypatch):
    monkeypatch.setattr(checks, "_checks", {})

    @checks.check("uji.gagal", title="Uji")
    def breaks(*, at):
        """Breaks."""
        raise RuntimeError("rahasia@contoh.test")

    @checks.check("uji.basisdata", title="Uji")
    def asks(*, at):
        """Asks what is not there."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT rahasia FROM nowhere")

    with pytest.raises(ValueError, match="taken"):
        checks.check("uji.gagal", title="Uji")(breaks)
    one, other = checks.run_checks(at=now, city=city)
    assert {one.result.level, other.result.level} == {"fault"}
    assert "RuntimeError" in other.result.says
    assert "rahasia" not in one.result.says + other.result.says
    assert cities.find_city() == city  # the failed statement cost the city nothing


def test_the_roles_of_the_tests_are_as_narrow_as_a_real_citys(city, now):
    assert found("database.roles", at=now).level == "ok"
    assert found("database.server", at=now).level in ("ok", "fault")  # the throw-away cluster may forget
    assert found("database.migrations", at=now).level == "ok"
    assert found("city.key", at=now, city=city).level == "ok"


def test_another_master_key_is_found(city, now, settings):
    from guyub.kernel.cities import secrets

    settings.GUYUB_MASTER_KEY = "another"
    secrets._data_key.cache_clear()
    assert found("city.key", at=now, city=city).level == "fault"
    secrets._data_key.cache_clear()


def test_a_city_without_offices_coordinator_routes_or_rules(city, now):
    assert found("people.coordinator", at=now, city=city).level == "fault"
    assert found("people.second_factor", at=now, city=city).level == "warning"
    assert found("people.offices", at=now, city=city).level == "ok"
    assert found("reports.routes", at=now, city=city).level == "ok"
    add_people()
    assert found("people.coordinator", at=now, city=city).level == "ok"
    Organisation.objects.filter(key="pu").update(is_active=False)
    Organisation.objects.filter(kind="INSPECTORATE").update(is_active=False)
    from guyub.rooms.people import queries

    queries.forget()
    assert "pu" in found("reports.routes", at=now, city=city).says
    assert found("people.offices", at=now, city=city).level == "fault"
    Rule.objects.filter(key__startswith="sending_limits").delete()
    Rule.objects.filter(key="holidays.2027").delete()
    from guyub.kernel.rulebook import api as rulebook

    rulebook.forget()
    assert found("reports.limits", at=now, city=city).level == "warning"
    assert found("rulebook.holidays", at=now, city=city).level == "warning"
    assert found("rulebook.holidays", at=now + timedelta(days=800), city=city).level == "fault"


def test_officers_without_a_second_factor_are_counted_and_not_named(city, now, settings):
    settings.GUYUB_OFFICER_SECOND_FACTOR = True
    people = add_people()
    said = found("people.second_factor", at=now, city=city)
    assert said.level == "warning"
    assert people["lurah"].email not in said.says + said.do


def test_the_workers_pulse(city, now):
    with current.only_schema(current.COMMONS):
        Pulse.objects.all().delete()
    assert found("worker.pulse", at=now).level == "fault"
    pulse.beat(pulse.SWEEP, at=now, seconds=0.1)
    pulse.beat(pulse.SWEEP, at=now + timedelta(minutes=1), seconds=0.1)
    assert found("worker.pulse", at=now + timedelta(minutes=5)).level == "ok"
    assert found("worker.pulse", at=now + timedelta(minutes=7)).level == "fault"
    assert [one.count for one in pulse.pulses()] == [2]


def test_the_ledgers_lag_seal_and_stopped_consumers(city):
    now = timezone.now()
    send(at=now - timedelta(hours=1))
    assert found("ledger.pump", at=now, city=city).level == "ok"  # it came a moment ago
    assert found("ledger.seal", at=now, city=city).level == "warning"
    ledger.drain(settled_only=False)
    assert found("ledger.consumers", at=now + timedelta(minutes=11), city=city).level == "warning"
    Seal.objects.create(
        number=1, from_era=-1, from_txid="0", from_id=0, to_era=9, to_txid="0", to_id=0, count=1,
        root="0" * 64, previous="0" * 64, hash="0" * 64, sealed_at=now,
    )  # fmt: skip
    broken = found("ledger.seal", at=now, city=city)
    assert broken.level == "fault"
    assert "1" in broken.says


def test_a_backups_age_and_its_drill(city, now):
    assert found("backup.age", at=now, city=city).level == "fault"
    backups.note(city, file="/nowhere", size=1, facts=0, at=now)
    assert found("backup.age", at=now, city=city).level == "warning"  # no drill yet
    backups.note_drill(backups.newest(city), at=now, seconds=1.0)
    assert found("backup.age", at=now, city=city).level == "ok"
    assert found("backup.age", at=now + timedelta(days=2), city=city).level == "warning"
    assert found("backup.age", at=now + timedelta(days=8), city=city).level == "fault"
    with current.only_schema(current.COMMONS):
        Backup.objects.all().delete()


def test_settings_of_a_trial_are_found(city, now, settings, monkeypatch):
    assert found("settings.safety", at=now).level == "fault"  # those of the tests
    settings.SECRET_KEY, settings.GUYUB_MASTER_KEY = "a" * 50, "b" * 50
    settings.SESSION_COOKIE_SECURE = settings.GUYUB_OFFICER_SECOND_FACTOR = True
    assert found("settings.safety", at=now).level == "ok"
    settings.DEBUG = True
    assert "DEBUG" in found("settings.safety", at=now).says
    monkeypatch.setenv("GUYUB_TRUST_PROXY", "*")
    assert found("settings.proxy", at=now).level == "fault"
    settings.GUYUB_DATA = "/nowhere/at/all"
    assert found("files.disk", at=now).level == "fault"


def test_a_mail_server_that_is_down_is_told_without_its_words(city, now, settings, monkeypatch):
    from django.core.mail.backends.locmem import EmailBackend

    def down(self):
        raise ConnectionRefusedError("user=rahasia")

    assert found("mail.server", at=now).level in ("ok", "warning")
    monkeypatch.setattr(EmailBackend, "open", down)
    result = found("mail.server", at=now)
    assert result.level == "fault"
    assert "rahasia" not in result.says


def test_the_command_prints_groups_json_and_the_right_status(city, capsys):
    assert command.run(["--language", "en"]) == 1
    printed = capsys.readouterr().out
    assert "\nbandung\n" in printed
    assert "→" in printed
    assert command.run(["--city", "bandung", "--json", "--language", "id"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert {row["city"] for row in rows} == {"bandung"}
    assert {"people.offices", "reports.routes", "ledger.seal"} <= {row["name"] for row in rows}
    assert command.run(["--city", "atlantis"]) == 2
    assert command.run(["--quiet", "--language", "en"]) == 1
    assert "  ok " not in capsys.readouterr().out


def test_a_test_mail_is_sent_when_asked_for(city, capsys, mailoutbox):
    command.run(["--send", "operator@contoh.test", "--city", "bandung"])
    assert [one.to for one in mailoutbox] == [["operator@contoh.test"]]


def test_a_city_that_lags_is_a_fault(city, now, monkeypatch):
    monkeypatch.setattr(registry, "lagging", lambda: ["kota_99_99"])
    result = found("database.migrations", at=now)
    assert result.level == "fault"
    assert "kota_99_99" in result.says
    with current.only_schema(current.COMMONS):
        assert CityRecord.objects.exists()

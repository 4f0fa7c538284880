"""Queries whose SQL is made once give what the ORM gives, with each run's own values and in each city's own schema."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import Count, Q
from django.utils import timezone

from guyub.kernel.cities import api as cities
from guyub.kernel.compiled import Compiled
from guyub.rooms.people.models import Account, Grant, Organisation
from tests import factories


def test_rows_are_those_of_the_queryset(city):
    crew = factories.add_people()
    assert crew["lurah"].account
    compiled = Compiled(lambda account: Grant.objects.filter(account_id=account).order_by("pk"))
    for slug in ("lurah", "camat", "lurah"):
        account = crew[slug].account
        assert compiled.rows(account=account) == list(Grant.objects.filter(account_id=account).order_by("pk"))
    assert compiled.rows(account=-1) == []


def test_columns_come_as_the_queryset_gives_them(city):
    account = factories.add_people()["lurah"].account
    today = timezone.localdate()

    def build(account: int, on: date):
        rows = Grant.objects.in_force(on).filter(account_id=account).order_by("pk")
        return rows.values_list("role", "organisation__name", "powers", "since")

    assert Compiled(build).rows(account=account, on=today) == list(build(account, today))
    assert Compiled(build).rows(account=account, on=date(1990, 1, 1)) == []
    flat = Compiled(lambda account: build(account, today).values_list("role", flat=True))
    assert flat.rows(account=account) == list(build(account, today).values_list("role", flat=True))


def test_its_sql_is_made_once(city, django_assert_num_queries):
    made = []
    compiled = Compiled(lambda key: made.append(key) or Organisation.objects.filter(key=key))
    for _ in range(3):
        with django_assert_num_queries(1):
            compiled.rows(key="pu")
    assert len(made) == 1


def test_each_city_has_its_own_rows(bandung, pekalongan):
    compiled = Compiled(lambda email: Account.objects.filter(email=email).values_list("name", flat=True))
    for one in (bandung, pekalongan):
        with cities.inside(one):
            Account.objects.create_user("siapa@demo.guyub.example", name=one.name)
    for one in (bandung, pekalongan, bandung):
        with cities.inside(one):
            assert compiled.rows(email="siapa@demo.guyub.example") == [one.name]


def test_a_value_that_looks_like_a_stand_in_is_only_a_value(city):
    compiled = Compiled(lambda key, name: Organisation.objects.filter(Q(key=key) | Q(name=name)))
    assert compiled.rows(key="stand-in:2", name="stand-in:1") == []
    assert compiled.rows(key="' OR true --", name="%s") == []


@pytest.mark.parametrize(
    "build",
    [
        lambda n: Account.objects.filter(pk=n + 1),
        lambda n: Account.objects.filter(email=f"{n}@example"),
        lambda n: Account.objects.all(),
    ],
)
def test_a_value_that_does_not_arrive_as_it_is_is_refused(city, build):
    with pytest.raises(TypeError, match="do not reach"):
        Compiled(build).rows(n=5)


def test_what_it_cannot_do_is_refused(city):
    of_account = Compiled(lambda n: Grant.objects.filter(account_id=n).select_related("organisation"))
    annotated = Compiled(lambda n: Account.objects.filter(pk=n).annotate(how_many=Count("pk")))
    for refused in (of_account, annotated):
        with pytest.raises(TypeError, match="one table"):
            refused.rows(n=5)
    with pytest.raises(TypeError, match="takes whole numbers"):
        Compiled(lambda n: Account.objects.filter(pk__in=n)).rows(n=[5])
    plain = Compiled(lambda n: Account.objects.filter(pk=n))
    plain.rows(n=5)
    for wrong in ("5", True, None, timezone.now()):
        with pytest.raises(TypeError, match="made for"):
            plain.rows(n=wrong)


def test_moments_and_days_are_told_apart(city):
    now = timezone.now()
    compiled = Compiled(
        lambda now, day: Account.objects.filter(joined_at__gt=now).filter(joined_at__date__gt=day)
    )
    Account.objects.create_user("baru@demo.guyub.example")
    assert len(compiled.rows(now=now - timedelta(days=1), day=date(2020, 1, 1))) == 1
    assert compiled.rows(now=now + timedelta(days=1), day=date(2020, 1, 1)) == []

"""Queries whose SQL is made once give what the ORM gives, with each run's own values and in each city's own schema."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import NotSupportedError, connection, connections, transaction
from django.db.models import Count, Q
from django.utils import timezone

from guyub.kernel.cities import api as cities
from guyub.kernel.compiled import Compiled, CompiledFor
from guyub.rooms.partners.models import Partner
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


def test_lists_are_compared_whatever_their_length(city, now):
    made = [
        Partner.objects.create(
            slug=f"uji-{n}",
            name=f"Uji {n}",
            kind="COMMUNITY",
            places=codes,
            created_at=now,
            changed_at=now,
            origin="CITY",
        )
        for n, codes in enumerate((["32.73"], ["32.73.01", "32.73.02"], []))
    ]

    def build(codes: list[str]):
        return Partner.objects.filter(places__has_any=codes).order_by("pk").values_list("pk", flat=True)

    compiled = Compiled(build)
    for codes in (["32.73.02"], ["32.73", "32.73.01"], [], ["99"]):
        overlapping = Partner.objects.filter(places__overlap=codes).order_by("pk") if codes else []
        assert compiled.rows(codes=codes) == list(build(codes)) == [row.pk for row in overlapping]
    assert len(compiled.rows(codes=["32.73", "32.73.01"])) == len(made) - 1


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
    with pytest.raises(TypeError, match="rows of tables"):
        Compiled(lambda n: Account.objects.filter(pk=n).annotate(how_many=Count("pk"))).rows(n=5)
    with pytest.raises(TypeError, match="do not reach"):
        Compiled(lambda n: Account.objects.filter(pk__in=n)).rows(n=[5, 6])
    with pytest.raises(TypeError, match="takes whole numbers"):
        Compiled(lambda n: Account.objects.filter(pk__in=n)).rows(n=(5,))
    plain = Compiled(lambda n: Account.objects.filter(pk=n))
    plain.rows(n=5)
    for wrong in ("5", True, None, timezone.now(), [5]):
        with pytest.raises(TypeError, match="made for"):
            plain.rows(n=wrong)


def test_what_a_row_points_to_comes_with_it(city, django_assert_num_queries):
    """An organisation without a parent has none, and a parent is a whole row."""
    factories.add_people()

    def build(keys: list[str]):
        rows = Organisation.objects.filter(key__any=keys).select_related("parent__parent").order_by("pk")
        return rows

    compiled, keys = Compiled(build), sorted(Organisation.objects.values_list("key", flat=True))
    for wanted in (keys, keys[:2], keys[1:]):
        with django_assert_num_queries(1):
            found = compiled.rows(keys=wanted)
            said = [(one.name, one.parent and (one.parent.key, one.parent.name)) for one in found]
        assert said == [(one.name, one.parent and (one.parent.key, one.parent.name)) for one in build(wanted)]
    assert any(parent for _name, parent in said)


def test_each_key_has_a_query_of_its_own(city, django_assert_num_queries):
    """What the key says may change the query's shape; what can fit nothing asks nothing."""
    account, made = factories.add_people()["lurah"].account, []

    def build(roles: frozenset[str], on: date):
        made.append(roles)
        rows = Grant.objects.in_force(on).filter(role__in=roles)
        return rows.order_by("pk").values_list("role", flat=True)

    compiled, today = CompiledFor(build), timezone.localdate()
    for roles in (frozenset({"lurah"}), frozenset({"camat", "lurah"}), frozenset({"lurah"})):
        assert set(compiled.rows(roles, on=today)) == roles
        assert compiled.rows(roles, on=date(1990, 1, 1)) == []
    assert len(made) == 2
    assert account
    with django_assert_num_queries(0):
        assert compiled.rows(frozenset(), on=today) == []


def test_moments_and_days_are_told_apart(city):
    now = timezone.now()
    compiled = Compiled(
        lambda now, day: Account.objects.filter(joined_at__gt=now).filter(joined_at__date__gt=day)
    )
    Account.objects.create_user("baru@demo.guyub.example")
    assert len(compiled.rows(now=now - timedelta(days=1), day=date(2020, 1, 1))) == 1
    assert compiled.rows(now=now + timedelta(days=1), day=date(2020, 1, 1)) == []


def test_a_list_is_one_value_whatever_its_length(city):
    crew = factories.add_people()
    accounts = sorted(one.account for one in crew.values() if one.account)
    compiled = Compiled(lambda wanted: Account.objects.filter(pk__any=wanted).order_by("pk"))
    for some in (accounts[:1], accounts, []):
        assert [row.pk for row in compiled.rows(wanted=some)] == some
    grants = Compiled(
        lambda wanted: Grant.objects.filter(account__any=wanted).values_list("account", flat=True)
    )
    assert set(grants.rows(wanted=accounts)) <= set(accounts)


def test_a_table_that_an_upgrade_changed_is_read_on(committing_city):
    """PostgreSQL refuses a plan whose columns have changed their type since; nobody may be shown that."""
    compiled = Compiled(lambda key: Organisation.objects.filter(key=key).values_list("name", flat=True))
    assert compiled.rows(key="nowhere") == []
    assert compiled.rows(key="nowhere") == []
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE people_organisation ALTER COLUMN name TYPE varchar(200)")
    assert compiled.rows(key="nowhere") == []
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE people_organisation ALTER COLUMN name TYPE varchar(220)")
    with pytest.raises(NotSupportedError), transaction.atomic():
        compiled.rows(key="nowhere")
    assert connection.close_at == 0  # so the next request begins with a new one
    connection.close_if_unusable_or_obsolete()
    assert compiled.rows(key="nowhere") == []


def test_a_query_that_is_planned_anew_is_not_kept_by_the_database(city):
    def kept(sql):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{sql}%"]
            )
            return cursor.fetchone()[0]

    factories.add_people()

    def build(names: list[str]):
        return Organisation.objects.filter(key__any=names).order_by("pk").values_list("pk", "key")

    names = list(Organisation.objects.values_list("key", flat=True)[:3])
    anew, once = Compiled(build, plans_anew=True), Compiled(build)
    before = kept("people_organisation")
    for some in (names, names[:1], []):
        assert anew.rows(names=some) == list(build(names).filter(key__in=some))
    assert kept("people_organisation") == before
    assert once.rows(names=names) == anew.rows(names=names)
    assert kept("people_organisation") == before + 1

"""A row put in by its statement is the row that Django's own `save` stores, in the city that one is in."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from guyub.kernel.cities import api as cities
from guyub.kernel.inserting import insert
from guyub.rooms.casework.models import Case
from guyub.rooms.reports.models import Draft, Report
from tests import factories

pytestmark = pytest.mark.django_db

ITS_OWN = {"id", "uuid", "submission", "number"}


def stored(row):
    found = type(row).objects.filter(pk=row.pk).values().get()
    return {name: value for name, value in found.items() if name not in ITS_OWN}


def again(row, number):
    """The same row once more, not saved yet."""
    values = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}
    own = {"id": None, "uuid": uuid4(), "submission": uuid4(), "number": number}
    return type(row)(**{**values, **{name: own[name] for name in own if name in values}})


def test_each_column_is_as_save_stores_it(city, now):
    factories.add_people()
    for changes in ({}, {"lat": -6.9, "lon": 107.6, "rt": "004", "is_anonymous": True, "landmark": "x%sy"}):
        for first in factories.send(at=now, **changes):
            saved, put = again(first, "LAP-1"), again(first, "LAP-2")
            saved.save(force_insert=True)
            with CaptureQueriesContext(connection) as seen:
                insert(put)
            assert len(seen) == 1
            assert stored(put) == stored(saved)
            put.refresh_from_db()
            assert (put._state.adding, put._state.db) == (False, "default")
            put.save()  # an update of that row from now on
            for row in (saved, put):
                row.delete()


def test_what_the_database_would_fill_in_is_refused(city, now):
    factories.add_people()
    report, _case = factories.send(at=now)
    values = {one.attname: getattr(report, one.attname) for one in report._meta.concrete_fields}
    del values["changed_at"], values["id"]
    with pytest.raises(TypeError, match="left to the database"):
        insert(Report(**values))


def test_a_refused_row_takes_its_transaction_along(city, now):
    factories.add_people()
    report, case = factories.send(at=now)
    twin = again(report, report.number)
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            insert(twin)
        with pytest.raises(transaction.TransactionManagementError):
            Case.objects.count()
        transaction.set_rollback(True)
    assert twin._state.adding
    insert(again(case, "LAP-3"))


def test_it_goes_to_the_current_city(bandung, pekalongan, now):
    def draft(values):
        return Draft(values=values, created_at=now, expires_at=now)

    with cities.inside(bandung):
        insert(draft("{}"))
    with cities.inside(pekalongan):
        assert not Draft.objects.exists()
        second = draft('{"name": "Warga Contoh"}')
        insert(second)  # encrypted under this city's key
        assert Draft.objects.get().values == second.values
    with cities.inside(bandung):
        assert Draft.objects.get().values == "{}"

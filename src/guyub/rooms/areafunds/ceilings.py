"""Ceilings: set by the city or the place itself, moved by a revision, closed with the year."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from guyub.events import areafunds as events
from guyub.kernel.access.api import Person, roles
from guyub.rooms.areafunds import reference, rules
from guyub.rooms.areafunds.acting import Refused, as_manager, as_setter, open_book, record, refuse
from guyub.rooms.areafunds.models import Activity, Book, Ceiling, Revision
from guyub.rooms.areafunds.rules import No
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places


def _book(place: str, scheme: str, year: int) -> Book:
    """The book, made where there is none, locked. Raises `Refused` for a closed one."""
    row, _made = Book.objects.get_or_create(place=place, scheme=scheme, year=year)
    return open_book(row.pk)


def units_of(place: str) -> dict[str, list[str]]:
    """The units of a place that may have a ceiling each: its RW, as they are known."""
    found = people.neighbourhoods(place=place)
    return {
        "RW": sorted({one.unit for one in found if one.kind == people.OrganisationKind.RW})
        or sorted({one.unit.partition("/")[2] for one in found if "/" in one.unit})
    }


def unit_named(text: str) -> str:
    """`RW 3`, `3` and `003` are one RW."""
    digits = re.sub(r"(?i)^\s*rw\s*", "", text).strip()
    return digits.zfill(3) if digits.isascii() and digits.isdigit() and len(digits) <= 3 else text.strip()


@transaction.atomic
def set_ceiling(
    *,
    place: str,
    scheme: str,
    year: int,
    body: str,
    amount: int,
    basis: str,
    by: Person,
    at: datetime,
    unit: str = "",
) -> Ceiling:
    """Set what a body may plan in a year. Raises `NotAllowed`, or `Refused` below what is planned already."""
    as_setter(by, place=place, scheme=scheme, year=year)
    known = reference.schemes_in(places.gazetteer().get(place), year)[scheme].body(body)
    if known is None or bool(known.each) != bool(unit):
        raise Refused(No.AMOUNT, field="body")
    book = _book(place, scheme, year)
    row = Ceiling.objects.filter(book=book, body=body, unit=unit).first()
    refuse(rules.may_set(amount=amount, planned=row.planned if row else 0), field="amount")
    before = row.amount if row else None
    if row is None:
        row = Ceiling(book=book, body=body, unit=unit)
    row.amount, row.basis, row.set_at = amount, basis, at
    row.save()
    if before != amount:
        _tell_set(row, book, before, by=by, at=at)
    return row


def _tell_set(row: Ceiling, book: Book, before: int | None, *, by: Person, at: datetime) -> None:
    fact = events.CeilingSet(
        book=book.pk,
        ceiling=row.pk,
        scheme=book.scheme,
        year=book.year,
        body=row.body,
        amount=row.amount,
        before=before,
    )
    power = roles.CEILINGS if by.can(roles.CEILINGS) else roles.FUNDS
    record(fact, subject=book.subject, place=book.place, by=by, at=at, power=power)


@transaction.atomic
def set_usual(*, place: str, scheme: str, year: int, basis: str, by: Person, at: datetime) -> int:
    """Give every body of a place what the scheme usually gives, where nothing was set yet; returns how many."""
    as_setter(by, place=place, scheme=scheme, year=year)
    known = reference.schemes_in(places.gazetteer().get(place), year)[scheme]
    there = set(
        Ceiling.objects.filter(book__place=place, book__scheme=scheme, book__year=year).values_list(
            "body", "unit"
        )
    )
    new = [one for one in rules.usual_ceilings(known, units_of(place)) if one[:2] not in there]
    for body, unit, amount in new:
        set_ceiling(
            place=place,
            scheme=scheme,
            year=year,
            body=body,
            unit=unit,
            amount=amount,
            basis=basis,
            by=by,
            at=at,
        )
    return len(new)


@transaction.atomic
def revise(*, source: int, target: int, amount: int, basis: str, by: Person, at: datetime) -> Revision:
    """Move what is not planned from one body to another of the same place, scheme and year, by a decision.

    Raises `NotAllowed` for whoever does not set the ceilings, `Refused` if the money is planned or the year closed.
    """
    first = Ceiling.objects.select_related("book").get(pk=source)
    as_setter(by, place=first.book.place, scheme=first.book.scheme, year=first.book.year)
    book = open_book(first.book_id)
    rows = {row.pk: row for row in Ceiling.objects.filter(pk__in=[source, target], book=book)}
    refuse(No.SAME_BODY if target not in rows else None, field="target")
    giver, taker = rows[source], rows[target]
    why = rules.may_revise(
        source=giver.amount, source_planned=giver.planned, amount=amount, same=source == target
    )
    refuse(why, field="target" if why is No.SAME_BODY else "amount")
    giver.amount -= amount
    taker.amount += amount
    for row in (giver, taker):
        row.save(update_fields=["amount"])
    made = Revision.objects.create(
        source=giver, target=taker, amount=amount, basis=basis, by_id=by.acting, at=at
    )
    fact = events.CeilingRevised(book=book.pk, revision=made.pk, source=source, target=target, amount=amount)
    power = roles.CEILINGS if by.can(roles.CEILINGS) else roles.FUNDS
    record(fact, subject=book.subject, place=book.place, by=by, at=at, power=power)
    return made


@transaction.atomic
def close_year(*, book: int, by: Person, at: datetime) -> None:
    """Nothing of it changes afterwards. Raises `NotAllowed`, or `Refused` while an activity is not over."""
    as_manager(by, Book.objects.get(pk=book).place)
    row = open_book(book)
    states = Activity.objects.filter(ceiling__book=row).values_list("state", flat=True)
    refuse(rules.may_close(states))
    row.closed_at, row.closed_by_id = at, by.acting
    row.save(update_fields=["closed_at", "closed_by"])
    sums = list(Ceiling.objects.filter(book=row).values_list("amount", "spent"))
    fact = events.YearClosed(
        book=row.pk,
        scheme=row.scheme,
        year=row.year,
        ceiling=sum(amount for amount, _ in sums),
        spent=sum(spent for _, spent in sums),
    )
    record(fact, subject=row.subject, place=row.place, by=by, at=at)

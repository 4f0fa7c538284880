"""Two entries that turned out to be one: what belongs to the one goes over to the other, and can go back for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import partners as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.rooms.partners import membership, reference
from guyub.rooms.partners.acting import Refused, as_city, keep_words, office_of, record, tell
from guyub.rooms.partners.models import Document, Examination, Member, Merge, Partner
from guyub.rooms.partners.rules import (
    OPEN_REVIEWS,
    OPEN_STANDINGS,
    Known,
    Review,
    Role,
    Standing,
    Status,
    doubles,
    number_key,
)

_OPEN = [one.value for one in OPEN_STANDINGS]


@transaction.atomic
def merge(*, kept: int, gone: int, words: str, by: Person, at: datetime) -> int:
    """The entry `gone` is the same as `kept`. Raises `Refused`, `NotAllowed`. Returns the merge's id.

    Rooms above keep naming the old entry and are answered with what it became (`queries.by_ids`).
    """
    officer = as_city(by, about=kept)
    as_city(by, about=gone)
    into, other = _both(kept, gone)
    if other.office_id and into.office_id:
        raise Refused(_("Keduanya terikat pada kantor yang berbeda."), field="kept")
    membership.end_invitations(other, by=officer, at=at)
    moved = {
        "members": _move_members(other, into, by=officer, at=at),
        "documents": _move_documents(other, into),
    }
    moved |= {
        "office": other.office_id,
        "before": {"verified_how": other.verified_how, "status": other.status},
    }
    reviews = [one.value for one in OPEN_REVIEWS]
    Examination.objects.filter(partner=other, state__in=reviews).update(state=Review.WITHDRAWN, decided_at=at)
    if other.office_id:
        office, other.office_id = other.office_id, None
        other.save(update_fields=["office"])
        into.office_id = office
        into.save(update_fields=["office"])
    other.status, other.merged_into, other.ended_at = Status.MERGED, into, at
    other.save(update_fields=["status", "merged_into", "ended_at"])
    row = Merge.objects.create(kept=into, gone=other, moved=moved, by_id=officer, at=at)
    keep_words(into, "merged", words, by=officer, at=at)
    fact = events.PartnersMerged(kept=into.pk, gone=other.pk, merge=row.pk)
    record(fact, partner=into, by=officer, at=at, office=office_of(by))
    with override("id"):
        said = {"gone": other.name, "kept": into.name}
        body = _(
            "Entri %(gone)s dan %(kept)s ternyata sama dan digabung. Bila keliru, hubungi pengelola kemitraan."
        )
        tell(into, f"merged:{row.pk}", _("Dua entri digabung: %(kept)s") % said, body % said, at=at)
    return row.pk


def _both(kept: int, gone: int) -> tuple[Partner, Partner]:
    """Both rows, held in the order of their ids so that two officers never wait in a circle."""
    if kept == gone:
        raise Refused(_("Pilih dua entri yang berbeda."), field="kept")
    rows = Partner.objects.select_for_update(of=("self",)).filter(pk__in=[kept, gone]).order_by("pk")
    found = {row.pk: row for row in rows}
    if found[kept].status != Status.ACTIVE or found[gone].status not in (Status.ACTIVE, Status.SUSPENDED):
        raise NotAllowed("One of the two is over.")
    return found[kept], found[gone]


def _move_members(other: Partner, into: Partner, *, by: int, at: datetime) -> list[list[Any]]:
    """Who belongs to one belongs to the other; who belongs to both stays once. The second lead joins the board.

    Returns what has to be known to go back: row, role before, and whether it was moved or ended.
    """
    there = set(Member.objects.filter(partner=into, state__in=_OPEN).values_list("account_id", flat=True))
    has_lead = Member.objects.filter(partner=into, state=Standing.ACTIVE, role=Role.LEAD).exists()
    moved: list[list[Any]] = []
    for member in Member.objects.filter(partner=other, state__in=_OPEN):
        if member.account_id in there:
            moved.append([member.pk, member.role, member.state, "ended"])
            member.state, member.ended_at = Standing.ENDED, at
            member.save(update_fields=["state", "ended_at"])
            continue
        moved.append([member.pk, member.role, member.state, "moved"])
        if member.role == Role.LEAD and member.state == Standing.ACTIVE and has_lead:
            member.role = Role.BOARD
        member.partner = into
        member.save(update_fields=["partner", "role"])
    return moved


def _move_documents(other: Partner, into: Partner) -> list[int]:
    rows = Document.objects.filter(partner=other, removed_at__isnull=True)
    ids = list(rows.values_list("pk", flat=True))
    rows.update(partner=into)
    return ids


def may_undo(row: Merge, *, at: datetime) -> bool:
    last = row.at + timedelta(days=reference.amount("undo_merge", at=at))
    return row.undone_at is None and at < last


@transaction.atomic
def undo(*, merge: int, by: Person, at: datetime) -> None:
    """They were two after all: what went over goes back as far as it is still there. Raises `NotAllowed`."""
    row = Merge.objects.select_for_update().get(pk=merge)
    officer = as_city(by, about=row.kept_id)
    if not may_undo(row, at=at):
        raise NotAllowed("This merger can no longer be undone.")
    rows = (
        Partner.objects.select_for_update(of=("self",))
        .filter(pk__in=[row.kept_id, row.gone_id])
        .order_by("pk")
    )
    found = {one.pk: one for one in rows}
    into, other = found[row.kept_id], found[row.gone_id]
    if into.status == Status.MERGED:
        raise NotAllowed("What they became was merged again; undo that first.")
    other.status, other.merged_into, other.ended_at = row.moved["before"]["status"], None, None
    if row.moved["office"] and into.office_id == row.moved["office"]:
        into.office_id = None
        into.save(update_fields=["office"])
        other.office_id = row.moved["office"]
    other.save(update_fields=["status", "merged_into", "ended_at", "office"])
    _move_back(row, other)
    Document.objects.filter(pk__in=row.moved["documents"], partner=into).update(partner=other)
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    fact = events.MergeUndone(kept=into.pk, gone=other.pk, merge=row.pk)
    record(fact, partner=into, by=officer, at=at, office=office_of(by))


def _move_back(row: Merge, other: Partner) -> None:
    for pk, role, state, how in row.moved["members"]:
        member = Member.objects.filter(pk=pk).first()
        if member is None:
            continue
        if how == "moved":
            # Who has left meanwhile has left the one as well as the other.
            member.partner = other
            member.role = role if member.state in _OPEN else member.role
        else:
            member.state, member.ended_at = state, None
        member.save(update_fields=["partner", "role", "state", "ended_at"])


def known(*, besides: int | None = None) -> list[Known]:
    """The entries that are not over, as far as matching needs them. One query."""
    rows = Partner.objects.filter(ended_at__isnull=True)
    if besides is not None:
        rows = rows.exclude(pk=besides)
    columns = ("pk", "name_key", "legal_number", "contact_marks")
    return [
        Known(pk, key, number_key(number), frozenset(marks))
        for pk, key, number, marks in rows.order_by("pk").values_list(*columns)
    ]


def perhaps_the_same(row: Partner, *, limit: int = 5) -> list[tuple[Partner, str]]:
    """The entries that may be the same as one, with what speaks for it, the surest first."""
    own = Known(row.pk, row.name_key, number_key(row.legal_number), frozenset(row.contact_marks))
    found = doubles(own, known(besides=row.pk))[:limit]
    rows = Partner.objects.without_contacts().in_bulk([one.id for one in found])
    return [(rows[one.id], one.why) for one in found]

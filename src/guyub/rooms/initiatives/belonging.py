"""What is kept of a resident who promised: told to its owner, and let go with the account or when its time is over.

The promise itself stays, because sums stand on it; it is then nobody's. What was given for a partner is the partner's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from guyub.rooms.initiatives.models import Delivery, Note, Paper, Pledge, Proof
from guyub.rooms.needs.api import amount_said
from guyub.rooms.people import api as people

ERASED = "[dihapus]"


def tell(account: int) -> list[dict[str, Any]]:
    rows = Pledge.objects.filter(account=account).select_related("line__initiative", "partner")
    found = list(rows.order_by("made_at", "pk"))
    said: dict[int, list[str]] = {row.pk: [] for row in found}
    for note in Note.objects.filter(pledge__in=found, by=account).order_by("pk"):
        said[note.pledge_id].append(note.words)
    for proof in Proof.objects.filter(delivery__pledge__in=found, by=account).select_related("delivery"):
        if proof.delivery is not None and proof.words:
            said[proof.delivery.pledge_id].append(proof.words)
    return [
        {
            "prakarsa": row.line.initiative.title,
            "janji": f"{row.line.what}, {amount_said(row.promised, row.line.unit)}",
            "atas nama": row.partner.name if row.partner else "",
            "keadaan": row.state,
            "terbukti": amount_said(row.verified, row.line.unit) if row.verified else "",
            "tampil dengan nama": row.is_named,
            "kata": "\n".join(one for one in (row.words, row.conflict_words, *said[row.pk]) if one),
            "dijanjikan": people.stamp(row.made_at),
        }
        for row in found
    ]


def forget(account: int) -> None:
    forget_givers(Pledge.objects.filter(account=account, partner=None))


def forget_givers(rows: QuerySet[Pledge] | Iterable[Pledge]) -> None:
    """The promises of residents are nobody's from now on: no name, no words of theirs, no name on a certificate."""
    keys = [row.pk for row in rows]
    own = Pledge.objects.filter(pk__in=keys)
    accounts = list(own.exclude(account=None).values_list("account", flat=True))
    Note.objects.filter(pledge__in=keys, by__in=accounts).update(words=ERASED, by=None)
    Proof.objects.filter(delivery__pledge__in=keys, by__in=accounts).update(
        words="", public_words="", by=None
    )
    Delivery.objects.filter(pledge__in=keys, by__in=accounts).update(by=None)
    Paper.objects.filter(pledge__in=keys).update(is_named=False, by=None)
    own.filter(has_conflict=True).update(conflict_words=ERASED)
    own.update(account=None, is_named=False, words="")


people.register_own("janji dalam prakarsa", tell=tell, forget=forget)

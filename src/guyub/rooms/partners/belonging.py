"""What is kept of an account here: where it belongs and for whom it stood. Both rows go with the account.

A partner's contact is often one of its people: where it is the address that leaves, it leaves with the account.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from guyub.rooms.partners.models import Member, Partner, Vouch
from guyub.rooms.people import api as people

CONTACT = ["contact_name", "contact_email", "contact_phone", "contact_marks", "contact_is_public"]


def tell(account: int) -> list[dict[str, Any]]:
    members = Member.objects.filter(account=account).select_related("partner").order_by("asked_at", "pk")
    vouches = Vouch.objects.filter(account=account).select_related("partner", "speaks_for").order_by("at")
    return [
        {
            "mitra": row.partner.name,
            "peran": row.role,
            "keadaan": row.state,
            "kata": row.words,
            "diminta": people.stamp(row.asked_at),
            "berakhir": people.stamp(row.ended_at),
            "kontak mitra": _contact(row.partner) if row.state == "ACTIVE" else "",
        }
        for row in members
    ] + [
        {"menjamin": row.partner.name, "atas nama": row.speaks_for.name, "pada": people.stamp(row.at)}
        for row in vouches
    ]


def _contact(row: Partner) -> str:
    return ", ".join(one for one in (row.contact_name, row.contact_email, row.contact_phone) if one)


def forget(account: int) -> None:
    address = people.identity(account=account, contact=None).email.casefold()
    own = Q(founded_by=account) | Q(pk__in=Member.objects.filter(account=account).values("partner"))
    for row in Partner.objects.filter(own):
        if address and row.contact_email.casefold() == address:
            clear_contact(row)
            row.save(update_fields=CONTACT)


def clear_contact(row: Partner) -> None:
    """Nobody is named as the one to ask any more; the caller saves."""
    row.contact_name = row.contact_email = row.contact_phone = ""
    row.contact_marks, row.contact_is_public = [], False


people.register_own("mitra", tell=tell, forget=forget)

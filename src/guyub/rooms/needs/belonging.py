"""What is kept of an account here: what it offers and what it was asked. Both go with the account."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from guyub.rooms.needs.models import Ask, Offer
from guyub.rooms.needs.wording import amount_said
from guyub.rooms.people import api as people


def tell(account: int) -> list[dict[str, Any]]:
    offers = Offer.objects.filter(account=account).order_by("made_at", "pk")
    asks = Ask.objects.filter(Q(account=account) | Q(answered_by=account)).select_related("need")
    return [
        {
            "tawaran": row.what,
            "banyaknya": amount_said(row.amount, row.unit),
            "syarat": row.conditions,
            "wilayah": ", ".join(row.places),
            "dicatat": people.stamp(row.made_at),
            "diakhiri": people.stamp(row.ended_at),
        }
        for row in offers
    ] + [
        {
            "diajak untuk": row.need.title,
            "kata pengajak": row.words,
            "jawaban": row.answer,
            "kata Anda": row.answer_words,
            "diajak": people.stamp(row.asked_at),
            "dijawab": people.stamp(row.answered_at),
        }
        for row in asks.order_by("asked_at", "pk")
    ]


people.register_own("tawaran bantuan", tell=tell)

"""What of people is erased when its time is over (rulebook `retention`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guyub.kernel.retention import keeps
from guyub.rooms.partners import documents
from guyub.rooms.partners.belonging import CONTACT, clear_contact
from guyub.rooms.partners.models import Document, Member, Partner
from guyub.rooms.partners.rules import Standing


@keeps(
    "partner_requests",
    title=_("Permintaan bergabung dengan mitra yang tidak diterima"),
    since=_("permintaan diputuskan"),
)
def requests(*, before: datetime) -> QuerySet[Member]:
    return Member.objects.filter(state=Standing.DECLINED, decided_at__lt=before)


@keeps(
    "partner_people",
    title=_("Siapa yang pernah bergabung dengan mitra"),
    since=_("ia keluar atau mitranya ditutup"),
)
def people(*, before: datetime) -> QuerySet[Member]:
    return Member.objects.filter(state=Standing.ENDED, ended_at__lt=before)


def _erase_documents(rows: list[Any], at: datetime) -> None:
    documents.erase_pictures(rows)
    Document.objects.filter(pk__in=[row.pk for row in rows]).delete()


@keeps(
    "partner_documents",
    title=_("Dokumen mitra"),
    since=_("dihapus pengurusnya atau mitranya ditutup"),
    erase=_erase_documents,
)
def papers(*, before: datetime) -> QuerySet[Document]:
    return Document.objects.filter(Q(removed_at__lt=before) | Q(partner__ended_at__lt=before))


def _erase_contact(rows: list[Any], at: datetime) -> None:
    for row in rows:
        clear_contact(row)
        row.contact_erased = True
        row.save(update_fields=[*CONTACT, "contact_erased"])


@keeps(
    "partner_contacts",
    title=_("Kontak mitra yang sudah ditutup"),
    since=_("mitranya ditutup atau digabung"),
    erase=_erase_contact,
)
def contacts(*, before: datetime) -> QuerySet[Partner]:
    return Partner.objects.filter(ended_at__lt=before, contact_erased=False)

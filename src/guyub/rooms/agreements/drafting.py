"""A cooperation from its beginning to the signature's door: stages, documents, their words, parties and terms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guyub.events import agreements as events
from guyub.kernel.access.api import Person
from guyub.rooms.agreements import reference, rules, standing
from guyub.rooms.agreements.acting import Refused, as_officer, locked_cooperation, locked_document, record
from guyub.rooms.agreements.models import Cooperation, Document, Party, Version
from guyub.rooms.agreements.rules import Authority, State

MOST_PARTIES = 8


@transaction.atomic
def begin(
    *, title: str, kind: str, purpose: str, framework: str, office: int | None, by: Person, at: datetime
) -> Cooperation:
    """Begin a cooperation at the first stage of its type. Raises `NotAllowed` or `Refused`."""
    account = as_officer(by)
    known = reference.types(on=reference.today_of(at)).get(kind)
    if known is None:
        raise Refused(_("Pilih jenis kerja sama."), field="kind")
    row = Cooperation.objects.create(
        title=title,
        slug=_slug(title),
        kind=kind,
        purpose=purpose,
        framework=framework,
        office_id=office,
        stage=known.stages[0],
        begun_by_id=account,
        begun_at=at,
    )
    record(events.CooperationBegun(cooperation=row.pk, kind=kind), of=row, by=by, at=at)
    return row


def _slug(title: str) -> str:
    """An address made of the title, numbered where it is taken."""
    base = rules.folded(title).replace(" ", "-")[:60].strip("-") or "kerja-sama"
    base = f"{base}-1" if base in ("saya", "naskah") else base
    taken = set(Cooperation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 2, base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def describe(
    *, cooperation: int, title: str, purpose: str, framework: str, office: int | None, by: Person
) -> None:
    """Say anew what a cooperation is for."""
    as_officer(by)
    row = locked_cooperation(cooperation)
    row.title, row.purpose, row.framework, row.office_id = title, purpose, framework, office
    row.save(update_fields=["title", "purpose", "framework", "office"])


@transaction.atomic
def approve(
    *,
    cooperation: int,
    council_number: str,
    council_on: date | None,
    ministry_number: str,
    by: Person,
    at: datetime,
) -> None:
    """Write down the council's and the ministry's approval, where they are needed. Raises `Refused`."""
    as_officer(by)
    row = locked_cooperation(cooperation)
    if bool(council_number) != bool(council_on):
        raise Refused(_("Isi nomor dan tanggal persetujuan DPRD bersama-sama."), field="council_number")
    new = [
        ("COUNCIL", council_number, row.council_number),
        ("MINISTRY", ministry_number, row.ministry_number),
    ]
    row.council_number, row.council_on, row.ministry_number = council_number, council_on, ministry_number
    row.save(update_fields=["council_number", "council_on", "ministry_number"])
    for of, said, before in new:
        if said and said != before:
            record(events.ApprovalRecorded(cooperation=row.pk, of=of), of=row, by=by, at=at)


@transaction.atomic
def reach_next(*, cooperation: int, by: Person, at: datetime) -> str:
    """Go on to the next stage. Raises `Refused` while the present one lacks what it is for."""
    as_officer(by)
    row = locked_cooperation(cooperation)
    stages = standing.stages_of(row)
    new = rules.next_stage(stages, row.stage)
    if new is None:
        raise Refused(_("Ini tahap terakhir."))
    if rules.lacks(row.stage, standing.reached(row, at=at)):
        raise Refused(_("Tahap ini belum lengkap. Lihat apa yang kurang."))
    row.stage = new
    row.save(update_fields=["stage"])
    record(events.StageReached(cooperation=row.pk, stage=new), of=row, by=by, at=at)
    return new


@transaction.atomic
def draft(
    *, cooperation: int, kind: str, title: str, under: int | None, by: Person, at: datetime
) -> Document:
    """A new document whose clauses begin with what such a clause usually says. Raises `NotAllowed` or `Refused`."""
    account = as_officer(by)
    row, today = locked_cooperation(cooperation), reference.today_of(at)
    known = reference.kinds(on=today).get(kind)
    if known is None or kind not in reference.types(on=today)[row.kind].documents:
        raise Refused(_("Naskah ini tidak ada pada jenis kerja sama ini."), field="kind")
    above = Document.objects.filter(pk=under, cooperation=row).first() if under else None
    if known.under and (above is None or above.kind not in known.under):
        raise Refused(_("Pilih naskah yang dilaksanakan atau diubahnya."), field="under")
    made = Document.objects.create(
        cooperation=row, under=above if known.under else None, kind=kind, title=title, made_at=at
    )
    _parties_from(above, made)
    said = reference.starters(on=today) if kind != "ADDENDUM" else {}
    clauses = {code: said.get(code, "") for code in known.clauses}
    Version.objects.create(document=made, number=1, clauses=clauses, by_id=account, at=at)
    fact = events.DocumentDrafted(cooperation=row.pk, document=made.pk, kind=kind)
    record(fact, of=row, by=by, at=at)
    return made


def _parties_from(above: Document | None, made: Document) -> None:
    """The parties of the document above stand in the new one too, without numbers and signatories."""
    if above is not None:
        for party in Party.objects.filter(document=above).order_by("position"):
            Party.objects.create(
                document=made,
                position=party.position,
                is_city=party.is_city,
                partner_id=party.partner_id,
                name=party.name,
                post=party.post,
            )


@transaction.atomic
def write(
    *, document: int, clauses: Mapping[str, str], words: str, by: Person, at: datetime
) -> Version | None:
    """The next version of a draft's words; None if nothing changed. Raises `NotAllowed` once it is signed."""
    account = as_officer(by)
    row = locked_document(document, State.DRAFT)
    before = standing.newest(row)
    said = {code: clauses.get(code, text) for code, text in before.clauses.items()}
    if said == before.clauses:
        return None
    made = Version.objects.create(
        document=row, number=before.number + 1, clauses=said, words=words, by_id=account, at=at
    )
    fact = events.VersionWritten(cooperation=row.cooperation_id, document=row.pk, number=made.number)
    record(fact, of=row.cooperation, by=by, at=at)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What of a document is not in its clauses: scope line by line, cost, the days on which it holds."""

    title: str
    scope: Sequence[str] = ()
    cost: int = 0
    in_budget: bool = True
    starts_on: date | None = None
    ends_on: date | None = None


@transaction.atomic
def set_terms(*, document: int, said: Terms, by: Person) -> None:
    """Raises `NotAllowed` once the document is signed."""
    as_officer(by)
    row = locked_document(document, State.DRAFT)
    if said.starts_on and said.ends_on and said.ends_on < said.starts_on:
        raise Refused(_("Hari terakhir tidak mendahului hari pertama."), field="ends_on")
    for name, value in asdict(said).items():
        setattr(row, name, list(value) if name == "scope" else value)
    row.save(update_fields=list(asdict(said)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A party: the city (`is_city`), a partner by its address, or another in words."""

    name: str = ""
    is_city: bool = False
    partner: int | None = None
    number: str = ""
    signatory: str = ""
    post: str = ""
    authority: str = Authority.HEAD
    proxy: str = ""


@transaction.atomic
def set_party(*, document: int, said: Side, by: Person, party: int | None = None) -> Party:
    """Add a party to a draft, or say anew who it is. Raises `NotAllowed` or `Refused`."""
    as_officer(by)
    row = locked_document(document, State.DRAFT)
    if party is None:
        there = Party.objects.filter(document=row)
        if there.count() >= MOST_PARTIES:
            raise Refused(_("Terlalu banyak pihak."), field="name")
        position = (there.aggregate(last=Max("position"))["last"] or 0) + 1
        found = Party(document=row, position=position)
    else:
        found = Party.objects.get(pk=party, document=row)
    values = asdict(said)
    found.partner_id = values.pop("partner")
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    return found


@transaction.atomic
def remove_party(*, party: int, by: Person) -> None:
    as_officer(by)
    found = Party.objects.get(pk=party)
    locked_document(found.document_id, State.DRAFT)
    found.delete()


def scope_lines(text: str) -> list[str]:
    """A scope as people write it, one line each, without their own numbering."""
    lines = (
        re.sub(r"^\s*(?:\(?[a-z0-9]{1,2}[.)]|[-•*])\s+", "", line, flags=re.I).strip()
        for line in text.split("\n")
    )
    return [line[:200] for line in lines if line][:40]

"""An incident begins, is held, ends, begins again; the city shows it; a warning proposes one and a person decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import Event
from guyub.events import incidents as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.ledger import api as ledger
from guyub.rooms.incidents import playing, reference
from guyub.rooms.incidents.acting import (
    Refused,
    add_line,
    commanders,
    exercise_mark,
    locked,
    may_run,
    needs_words,
    place_of,
    record,
    runs,
    tell,
)
from guyub.rooms.incidents.models import Holder, Incident, Proposal, Source
from guyub.rooms.incidents.rules import CALLED, Mode, Move, Post, State, after
from guyub.rooms.places import api as places
from guyub.rooms.warnings import api as warnings

MOST_SOURCES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is said of an incident when it begins. `sources` are subjects as the ledger names them."""

    kind: str
    title: str
    places: tuple[str, ...]
    level: str = "SIAGA"
    mode: str = Mode.ACTUAL.value
    sources: tuple[str, ...] = ()


def _checked(said: Opening, *, at: datetime) -> Opening:
    """Raises `Refused` for what no incident can be."""
    known = places.gazetteer().by_code
    codes = tuple(sorted(set(said.places)))
    if said.kind not in reference.kinds(at=at):
        raise Refused(_("Jenis insiden ini tidak ada di aturan kota."), field="kind")
    if not said.title.strip():
        raise Refused(_("Beri nama insiden ini."), field="title")
    if not codes or any(code not in known for code in codes):
        raise Refused(_("Pilih sedikitnya satu wilayah di daerah ini."), field="places")
    if said.level not in CALLED:
        raise Refused(_("Pilih tingkat: Waspada, Siaga, atau Awas."), field="level")
    return Opening(
        kind=said.kind,
        title=said.title.strip()[:120],
        places=codes,
        level=said.level,
        mode=Mode(said.mode).value,
        sources=tuple(dict.fromkeys(said.sources))[:MOST_SOURCES],
    )


@transaction.atomic
def open_incident(*, said: Opening, by: Person, at: datetime, token: UUID | None = None) -> Incident:
    """Begin an incident; who opens it commands it until they hand it over.

    The same form again, or a source that a going incident rests on already, comes back to that incident.
    Raises `NotAllowed`, `Refused`.
    """
    said = _checked(said, at=at)
    account = may_run(by, said.places)
    if before := _before(said.sources, token, by):
        return before
    try:
        with transaction.atomic():
            row = _made(said, account, token or uuid4(), at=at)
    except IntegrityError:  # somebody else opened it between our question and our answer
        if before := _before(said.sources, token, by):
            return before
        raise
    fact = events.IncidentOpened(
        incident=row.pk,
        kind=row.kind,
        mode=row.mode,
        level=row.level,
        places=len(row.places),
        sources=len(said.sources),
    )
    record(fact, row=row, by=account, at=at)
    held = events.PostTaken(incident=row.pk, post=Post.COMMAND, account=account, before=None)
    record(held, row=row, by=account, at=at)
    playing.lay_out(row, level=row.level, by=account, at=at)
    return row


def _before(sources: Iterable[str], token: UUID | None, by: Person) -> Incident | None:
    row = Incident.objects.filter(token=token).first() if token else None
    found = (
        row
        or Incident.objects.filter(
            sources__subject__in=list(sources), sources__is_open=True, closed_at__isnull=True
        )
        .order_by("pk")
        .first()
    )
    if found is not None and not runs(by, found.places):
        raise NotAllowed("This incident is another's.")
    return found


def _made(said: Opening, account: int, token: UUID, *, at: datetime) -> Incident:
    row = Incident.objects.create(
        year=reference.today(at).year,
        kind=said.kind,
        title=said.title,
        places=list(said.places),
        level=said.level,
        mode=said.mode,
        token=token,
        opened_at=at,
        opened_by=account,
    )
    Source.objects.bulk_create(Source(incident=row, subject=subject) for subject in said.sources)
    Holder.objects.create(incident=row, post=Post.COMMAND, account=account, from_at=at)
    return row


@transaction.atomic
def add_source(*, incident: int, source: str, by: Person, at: datetime) -> None:
    """Something more that it rests on. Raises `NotAllowed`, `Refused`."""
    row = locked(incident, by=by)
    if Source.objects.filter(incident=row, subject=source).exists():
        return
    if Source.objects.filter(subject=source, is_open=True).exists():
        raise Refused(_("Ini sudah menjadi dasar insiden lain yang masih berjalan."), field="source")
    Source.objects.create(incident=row, subject=source[:120])
    record(events.SourceAdded(incident=row.pk, source=source[:120]), row=row, by=by.acting, at=at)


# ── States ─────────────────────────────────────────────────────────────────────────────────────────────────

_FACTS: dict[Move, type[Event]] = {
    Move.CONTAIN: events.IncidentContained,
    Move.WORSEN: events.IncidentWorsened,
    Move.CLOSE: events.IncidentClosed,
    Move.REOPEN: events.IncidentReopened,
}


@transaction.atomic
def move(*, incident: int, to: Move, reason: str, by: Person, at: datetime) -> None:
    """Held, not held any more, closed, opened again; the reason stands in the log. Raises `NotAllowed`, `Refused`."""
    row = locked(incident, by=by, live=False)
    words = needs_words(reason)
    try:
        row.state = after(to, row.state).value
    except ValueError as problem:
        raise NotAllowed(str(problem)) from None
    if to == Move.CLOSE:
        _may_close(row)
    row.contained_at = at if to == Move.CONTAIN else row.contained_at if row.state == State.CLOSED else None
    row.closed_at = at if row.state == State.CLOSED else None
    row.save(update_fields=["state", "contained_at", "closed_at"])
    if to == Move.CLOSE:
        row.sources.update(is_open=False)
    elif to == Move.REOPEN:
        _take_sources_back(row)
    line = add_line(row, words, by=by.acting, at=at)
    record(_FACTS[to](incident=row.pk, line=line.pk), row=row, by=by.acting, at=at)  # type: ignore[call-arg]


def _may_close(row: Incident) -> None:
    """Nobody is left in a shelter, and no task hangs in the air."""
    if row.tasks.filter(state="OPEN").exists():
        raise Refused(_("Masih ada tugas yang terbuka. Selesaikan atau batalkan dengan alasan dahulu."))
    if row.shelters.filter(closed_at__isnull=True).exists():
        raise Refused(_("Masih ada titik pengungsian yang buka. Tutup dahulu setelah kosong."))


def _take_sources_back(row: Incident) -> None:
    """What another incident rests on by now stays there."""
    taken = Source.objects.filter(is_open=True).values("subject")
    row.sources.exclude(subject__in=taken).update(is_open=True)


@transaction.atomic
def show(*, incident: int, is_public: bool, words: str, contact: str, by: Person, at: datetime) -> None:
    """Make a public page of it, change what it says, or take it back. Raises `NotAllowed`, `Refused`."""
    row = locked(incident, by=by, live=False)
    if is_public and not words.strip():
        raise Refused(_("Tulis apa yang perlu diketahui warga."), field="words")
    is_news = is_public or row.is_public  # words that nobody could read end no announcement
    row.is_public = is_public
    row.public_words, row.contact = words.strip(), contact.strip()[:200]
    row.save(update_fields=["is_public", "public_words", "contact"])
    if is_news:
        record(events.IncidentShown(incident=row.pk, is_public=is_public), row=row, by=by.acting, at=at)


# ── Proposals ──────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def propose(
    *, warning: int, number: str, kind: str, level: str, mode: str, areas: Iterable[str], at: datetime
) -> Proposal | None:
    """A warning was issued at a level: people are asked whether to open an incident. Once for each level."""
    made, is_new = Proposal.objects.get_or_create(
        warning=warning,
        level=level,
        defaults={
            "number": number,
            "kind": kind,
            "mode": mode,
            "places": sorted(set(areas)),
            "made_at": at,
        },
    )
    if not is_new:
        return None
    fact = events.ResponseProposed(proposal=made.pk, warning=warning, kind=kind, level=level, mode=mode)
    ledger.record(fact, subject=made.subject, at=at, by=None, place=place_of(made.places))
    with override("id"):
        tell(
            commanders(at=at),
            f"incident-proposed:{made.pk}",
            subject=_("%(exercise)sUsulan penanganan %(level)s: %(kind)s")
            % {"exercise": exercise_mark(mode), "level": level, "kind": reference.label_of(kind, at=at)},
            body=_(
                "Peringatan %(number)s terbit. Putuskan apakah insiden dibuka dan langkah panduannya dijalankan. "
                "Tidak ada yang berjalan sendiri."
            )
            % {"number": number},
            link="/petugas/insiden/",
            at=at,
        )
    return made


def _undecided(proposal: int, by: Person) -> Proposal:
    row = Proposal.objects.select_for_update().get(pk=proposal)
    may_run(by, row.places)
    if row.decided_at:
        raise Refused(_("Usulan ini sudah diputuskan orang lain."))
    return row


@transaction.atomic
def accept(*, proposal: int, by: Person, at: datetime) -> Incident:
    """Open the incident that a warning proposed, or lay out the steps of the higher level in the one that goes on.

    Raises `NotAllowed`, `Refused` when somebody else has decided.
    """
    row = _undecided(proposal, by)
    with override("id"):
        title = _("%(kind)s, peringatan %(number)s") % {
            "kind": reference.label_of(row.kind, at=at),
            "number": row.number,
        }
    if any(one.id == row.warning and one.facts.get("simulated") for one in warnings.open_warnings()):
        title = f"SIMULASI: {title}"  # wherever its name goes: to offices, partners and residents
    said = Opening(
        kind=row.kind,
        title=title,
        places=tuple(row.places),
        level=row.level,
        mode=row.mode,
        sources=(f"warnings.warning:{row.warning}",),
    )
    found = open_incident(said=said, by=by, at=at)
    held = locked(found.pk, by=by)
    playing.lay_out(held, level=row.level, by=by.acting, at=at)
    row.incident, row.decided_at, row.decided_by = held, at, by.acting
    row.save(update_fields=["incident", "decided_at", "decided_by"])
    return held


@transaction.atomic
def lapse(*, warning: int, at: datetime) -> None:
    """A warning is over: what it proposed and nobody decided waits no longer."""
    for row in Proposal.objects.select_for_update().filter(warning=warning, decided_at__isnull=True):
        row.decided_at = at
        row.save(update_fields=["decided_at"])
        fact = events.ResponseLapsed(proposal=row.pk, warning=warning)
        ledger.record(fact, subject=row.subject, at=at, by=None, place=place_of(row.places))


@transaction.atomic
def decline(*, proposal: int, reason: str, by: Person, at: datetime) -> None:
    """Open nothing, with a reason. Raises `NotAllowed`, `Refused`."""
    row = _undecided(proposal, by)
    row.reason = needs_words(reason)
    row.decided_at, row.decided_by = at, by.acting
    row.save(update_fields=["reason", "decided_at", "decided_by"])
    fact = events.ResponseDeclined(proposal=row.pk, warning=row.warning)
    ledger.record(fact, subject=row.subject, at=at, by=by.acting, place=place_of(row.places))

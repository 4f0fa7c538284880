"""A message is written: by a program that sees something coming or by an officer; then its words are worked on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import warnings as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.rooms.places import api as places
from guyub.rooms.warnings import reference, words
from guyub.rooms.warnings.acting import (
    Refused,
    desk_link,
    holders,
    keep_words,
    locked,
    must,
    record,
    roles,
    tell,
)
from guyub.rooms.warnings.models import Ask, Chain, Message, Text
from guyub.rooms.warnings.rules import PENDING, WARNED, Kind, Level, Mode, Move, Said, State, after, is_news


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a message says of level, area and time, what it rests on, and (for officers) how likely it is."""

    level: str
    areas: tuple[str, ...]
    onset: datetime
    expires: datetime
    facts: Mapping[str, Any]
    probability: float | None = None
    is_observed: bool = False

    @property
    def said(self) -> Said:
        return Said(self.level, frozenset(self.areas), self.onset, self.expires)


def said_of(row: Message) -> Said:
    return Said(row.level, frozenset(row.areas), row.onset, row.expires)


def _checked(content: Content, hazard: str, *, at: datetime) -> Content:
    """Raises `Refused` for what no warning can say."""
    known = places.gazetteer().by_code
    areas = tuple(sorted(set(content.areas)))
    if hazard not in reference.hazards(at=at):
        raise Refused(_("Jenis bahaya ini tidak ada di aturan kota."), field="hazard")
    if content.level not in set(WARNED):
        raise Refused(_("Pilih tingkat: Waspada, Siaga, atau Awas."), field="level")
    if not areas or any(code not in known or not known[code].is_settlement for code in areas):
        raise Refused(_("Pilih sedikitnya satu kelurahan atau desa di daerah ini."), field="areas")
    if content.expires <= content.onset or content.expires <= at:
        raise Refused(_("Waktu berakhir harus sesudah waktu mulai dan belum lewat."), field="expires")
    if content.expires - max(content.onset, at) > reference.hours("lasts_at_most", at=at):
        raise Refused(
            _("Satu peringatan paling lama %(hours)d jam. Terbitkan yang berikutnya sebagai pembaruan.")
            % {"hours": reference.amount("lasts_at_most", at=at)},
            field="expires",
        )
    return Content(
        level=Level(content.level).value,
        areas=areas,
        onset=content.onset,
        expires=content.expires,
        facts=_plain(content.facts),
        probability=content.probability,
        is_observed=content.is_observed,
    )


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts are plain values. Raises TypeError."""
    for key, value in facts.items():
        if not isinstance(key, str) or not isinstance(value, str | int | float | bool | None):
            raise TypeError(f"facts hold plain values by name, not {key!r}: {type(value).__name__}")
    return dict(facts)


WITHDRAWN = "WITHDRAW"


# ── By a program, or by an officer ─────────────────────────────────────────────────────────────────────────


def draft(
    *,
    source: str,
    hazard: str,
    content: Content,
    by: Person | None,
    at: datetime,
    mode: str = Mode.ACTUAL,
    tell_public: bool | None = None,
) -> Message:
    """Write a warning down, or come back to the one that its source has open.

    Of an open one a program may renew its own draft that nobody touched, and drafts an update when what is in force
    says something else by now. What people work on is left alone. Raises `Refused`, `NotAllowed`.
    """
    content = _checked(content, hazard, at=at)
    if by is not None:
        must(by, roles.WARN, content.areas)
    with transaction.atomic():
        chain = Chain.objects.select_for_update().filter(source=source, closed_at__isnull=True).first()
        if chain is not None:
            return _again(chain, content, by=by, at=at)
        try:
            with transaction.atomic():
                chain = Chain.objects.create(
                    source=source,
                    year=reference.today(at).year,
                    hazard=hazard,
                    mode=Mode(mode).value,
                    tell_public=mode == Mode.ACTUAL if tell_public is None else tell_public,
                    opened_at=at,
                )
        except IntegrityError:  # somebody else opened it between our question and our answer
            chain = Chain.objects.select_for_update().get(source=source, closed_at__isnull=True)
            return _again(chain, content, by=by, at=at)
        return _write(chain, Kind.ALERT, content, by=by, at=at)


def _again(chain: Chain, content: Content, *, by: Person | None, at: datetime) -> Message:
    rows = list(Message.objects.filter(chain=chain).order_by("-serial"))
    for row in rows:
        row.chain = chain
    pending = next((row for row in rows if row.state in PENDING), None)
    news = reference.amount("news_from", at=at)
    if pending is not None:
        untouched = pending.author is None and pending.touched_by is None
        renewable = untouched and pending.state == State.DRAFT and pending.kind != Kind.CANCEL
        differs = said_of(pending) != content.said or pending.facts != content.facts
        if by is None and renewable and differs:
            _rewrite(pending, content, by=None, at=at)
        return pending
    issued = next((row for row in rows if row.state == State.ISSUED), rows[0])
    if is_news(said_of(issued), content.said, minutes=news):
        return _write(chain, Kind.UPDATE, content, by=by, at=at)
    return issued


def _write(
    chain: Chain, kind: Kind, content: Content, *, by: Person | None, at: datetime, reason: str = ""
) -> Message:
    last = Message.objects.filter(chain=chain).order_by("-serial").values_list("serial", flat=True).first()
    row = Message.objects.create(
        chain=chain,
        serial=(last or 0) + 1,
        kind=kind,
        author=by.acting if by else None,
        drafted_at=at,
        level=content.level,
        areas=list(content.areas),
        onset=content.onset,
        expires=content.expires,
        facts=dict(content.facts),
        probability=content.probability,
        is_observed=content.is_observed,
    )
    if reason:
        keep_words(row, "CANCEL", reason, by=row.author, at=at)
    _ready_texts(row, reason=reason, at=at)
    fact = events.WarningDrafted(
        warning=chain.pk,
        message=row.pk,
        kind=kind,
        hazard=chain.hazard,
        level=row.level,
        mode=chain.mode,
        areas=len(row.areas),
    )
    record(fact, message=row, by=row.author, at=at)
    if by is None:
        _tell_duty(row, at=at)
    return row


def _ready_texts(row: Message, *, reason: str = "", at: datetime) -> None:
    made = words.ready(row.chain, row, reason=reason, at=at)
    _keep_texts(row, made, by=None, at=at)


def _keep_texts(row: Message, bodies: Mapping[words.Key, str], *, by: int | None, at: datetime) -> None:
    Text.objects.bulk_create(
        Text(
            message=row,
            version=row.text_version,
            channel=channel,
            language=language,
            body=body,
            by=by,
            at=at,
        )
        for (channel, language), body in bodies.items()
    )


def _tell_duty(row: Message, *, at: datetime) -> None:
    """A program proposes, people on duty look at it."""
    with override("id"):
        hazard = reference.hazards(at=at)[row.chain.hazard].label("id")
        subject = _("%(exercise)sRancangan peringatan %(level)s: %(hazard)s") % {
            "exercise": words.mark(row),
            "level": row.level,
            "hazard": hazard,
        }
        body = _(
            "Sistem menyusun rancangan peringatan. Periksa, ubah bila perlu, lalu minta persetujuan. "
            "Tidak ada yang terkirim sebelum itu."
        )
    tell(
        holders(roles.WARN, at=at),
        f"warning-draft:{row.pk}",
        subject,
        body,
        link=desk_link(row),
        at=at,
    )


# ── Working on it ──────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def change(*, message: int, content: Content, by: Person, at: datetime) -> Message:
    """Change what a draft says; its words are made anew from the templates. Raises `NotAllowed`, `Refused`."""
    row = locked(message, Move.CHANGE)
    must(by, roles.WARN, [*row.areas, *content.areas])
    if row.kind == Kind.CANCEL:
        raise Refused(_("Pencabutan mengikuti peringatan yang dicabutnya."))
    checked = _checked(content, row.chain.hazard, at=at)
    row.is_observed = checked.is_observed
    _rewrite(row, checked, by=by.acting, at=at)
    return row


def _rewrite(row: Message, content: Content, *, by: int | None, at: datetime) -> None:
    row.level, row.areas = content.level, list(content.areas)
    row.onset, row.expires = content.onset, content.expires
    row.facts, row.is_observed = dict(content.facts), content.is_observed
    row.probability = content.probability
    row.text_version += 1
    if by is not None:
        row.touched_by = by
    row.save()
    _ready_texts(row, at=at)
    record(
        events.DraftChanged(warning=row.chain_id, message=row.pk, texts=row.text_version),
        message=row,
        by=by,
        at=at,
    )


@transaction.atomic
def change_texts(
    *, message: int, bodies: Mapping[words.Key, str], by: Person, at: datetime
) -> dict[words.Key, list[str]]:
    """Put other words in the place of the ready ones. Returns what is wrong with them, by channel and language; then
    nothing was kept. Words that are not given stay. Raises `NotAllowed`."""
    row = locked(message, Move.CHANGE)
    account = must(by, roles.WARN, row.areas)
    before = words.texts_of(row)
    given = {key: body.replace("\r\n", "\n").strip() for key, body in bodies.items() if key in before}
    wrong = {
        key: [str(one) for one in found]
        for key, body in given.items()
        if (found := words.faults(row.chain, row, key[0], body, at=at))
    }
    if wrong or all(before[key] == body for key, body in given.items()):
        return wrong
    row.text_version += 1
    row.touched_by = account
    row.save(update_fields=["text_version", "touched_by"])
    _keep_texts(row, {**before, **given}, by=account, at=at)
    record(
        events.DraftChanged(warning=row.chain_id, message=row.pk, texts=row.text_version),
        message=row,
        by=account,
        at=at,
    )
    return {}


# ── Following what is in force ─────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def draft_update(*, warning: int, content: Content, by: Person | None, at: datetime) -> Message:
    """A message that shall take the place of the one in force. Raises `NotAllowed`, `Refused`."""
    chain, issued, waiting = _in_force(warning)
    if waiting is not None:
        raise Refused(_("Masih ada pesan lain dari peringatan ini yang belum selesai."))
    content = _checked(content, chain.hazard, at=at)
    if by is not None:
        must(by, roles.WARN, [*issued.areas, *content.areas])
    return _write(chain, Kind.UPDATE, content, by=by, at=at)


@transaction.atomic
def draft_cancel(*, warning: int, reason: str, by: Person | None, at: datetime) -> Message:
    """The all-clear before its time, with a reason that everyone reads. An update that waits gives way to it: whoever
    calls a warning off does not want it to go on. A program lets what people work on stand. Raises `NotAllowed`,
    `Refused`.
    """
    chain, issued, waiting = _in_force(warning)
    if by is not None:
        must(by, roles.WARN, issued.areas)
    if not reason.strip():
        raise Refused(_("Tulis mengapa peringatan dicabut; warga akan membacanya."), field="reason")
    if waiting is not None:
        if by is None or waiting.kind == Kind.CANCEL:
            raise Refused(_("Masih ada pesan lain dari peringatan ini yang belum selesai."))
        with override("id"):
            instead = _("Diganti pencabutan: %(reason)s") % {"reason": reason.strip()}
        reject(message=waiting.pk, reason=instead, by=by, at=at)
    content = Content(
        level=issued.level,
        areas=tuple(issued.areas),
        onset=issued.onset,
        expires=issued.expires,
        facts=issued.facts,
        is_observed=issued.is_observed,
    )
    return _write(chain, Kind.CANCEL, content, by=by, at=at, reason=reason.strip())


def _in_force(warning: int) -> tuple[Chain, Message, Message | None]:
    """A warning that is in force, its row held, and the message of it that waits, if any."""
    chain = Chain.objects.select_for_update().get(pk=warning)
    rows = list(Message.objects.filter(chain=chain))
    issued = next((row for row in rows if row.state == State.ISSUED), None)
    if issued is None:
        raise Refused(_("Peringatan ini tidak sedang berlaku."))
    issued.chain = chain
    return chain, issued, next((row for row in rows if row.state in PENDING), None)


@transaction.atomic
def reject(*, message: int, reason: str, by: Person, at: datetime) -> Message:
    """A message is not sent at all, with a reason for the record. Raises `NotAllowed`, `Refused`."""
    row = locked(message, Move.REJECT)
    if not (by.can(roles.WARN) or by.can(roles.APPROVE_WARNING)):
        raise NotAllowed("This person has no authority over warnings.")
    if not reason.strip():
        raise Refused(_("Tulis alasannya."), field="reason")
    row.state, row.ended_at = after(Move.REJECT, row.state).value, at
    row.save(update_fields=["state", "ended_at"])
    lapse_asks(row, at=at)
    note = keep_words(row, "REJECT", reason, by=by.acting, at=at)
    record(
        events.WarningRejected(warning=row.chain_id, message=row.pk, note=note),
        message=row,
        by=by.acting,
        at=at,
    )
    close_if_idle(row.chain, at=at)
    return row


@transaction.atomic
def withdraw(*, source: str, reason: str, at: datetime) -> bool:
    """A program does not stand by its draft any more; whether there was one. What people have changed is theirs, and
    an all-clear is no draft of a danger: both stay. Whoever was asked to approve it hears that they need not."""
    chain = Chain.objects.select_for_update().filter(source=source, closed_at__isnull=True).first()
    rows = Message.objects.filter(
        chain=chain, state__in=PENDING, author__isnull=True, touched_by__isnull=True
    ).exclude(kind=Kind.CANCEL)
    found = rows.first() if chain else None
    if found is None:
        return False
    row = locked(found.pk, Move.WITHDRAW)
    asked = set(Ask.objects.filter(message=row, answer="").values_list("account", flat=True))
    row.state, row.ended_at = after(Move.WITHDRAW, row.state).value, at
    row.save(update_fields=["state", "ended_at"])
    lapse_asks(row, at=at)
    note = keep_words(row, WITHDRAWN, reason, by=None, at=at)
    fact = events.DraftWithdrawn(warning=row.chain_id, message=row.pk, note=note)
    record(fact, message=row, by=None, at=at)
    with override("id"):
        subject = _("Rancangan peringatan %(number)s ditarik") % {"number": row.chain.number}
        body = _("Tidak ada yang perlu disetujui lagi. %(reason)s") % {"reason": reason}
    told = asked | ({row.asked_by} if row.asked_by else set())
    tell(sorted(told), f"warning-withdrawn:{row.pk}", subject, body, link=desk_link(row), at=at)
    close_if_idle(row.chain, at=at)
    return True


def lapse_asks(row: Message, *, at: datetime) -> None:
    """Nobody has to answer any more: their links say so."""
    Ask.objects.filter(message=row, answer="").update(answer=Ask.Answer.LAPSED, answered_at=at)


def close_if_idle(chain: Chain, *, at: datetime) -> None:
    """A warning with nothing in force and nothing waiting is over; its source may open another."""
    alive: Iterable[str] = (State.ISSUED.value, *(state.value for state in PENDING))
    if chain.closed_at is None and not Message.objects.filter(chain=chain, state__in=alive).exists():
        chain.closed_at = at
        chain.save(update_fields=["closed_at"])

"""Telling people of a meeting and of what they must do: once each, by mail, without anybody's name in it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.kernel.cities.api import get_city
from guyub.kernel.notices import api as notices
from guyub.rooms.meetings.models import FollowUp, Meeting, State
from guyub.rooms.meetings.subjects import Subject
from guyub.ui.rows import day_in_words


def when_in_words(row: Meeting) -> str:
    """`Jumat, 20 November 2026, 10.00–12.00` by the city's clock."""
    tz = get_city().tz
    begins, ends = row.starts_at.astimezone(tz), row.ends_at.astimezone(tz)
    until = f"{ends:%H.%M}" if begins.date() == ends.date() else f"{day_in_words(ends.date())} {ends:%H.%M}"
    return f"{day_in_words(begins.date(), 'l, j F Y')}, {begins:%H.%M}–{until}"


def invite(row: Meeting, subject: Subject, *, at: datetime) -> None:
    with override("id"):
        words = _("Undangan: %(title)s") % {"title": row.title}
        _tell(row, subject, words, at=at)


def tell_of_change(row: Meeting, subject: Subject, *, at: datetime) -> None:
    with override("id"):
        said = _("Dibatalkan: %(title)s") if row.state == State.CANCELLED else _("Diubah: %(title)s")
        _tell(row, subject, said % {"title": row.title}, at=at)


def _tell(row: Meeting, subject: Subject, words: str, *, at: datetime) -> None:
    items = [f"{item.position}. {item.title}" for item in row.agenda.order_by("position")]
    parts = [subject.title, when_in_words(row), row.venue, row.cancel_reason, "\n".join(items)]
    for account in sorted({one for member in subject.members() for one in subject.accounts_of(member.party)}):
        notices.notify(
            key=f"meeting:{row.pk}:{row.sequence}:{account}",
            recipient=f"account:{account}",
            subject=words,
            body="\n\n".join(part for part in parts if part),
            link=f"/rapat/{row.uuid}/",
            at=at,
        )


def tell_owner(row: FollowUp, subject: Subject, *, at: datetime) -> None:
    """Those who stand for the owner hear what was agreed."""
    with override("id"):
        for account in sorted(set(subject.accounts_of(row.owner))):
            notices.notify(
                key=f"follow_up:{row.pk}:{account}",
                recipient=f"account:{account}",
                subject=_("Tindak lanjut untuk Anda: %(subject)s") % {"subject": subject.title},
                body=_("%(what)s\n\nPaling lambat %(day)s.")
                % {"what": row.what, "day": day_in_words(row.due_on)},
                link=f"/rapat/tindak-lanjut/{row.uuid}/",
                at=at,
            )

"""`guyub mail-in`: reports by mail, one from a pipe of the mail server, or all that wait in a Maildir or by IMAP.

Ends with 75 (try again later) where the city cannot take it now, so that the mail server keeps the mail; else with 0,
also for what is no report: an error would send a bounce to whoever a forger named.
"""

from __future__ import annotations

import mailbox
import sys

import django

from guyub.launch.arguments import parser

TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h, which Postfix, Exim and Sendmail read


def run(args: list[str]) -> int:
    options = parser(
        "mail-in",
        "Take reports in by mail: one from standard input, or all new ones of a Maildir or mailbox.",
    )
    options.add_argument("--city", required=True, help="slug or code")
    options.add_argument("--maildir", help="a folder with new, cur and tmp")
    options.add_argument("--imap", action="store_true", help="the mailbox that GUYUB_DOORS names")
    chosen = options.parse_args(args)
    django.setup()
    from django.db import DatabaseError

    from guyub.kernel.cities import api as cities

    try:
        with cities.inside(cities.get_city_by_slug(chosen.city)):
            if chosen.imap:
                return _fetch()
            return _poll(chosen.maildir) if chosen.maildir else _take(_read_stdin())
    except LookupError as problem:
        print(problem, file=sys.stderr)
        return TRY_LATER
    except (DatabaseError, OSError) as problem:
        print(type(problem).__name__, file=sys.stderr)
        return TRY_LATER


def _read_stdin() -> bytes:
    from guyub.rooms.reports import api as reports

    return sys.stdin.buffer.read(reports.MOST_MAIL_BYTES + 1)


def _take(raw: bytes) -> int:
    from django.utils import timezone

    from guyub.rooms.reports import api as reports

    outcome = reports.receive_mail(raw=raw, at=timezone.now())
    print(outcome.value, file=sys.stderr)  # no word of the mail: the mail server writes this down
    return TRY_LATER if outcome is reports.MailOutcome.TOO_MANY else 0


def _fetch() -> int:
    """Each new mail of the mailbox once; the worker does the same with every sweep."""
    from django.utils import timezone

    from guyub.rooms.reports import api as reports

    try:
        found = reports.fetch_mail(at=timezone.now())
    except (reports.MailboxUnavailable, reports.BadSettings) as problem:
        print(problem, file=sys.stderr)
        return TRY_LATER
    for outcome in found:
        print(outcome.value, file=sys.stderr)
    return TRY_LATER if reports.MailOutcome.TOO_MANY in found else 0


def _poll(folder: str) -> int:
    """Each new mail once; what must wait stays new."""
    box, code = mailbox.Maildir(folder, create=False), 0
    for key, message in box.items():
        if message.get_subdir() != "new":
            continue
        if _take(box.get_bytes(key)):
            code = TRY_LATER
            continue
        message.set_subdir("cur")
        message.add_flag("S")
        box[key] = message
    return code

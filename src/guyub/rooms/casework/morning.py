"""Each working morning one notice to the head of each office: what came in since the last one, and what is late.

Nothing new and nothing late is no notice. Whoever wants none says so on their own page. Hazards never wait for it.
"""

from __future__ import annotations

from datetime import date, datetime, time

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.kernel import tasks
from guyub.kernel.access.api import ROLES, Person, roles
from guyub.kernel.calendar import ONE_DAY, local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.notices import api as notices
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework.models import Case, HandOver
from guyub.rooms.casework.wording import DueTeller
from guyub.rooms.people import api as people

MORNING = "morning"
HEADS = frozenset(role.code for role in ROLES.values() if roles.APPROVE_SCHEDULE in role.powers)
LISTED = 10


def is_head(person: Person) -> bool:
    return any(grant.role in HEADS for grant in person.grants)


def is_time(*, at: datetime) -> bool:
    """Whether the hour of a working day has come, by the clock of the city."""
    today = local_date(at, get_city().tz)
    return _is_working_day(today) and at >= _hour_of(today)


def _hour_of(day: date) -> datetime:
    hour = rulebook.rule("notices.morning_hour", on=day).value["amount"]
    return datetime.combine(day, time(hour), tzinfo=get_city().tz)


def tell_heads(*, at: datetime) -> int:
    """Tell the heads who were not told today, if it is time; returns how many were."""
    if not is_time(at=at):
        return 0
    today = local_date(at, get_city().tz)
    since = _hour_of(_working_day_before(today))
    offices = sorted(set(_wanting(since, at).values_list("office_id", flat=True)))
    return sum(_tell_office(office, today, since, at) for office in offices)


def _is_working_day(day: date) -> bool:
    """A year without a decree is known by its weekends alone."""
    return rulebook.calendar().add_working_days_provisional(day - ONE_DAY, 1).date == day


def _working_day_before(day: date) -> date:
    day -= ONE_DAY
    while not _is_working_day(day):
        day -= ONE_DAY
    return day


def _new(since: datetime) -> Q:
    given = HandOver.objects.filter(case=OuterRef("pk"), to_office=OuterRef("office"), at__gte=since)
    return Q(received_at__gte=since) | Q(Exists(given))


def _wanting(since: datetime, at: datetime):
    return Case.objects.filter(_new(since) | Q(due_at__lt=at), is_open=True)


@transaction.atomic
def _tell_office(office: int, today: date, since: datetime, at: datetime) -> int:
    heads = people.accounts_with(roles=HEADS, organisation=office, on=today)
    wanted = [one for one in heads if not notices.is_silent(recipient=f"account:{one}", topic=MORNING)]
    if not wanted or office not in people.directory().by_id:
        return 0
    rows = _wanting(since, at).filter(office=office)
    late = list(rows.filter(due_at__lt=at).order_by("due_at", "pk").values_list("number", "due_at"))
    fresh = rows.filter(_new(since)).order_by(F("due_at").asc(nulls_last=True), "pk")
    new = list(fresh.values_list("number", flat=True))
    name = people.directory().get(office).name
    with override("id"):
        subject = _("%(office)s: %(new)d laporan baru, %(late)d lewat tenggat") % {
            "office": name,
            "new": len(new),
            "late": len(late),
        }
        body = _body(new, late, at)
    return sum(
        notices.notify(
            key=f"{MORNING}:{today}:{office}:{account}",
            recipient=f"account:{account}",
            subject=subject,
            body=body,
            link="/petugas/",
            at=at,
        )
        for account in wanted
    )


def _body(new: list[str], late: list[tuple[str, datetime]], at: datetime) -> str:
    tell = DueTeller(at)
    parts = []
    if late:
        rows = [f"• {number}: {tell.due(due).words}" for number, due in late[:LISTED]]
        parts.append("\n".join([_("Lewat tenggat:"), *rows, *_more(len(late))]))
    if new:
        rows = [f"• {number}" for number in new[:LISTED]]
        parts.append("\n".join([_("Baru sejak hari kerja yang lalu:"), *rows, *_more(len(new))]))
    parts.append(_("Ringkasan ini dapat Anda matikan di halaman Akun."))
    return "\n\n".join(parts)


def _more(count: int) -> list[str]:
    return [_("dan %(n)d lagi") % {"n": count - LISTED}] if count > LISTED else []


@tasks.task("casework.morning")
def morning() -> None:
    """Asked each minute; a process looks once a day, and what it forgets with a restart the notices' keys remember."""
    now = timezone.now()
    done = f"morning:{local_date(now, get_city().tz)}"
    if cache.get(done) is None and is_time(at=now):
        tell_heads(at=now)
        cache.set(done, True, ONE_DAY.total_seconds())

"""What a program asks in an address. An empty argument is none; whatever cannot be right is said, all at once."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from guyub.kernel.cities.api import get_city
from guyub.kernel.spark import Problem
from guyub.rooms.reports.map import Box
from guyub.rooms.reports.open311 import DAYS, MOST, Asked, Services

NUMBER = re.compile(r"[A-Z]{2,5}-[0-9]{4}-[0-9]{6,9}")
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+ -]\d\d:?\d\d))?", re.ASCII
)
_WHOLE = re.compile(r"[0-9]{1,9}")
_YES, _NO = ("true", "1"), ("", "false", "0")
DEEPEST = 100_000
T = TypeVar("T")


class Arguments:
    """The arguments of a request, read one by one; `done` raises a `Problem` that names all that is wrong."""

    def __init__(self, query: QueryDict) -> None:
        self.query, self.wrong = query, list[str]()

    def text(self, name: str) -> str:
        return self.query.get(name, "").strip()

    def listed(self, name: str) -> list[str]:
        """The parts of a comma list, each once; empty parts are none."""
        parts = (part.strip() for part in self.text(name).split(","))
        return list(dict.fromkeys(part for part in parts if part))

    def read(self, name: str, reader: Callable[[str], T]) -> T | None:
        """An argument through its reader, None if it is not there or wrong."""
        said = self.text(name)
        try:
            return reader(said) if said else None
        except (ValueError, OverflowError) as problem:
            self.wrong.append(f"{name}: {problem}")
            return None

    def yes(self, name: str) -> bool:
        said = self.text(name).lower()
        if said not in (*_YES, *_NO):
            self.wrong.append(_("%(name)s: tulis true atau false.") % {"name": name})
        return said in _YES

    def done(self) -> None:
        if self.wrong:
            raise Problem(400, *self.wrong)


def check_jurisdiction(said: str) -> None:
    """There is one here: whoever names it must name this one. Raises `Problem`."""
    city = get_city()
    if said and said.lower().removeprefix("www.") not in {city.code, city.slug, *city.hosts}:
        raise Problem(404, _("jurisdiction_id: tidak ada di alamat ini. Boleh dikosongkan."))


def read_asked(query: QueryDict, services: Services) -> Asked:
    """Which reports a request for a list means. Raises `Problem`."""
    said = Arguments(query)
    if numbers := said.listed("service_request_id"):
        if len(numbers) > MOST:
            raise Problem(400, _("service_request_id: paling banyak %(n)d nomor.") % {"n": MOST})
        return Asked(numbers=tuple(one for one in numbers if NUMBER.fullmatch(one)) or ("-",))
    since, until = _window(said, "start_date", "end_date")
    changed_since, changed_until = said.read("updated_after", moment), said.read("updated_before", moment)
    limit, offset = _page(said)
    found = Asked(
        categories=_categories(said, services),
        is_closed=_status(said),
        since=since,
        until=until,
        changed_since=changed_since,
        changed_until=changed_until,
        box=said.read("bbox", box),
        limit=limit,
        offset=offset,
    )
    said.done()
    return found


def _categories(said: Arguments, services: Services) -> tuple[int, ...] | None:
    codes = said.listed("service_code")
    if not codes:
        return None
    return tuple(row.pk for row in services.categories if row.code in codes)


def _status(said: Arguments) -> bool | None:
    """True for closed, False for open, None for both."""
    wanted = {one.lower() for one in said.listed("status")}
    if wanted - {"open", "closed"}:
        said.wrong.append(_("status: open, closed, atau keduanya dengan koma."))
    return None if len(wanted) != 1 else wanted == {"closed"}


def _window(said: Arguments, first: str, last: str) -> tuple[datetime | None, datetime | None]:
    """Both ends of a window of at most 90 days; one of them alone brings the other."""
    since, until = said.read(first, moment), said.read(last, moment)
    longest = timedelta(days=DAYS)
    if since and until and until < since:
        said.wrong.append(_("%(last)s mendahului %(first)s.") % {"first": first, "last": last})
    elif since and until and until - since > longest:
        said.wrong.append(
            _("%(first)s sampai %(last)s: paling lama %(n)d hari.")
            % {"first": first, "last": last, "n": DAYS}
        )
    if since and not until:
        until = since + longest
    elif until and not since:
        since = until - longest
    return since, until


def _page(said: Arguments) -> tuple[int, int]:
    """How many rows, and how many before them."""
    page, size = said.read("page", whole), said.read("page_size", whole)
    if page == 0 or size == 0 or (size or 1) > MOST:
        said.wrong.append(_("page mulai dari 1; page_size antara 1 dan %(n)d.") % {"n": MOST})
        return MOST, 0
    limit = size or MOST
    offset = ((page or 1) - 1) * limit
    if offset > DEEPEST:
        said.wrong.append(_("page: terlalu jauh. Persempit dengan tanggal."))
    return limit, min(offset, DEEPEST)


def whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(_("tulis bilangan bulat."))
    return int(text)


def moment(text: str) -> datetime:
    """W3C's date and time with a zone; a day alone begins at the city's midnight. Raises ValueError for people."""
    found = _MOMENT.fullmatch(text)
    try:
        if not found:
            raise ValueError
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
        at = datetime(year, month, day, hour, minute, second, tzinfo=_zone(found[7]))
        if not 1970 <= year <= 2200:
            raise ValueError
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(_("tulis waktu dengan zonanya, misalnya 2026-11-20T10:00:00+07:00.")) from None


def _zone(text: str | None) -> Any:
    if text is None:
        return get_city().tz
    # A plus that was not encoded arrives as a space.
    return datetime.strptime(text.replace(" ", "+").replace("Z", "+00:00"), "%z").tzinfo


def box(text: str) -> Box:
    """west,south,east,north in degrees. Raises ValueError for people."""
    try:
        west, south, east, north = (degrees(part) for part in text.split(",", 3))
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValueError
    except ValueError:
        raise ValueError(_("barat,selatan,timur,utara dalam derajat.")) from None
    return Box(west, south, east, north)


def degrees(text: str) -> float:
    if not re.fullmatch(r"\s*-?[0-9]{1,3}(\.[0-9]{1,20})?\s*", text):
        raise ValueError(_("tulis derajat dengan titik, misalnya -6.9147."))
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number

"""BMKG is asked politely: little at a time, spread over the city, and only for what may have changed.

Off until the city's rulebook turns it on (`warnings.bmkg`). What came is kept as it came, beside what was read of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F, Q

from guyub.kernel.cities import api as cities
from guyub.rooms.places import api as places
from guyub.rooms.warnings import reference
from guyub.rooms.warnings.bmkg import parsing
from guyub.rooms.warnings.models import Bulletin

FORECAST, FEED, NOWCAST, QUAKE = "FORECAST", "FEED", "NOWCAST", "QUAKE"
HOST = ".bmkg.go.id"
TIMEOUT_SECONDS = 20
KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; `body` is empty where nothing changed."""

    status: int
    body: bytes = b""
    etag: str = ""
    modified: str = ""


Get = Callable[[str, Mapping[str, str]], Answer]


class NoAnswer(Exception):
    """The server did not answer; says only how."""


def is_theirs(address: str) -> bool:
    """Whether an address is BMKG's own: a feed cannot send us anywhere else."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    plain = parts.scheme == "https" and port in (None, 443) and not parts.username
    return plain and (host.endswith(HOST) or host == HOST[1:])


def get(address: str, headers: Mapping[str, str]) -> Answer:
    """Ask for an address; at most so many bytes are read. Raises `NoAnswer`."""
    import requests  # only the worker needs it

    try:
        with requests.get(
            address, headers=dict(headers), timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
        ) as said:
            body = b""
            for part in said.iter_content(65536):
                body += part
                if len(body) > parsing.MOST_BYTES:
                    raise NoAnswer("too large")
            return Answer(
                said.status_code,
                body,
                said.headers.get("ETag", "")[:200],
                said.headers.get("Last-Modified", "")[:60],
            )
    except requests.RequestException as problem:
        raise NoAnswer(type(problem).__name__) from None


def settings(*, at: datetime) -> dict[str, Any]:
    return dict(reference.value("bmkg", at=at))


def sweep(*, at: datetime, ask: Get = get) -> int:
    """Ask for what is due, as much as a minute's share allows. Returns how many addresses were asked."""
    said = settings(at=at)
    if not said["enabled"]:
        return 0
    _list_addresses(said)
    asked = 0
    for key in _take(said, at=at):
        _fetch(Bulletin.objects.get(pk=key), ask, at=at)
        asked += 1
    _forget(at=at)
    return asked


def _list_addresses(said: Mapping[str, Any]) -> None:
    """One row for each address that is to be asked; places that ended are left as they are."""
    rows = [(FEED, said["nowcast"], "")] + [(QUAKE, one, "") for one in said["quakes"]]
    rows += [
        (FORECAST, said["forecast"].replace("{adm4}", row.code), row.code)
        for row in places.gazetteer().settlements
    ]
    wanted = {address: (kind, place) for kind, address, place in rows if is_theirs(address)}
    known = set(Bulletin.objects.filter(address__in=wanted).values_list("address", flat=True))
    Bulletin.objects.bulk_create(
        (
            Bulletin(kind=kind, address=address, place_code=place)
            for address, (kind, place) in wanted.items()
            if address not in known
        ),
        ignore_conflicts=True,
    )


def share(said: Mapping[str, Any]) -> int:
    """How many addresses this city may ask in a minute: all cities of an installation share its one address."""
    return max(1, min(int(said["per_minute"]), 60) // max(1, len(cities.cities())))


def _take(said: Mapping[str, Any], *, at: datetime) -> list[int]:
    """Mark what is due as asked and return it: the longest unasked first, and no more than a minute's share."""
    with transaction.atomic():
        room = share(said) - Bulletin.objects.filter(asked_at__gt=at - timedelta(minutes=1)).count()
        if room <= 0:
            return []
        due = Q(asked_at__isnull=True)
        for kind, age in _ages(said).items():
            due |= Q(kind=kind, asked_at__lte=at - age)
        rows = Bulletin.objects.select_for_update(skip_locked=True).filter(due)
        taken = list(
            rows.order_by(F("asked_at").asc(nulls_first=True), "pk").values_list("pk", flat=True)[:room]
        )
        Bulletin.objects.filter(pk__in=taken).update(asked_at=at)
        return taken


def _ages(said: Mapping[str, Any]) -> dict[str, timedelta]:
    """After how long an address is asked anew; a nowcast's own document does not change."""
    return {
        FORECAST: timedelta(hours=said["forecast_hours"]),
        FEED: timedelta(minutes=said["nowcast_minutes"]),
        QUAKE: timedelta(minutes=said["quake_minutes"]),
    }


def _fetch(row: Bulletin, ask: Get, *, at: datetime) -> None:
    headers = {"User-Agent": f"Guyub ({cities.absolute('/')})", "Accept": "application/json, application/xml"}
    headers |= {"If-None-Match": row.etag} if row.etag else {}
    headers |= {"If-Modified-Since": row.modified} if row.modified else {}
    try:
        answer = ask(row.address, headers)
    except NoAnswer as problem:
        Bulletin.objects.filter(pk=row.pk).update(problem=str(problem)[:200])
        return
    take(row, answer, at=at)


def take(row: Bulletin, answer: Answer, *, at: datetime) -> None:
    """Keep an answer. What cannot be read leaves the last reading as it was, and says so."""
    if answer.status == 304:
        Bulletin.objects.filter(pk=row.pk).update(fetched_at=at, problem="")
        return
    if answer.status != 200:
        Bulletin.objects.filter(pk=row.pk).update(problem=f"HTTP {answer.status}")
        return
    row.raw, row.etag, row.modified = answer.body[: parsing.MOST_BYTES], answer.etag, answer.modified
    row.fetched_at, row.problem = at, ""
    try:
        row.read = _READERS[row.kind](answer.body)
    except parsing.Unreadable as problem:
        row.problem = str(problem)[:200]
    row.save()
    if row.kind == FEED and not row.problem:
        _list_nowcasts(row)


def _list_nowcasts(feed: Bulletin) -> None:
    links = [one["link"] for one in (feed.read or []) if is_theirs(one["link"])]
    Bulletin.objects.bulk_create(
        (Bulletin(kind=NOWCAST, address=link) for link in links[: parsing.MOST_ITEMS]), ignore_conflicts=True
    )


def _forget(*, at: datetime) -> None:
    """Nowcasts that are long over; forecasts are written over by the next."""
    Bulletin.objects.filter(kind=NOWCAST, asked_at__lt=at - timedelta(days=KEPT_DAYS)).delete()


def _plain(value: Any) -> Any:
    """Dataclasses as JSON keeps them."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else _clean(value)


def _clean(value: Any) -> Any:
    """PostgreSQL keeps no NUL in text."""
    return value.replace("\0", "") if isinstance(value, str) else value


_READERS: dict[str, Callable[[bytes], Any]] = {
    FORECAST: lambda raw: _plain(asdict(parsing.read_forecast(raw))),
    FEED: lambda raw: _plain([asdict(one) for one in parsing.read_feed(raw)]),
    NOWCAST: lambda raw: _plain(asdict(parsing.read_nowcast(raw))),
    QUAKE: lambda raw: _plain([asdict(one) for one in parsing.read_quakes(raw)]),
}

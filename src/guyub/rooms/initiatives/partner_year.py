"""What a partner promised, brought, and what was found to be there in a year: only what is recorded here.

A year's figures are those of its days: promised is what was taken on in it and still stands, delivered and verified
what was brought in it. So the years of a partner add up. No price is made up for goods or hours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import override

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.rooms.initiatives import listing, queries, reference, rules
from guyub.rooms.initiatives.models import Delivery, Figure, HandOver, Initiative, Pledge
from guyub.rooms.initiatives.rules import Brought, Pledged
from guyub.rooms.needs.api import Resource
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people

MOST_PHOTOS = 12
_SUMS = ("promised", "delivered", "verified")


def years_of(partner: int) -> list[int]:
    """The years in which something of a partner's was taken on or brought, the newest first. Two queries."""
    tz = get_city().tz
    made = _pledges(partner).values_list("accepted_at", flat=True)
    brought = _deliveries(partner).values_list("on", flat=True)
    return sorted({local_date(at, tz).year for at in made if at} | {on.year for on in brought}, reverse=True)


def _pledges(partner: int) -> QuerySet[Pledge]:
    """What was taken on and stands, also of partners that were merged into this one."""
    rows = Pledge.objects.filter(
        Q(partner=partner) | Q(partner__merged_into=partner), accepted_at__isnull=False
    )
    rows = rows.filter(line__initiative__in=queries.public(), accepted__gt=0)
    return rows.exclude(state__in=[Pledged.PROMISED, *rules.BROKEN])


def _deliveries(partner: int) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pledge__in=_pledges(partner)).exclude(state=Brought.REFUSED)


def content(partner: int, year: int) -> dict[str, Any]:
    """The report as plain values, always said in Indonesian: it is a paper. A fixed number of queries."""
    with override("id"):
        sums = _sums(partner, year)
        pledges = Pledge.objects.filter(pk__in=list(sums)).select_related("line__initiative__partner")
        by_initiative: dict[int, list[Pledge]] = defaultdict(list)
        for one in pledges.order_by("line__initiative_id", "line__position", "pk"):
            by_initiative[one.line.initiative_id].append(one)
        records = _records(sums)
        figures = _figures([rows[0].line.initiative for rows in by_initiative.values()], year)
        items = [_item(rows, sums, records, figures) for rows in by_initiative.values()]
        card = partners.by_ids(ids=[partner]).get(partner)
        return {
            "partner": card.name if card else "",
            "year": year,
            "items": items,
            "totals": _totals(items),
        }


def _sums(partner: int, year: int) -> dict[int, dict[str, int]]:
    """By promise: what of it falls into the year."""
    first, after = _days(year)
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_SUMS, 0))
    made = _pledges(partner).filter(accepted_at__gte=first, accepted_at__lt=after)
    for key, accepted in made.values_list("pk", "accepted"):
        found[key]["promised"] = accepted
    brought = _deliveries(partner).filter(on__year=year).values_list("pledge_id", "state", "amount", "found")
    for key, state, amount, there in brought:
        found[key]["delivered"] += there if state == Brought.VERIFIED else amount
        found[key]["verified"] += there
    return dict(found)


def _days(year: int) -> tuple[datetime, datetime]:
    tz = get_city().tz
    return datetime(year, 1, 1, tzinfo=tz), datetime(year + 1, 1, 1, tzinfo=tz)


def _records(pledges: Iterable[int]) -> dict[int, str]:
    """By promise: under which number goods became the government's. One query."""
    rows = HandOver.objects.filter(pledge__in=list(pledges))
    return {row.pledge_id: f"{row.kind} {row.number}" for row in rows}


def _item(
    pledges: list[Pledge],
    sums: dict[int, dict[str, int]],
    records: dict[int, str],
    figures: dict[int, list[list[Any]]],
) -> dict[str, Any]:
    row = pledges[0].line.initiative
    return {
        "initiative": row.title,
        "slug": row.slug,
        "organiser": organiser_of(row),
        "where": listing.places_in_words(row.places, most=6),
        "state": row.state,
        "lines": [
            {
                "what": one.line.what,
                "resource": one.line.resource,
                "unit": one.line.unit,
                **sums[one.pk],
                "record": records.get(one.pk, ""),
            }
            for one in pledges
        ],
        "figures": figures.get(row.pk, []),
    }


def organiser_of(row: Initiative) -> str:
    office = people.directory().by_id.get(row.office_id or 0)
    return row.partner.name if row.partner else office.name if office else ""


def _figures(rows: list[Initiative], year: int) -> dict[int, list[list[Any]]]:
    """Whom it reached, as the organiser said: the highest month of each figure; few people are not counted out."""
    found: dict[int, list[list[Any]]] = defaultdict(list)
    if not rows:
        return found
    at = datetime.combine(date(year, 12, 31), datetime.min.time(), tzinfo=get_city().tz) + timedelta(hours=12)
    least = reference.amount("figures_least", at=at)
    templates = {row.pk: reference.find_template(row.template, at=at) for row in rows if row.template}
    chosen = Figure.objects.filter(initiative__in=rows, month__year=year)
    for one in chosen.order_by("initiative_id", "code", "-count").distinct("initiative_id", "code"):
        template = templates.get(one.initiative_id)
        labels = dict(template.figures) if template else {}
        shown = rules.shown_count(one.count, least=least)
        if shown is not None:
            found[one.initiative_id].append([labels.get(one.code, one.code), shown])
    return found


def _totals(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By resource and unit: rupiah with rupiah and hours with hours, in a fixed order."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(_SUMS, 0))
    for line in (line for item in items for line in item["lines"]):
        sums = found[line["resource"], line["unit"]]
        for name in _SUMS:
            sums[name] += line[name]
    order = [one.value for one in Resource]
    keys = sorted(found, key=lambda key: (order.index(key[0]), key[1]))
    return [{"resource": resource, "unit": unit, **found[resource, unit]} for resource, unit in keys]


def photos_of(slugs: Iterable[str]) -> dict[str, list[tuple[str, bytes]]]:
    """By initiative: one small public picture before and one after, as they lie on disk; at most `MOST_PHOTOS` in all."""
    keys = dict(Initiative.objects.filter(slug__in=list(slugs)).values_list("slug", "pk"))
    subjects = [f"initiatives.{when}:{key}" for key in keys.values() for when in ("before", "after")]
    shown = files.pictures_of(subjects, may_see=False)
    found: dict[str, list[tuple[str, bytes]]] = {}
    left = MOST_PHOTOS
    for slug, key in keys.items():
        for when, word in (("before", "Sebelum"), ("after", "Sesudah")):
            for one in shown.get(f"initiatives.{when}:{key}", [])[:1]:
                path = files.path_of(one.uuid, thumb=True)
                if left and path.exists():
                    found.setdefault(slug, []).append((word, path.read_bytes()))
                    left -= 1
    return found

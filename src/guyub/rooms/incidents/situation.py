"""The report of the situation: numbered, with what was known at which time and what is not known."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import incidents as events
from guyub.kernel import documents, parties
from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import get_city
from guyub.rooms.incidents import caring, reference
from guyub.rooms.incidents.acting import locked, record
from guyub.rooms.incidents.models import Count, Incident, SituationReport, Task
from guyub.rooms.incidents.queries import newest_assessment, newest_counts, totals
from guyub.rooms.incidents.rules import VULNERABLE, Legal, Post, State, StepState, TaskState
from guyub.rooms.incidents.wording import GROUPS, LEVELS, POSTS, STATES, STATUSES
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.ui.rows import day_in_words


def moment(at: datetime) -> str:
    """ "20 November 2026 13.05 WIB", by the city's clock: the paper is read elsewhere too."""
    local = at.astimezone(get_city().tz)
    return f"{date_format(local, 'j F Y')} {local:%H.%M} {local.tzname()}"


@transaction.atomic
def make(*, incident: int, by: Person, at: datetime) -> SituationReport:
    """Put down what is known now, under the next number. Raises `NotAllowed`, `Refused`."""
    row = locked(incident, by=by)
    number = SituationReport.objects.filter(incident=row).count() + 1
    with override("id"):
        content = content_of(row, number=number, at=at)
    made = SituationReport.objects.create(
        incident=row, number=number, content=content, digest=digest_of(content), known_at=at, by=by.acting
    )
    fact = events.SituationReported(incident=row.pk, report=made.pk, number=number, digest=made.digest)
    record(fact, row=row, by=by.acting, at=at)
    return made


def digest_of(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(row: Incident, *, number: int, at: datetime) -> dict[str, Any]:
    """All that the report says, as plain values; of people in command only their accounts."""
    counts = newest_counts(row)
    status = caring.status_on(row, reference.today(at))
    return {
        "number": number,
        "incident": row.number,
        "title": row.title,
        "kind": reference.label_of(row.kind, at=at),
        "exercise": row.is_exercise,
        "state": str(STATES[State(row.state)][0]),
        "level": str(LEVELS[row.level][0]),
        "places": [places.gazetteer().get(code).label for code in row.places],
        "known_at": moment(at),
        "opened_at": moment(row.opened_at),
        "status": _status(status),
        "posts": {
            str(POSTS[Post(one.post)]): one.account
            for one in row.holders.filter(until_at__isnull=True).order_by("pk")
        },
        "assessment": _assessment(row, at),
        "shelters": [_shelter(one, counts.get(one.pk)) for one in row.shelters.order_by("name")],
        "sheltered": totals(counts.values()),
        "stock": [
            [one.name, one.unit, one.stock, one.needed, max(one.needed - one.stock, 0)]
            for one in row.items.order_by("name", "pk")
        ],
        "tasks": _tasks(row, at),
        "steps": {state.value: row.steps.filter(state=state.value).count() for state in StepState},
        "unknown": _unknown(row, counts, at),
    }


def _status(decree: Any) -> str:
    if decree is None:
        return _("Belum ada status keadaan darurat yang berlaku.")
    return _("%(status)s, SK %(number)s, %(first)s sampai %(last)s") % {
        "status": STATUSES[Legal(decree.status)],
        "number": decree.number,
        "first": day_in_words(decree.first),
        "last": day_in_words(decree.last),
    }


def _assessment(row: Incident, at: datetime) -> dict[str, Any]:
    newest = newest_assessment(row)
    figures = reference.figures(at=at)
    if newest is None:
        return {"version": 0, "when": "", "source": "", "figures": []}
    return {
        "version": newest.version,
        "when": moment(newest.counted_at),
        "source": newest.source,
        "figures": [
            [one.label, newest.figures[one.code], one.unit] for one in figures if one.code in newest.figures
        ],
    }


def _shelter(row: Any, newest: Count | None) -> dict[str, Any]:
    return {
        "name": row.name,
        "place": places.gazetteer().get(row.place).label,
        "capacity": row.capacity,
        "closed": row.closed_at is not None,
        "when": moment(newest.counted_at) if newest else "",
        "families": newest.families if newest else None,
        "people": newest.people if newest else None,
        "groups": [[str(GROUPS[name]), getattr(newest, name)] for name in VULNERABLE] if newest else [],
        "needs": newest.needs if newest else "",
    }


def _tasks(row: Incident, at: datetime) -> dict[str, Any]:
    found = list(Task.objects.filter(incident=row, state=TaskState.OPEN).order_by("due_at"))
    cards = parties.cards({one.party for one in found})
    return {
        "done": row.tasks.filter(state=TaskState.DONE).count(),
        "open": [
            [one.what, parties.card_of(cards, one.party).name, moment(one.due_at), one.due_at < at]
            for one in found
        ],
    }


def _unknown(row: Incident, counts: dict[int, Count], at: datetime) -> list[str]:
    """What nobody can say at this moment: never counted, counted too long ago, or said to be unknown."""
    newest, found = newest_assessment(row), []
    if newest is None:
        found.append(_("Kaji cepat belum dilakukan."))
    else:
        lacking = [one.label for one in reference.figures(at=at) if one.code not in newest.figures]
        if lacking:
            found.append(_("Belum ada angkanya: %(names)s.") % {"names": ", ".join(lacking)})
        if newest.unknown:
            found.append(newest.unknown)
    old = at - timedelta(hours=reference.amount("count_hours", at=at))
    for one in row.shelters.filter(closed_at__isnull=True).order_by("name"):
        count = counts.get(one.pk)
        if count is None:
            found.append(_("Pengungsi di %(name)s belum dihitung.") % {"name": one.name})
        elif count.counted_at < old:
            found.append(
                _("Hitungan di %(name)s sudah lama: %(when)s.")
                % {"name": one.name, "when": moment(count.counted_at)}
            )
    return found


# ── On paper ───────────────────────────────────────────────────────────────────────────────────────────────


def pdf(report: SituationReport) -> bytes:
    """The report as PDF. Raises `documents.DocumentFailed`."""
    template = (resources.files("guyub.rooms.incidents") / "data" / "situation.typ").read_text("utf-8")
    with override("id"):
        return documents.pdf(template=template, data=values_of(report))


def values_of(report: SituationReport) -> dict[str, Any]:
    """What stands on the paper; papers speak Indonesian."""
    said = report.content
    names = people.names_of(said["posts"].values())
    unknown = _("belum diketahui")
    return {
        "title": _("Laporan situasi nomor %(number)d") % {"number": said["number"]},
        "exercise": _("LATIHAN. Bukan kejadian sungguhan.") if said["exercise"] else "",
        "government": get_city().government_name,
        "heading": f"{said['incident']} · {said['title']}",
        "known": _("Yang diketahui sampai %(when)s") % {"when": said["known_at"]},
        "facts": [
            [_("Jenis"), said["kind"]],
            [_("Keadaan"), said["state"]],
            [_("Tingkat"), said["level"]],
            [_("Status keadaan darurat"), said["status"]],
            [_("Wilayah"), ", ".join(said["places"])],
            [_("Dibuka"), said["opened_at"]],
            *[[post, names.get(account, "–")] for post, account in said["posts"].items()],
        ],
        "sections": [
            {
                "title": _assessment_title(said["assessment"]),
                "heads": [_("Angka"), _("Jumlah"), _("Satuan")],
                "rows": [[label, str(value), unit] for label, value, unit in said["assessment"]["figures"]],
            },
            {
                "title": _("Pengungsian: %(people)d orang, %(families)d keluarga") % said["sheltered"],
                "heads": [_("Titik"), _("Orang"), _("Keluarga"), _("Daya tampung"), _("Dihitung")],
                "rows": [
                    [
                        one["name"],
                        unknown if one["people"] is None else str(one["people"]),
                        unknown if one["families"] is None else str(one["families"]),
                        str(one["capacity"]),
                        one["when"] or unknown,
                    ]
                    for one in said["shelters"]
                ],
            },
            {
                "title": _("Kelompok rentan di pengungsian"),
                "heads": [_("Kelompok"), _("Orang")],
                "rows": [[str(GROUPS[name]), str(said["sheltered"][name])] for name in VULNERABLE]
                if said["shelters"]
                else [],
            },
            {
                "title": _("Yang dibutuhkan di titik pengungsian"),
                "heads": [_("Titik"), _("Kebutuhan")],
                "rows": [[one["name"], one["needs"]] for one in said["shelters"] if one["needs"]],
            },
            {
                "title": _("Logistik"),
                "heads": [_("Barang"), _("Satuan"), _("Ada"), _("Perlu"), _("Kurang")],
                "rows": [[str(cell) for cell in one] for one in said["stock"]],
            },
            {
                "title": _("Tugas terbuka; %(done)d sudah selesai") % said["tasks"],
                "heads": [_("Tugas"), _("Oleh"), _("Paling lambat")],
                "rows": [
                    [what, who, f"{due} ({_('terlambat')})" if late else due]
                    for what, who, due, late in said["tasks"]["open"]
                ],
            },
        ],
        "nothing": _("Tidak ada."),
        "unknown_title": _("Yang belum diketahui"),
        "unknown": said["unknown"] or [_("Tidak ada yang dicatat sebagai belum diketahui.")],
        "footer": _("Nomor %(number)d · sidik isi %(digest)s")
        % {"number": said["number"], "digest": report.digest[:16]},
    }


def _assessment_title(said: dict[str, Any]) -> str:
    if not said["version"]:
        return _("Kaji cepat")
    return _("Kaji cepat versi %(version)d, %(when)s, sumber: %(source)s") % said

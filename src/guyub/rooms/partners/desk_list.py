"""What waits for the verifier, and all partners in whatever state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from guyub.kernel.access.api import Person, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.partners.listing import PAGE, Wanted, found_by
from guyub.rooms.partners.models import Examination, Invitation, Member, Partner
from guyub.rooms.partners.profile import standing_in_words
from guyub.rooms.partners.rules import Review, Role, Standing
from guyub.rooms.partners.wording import KINDS
from guyub.ui.rows import Printed, day_in_words


@dataclass(frozen=True, slots=True)
class Waiting(Printed):
    """A partner that asked to be verified, with its clock."""

    uuid: UUID
    name: str
    kind: str
    due: str
    is_late: bool


def waiting(*, at: datetime) -> list[Waiting]:
    """What the city has to look at, the nearest deadline first. One query."""
    today = local_date(at, get_city().tz)
    rows = Examination.objects.filter(state=Review.ASKED).order_by("due_on", "pk")
    columns = ("partner__uuid", "partner__name", "partner__kind", "due_on")
    return [
        Waiting(uuid, name, str(KINDS[kind]), day_in_words(due), due < today)
        for uuid, name, kind, due in rows.values_list(*columns)[:100]
    ]


def count_waiting(person: Person) -> int:
    """How many requests wait for somebody with this person's powers."""
    return Examination.objects.filter(state=Review.ASKED).count() if person.can(roles.PARTNERS) else 0


@dataclass(frozen=True, slots=True)
class Row(Printed):
    uuid: UUID
    name: str
    kind: str
    status: str
    tone: str
    has_lead: bool


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    total: int
    has_next: bool


def page_of(wanted: Wanted, *, number: int) -> Page:
    """One page of all partners that are not over, by name. Two queries."""
    found = found_by(Partner.objects.without_contacts().exclude(status="MERGED"), wanted)
    lead = Member.objects.filter(partner=OuterRef("pk"), state=Standing.ACTIVE, role=Role.LEAD)
    first = (number - 1) * PAGE
    rows = list(found.annotate(has_lead=Exists(lead)).order_by("name", "pk")[first : first + PAGE + 1])
    return Page([_row(row) for row in rows[:PAGE]], found.count(), len(rows) > PAGE)


def _row(row: Partner) -> Row:
    status, tone = standing_in_words(row)
    return Row(row.uuid, row.name, str(KINDS[row.kind]), status, tone, row.has_lead)  # type: ignore[index,attr-defined]


def people_in_short(row: Partner) -> dict[str, object]:
    """How many people of which role a partner has: the verifier needs no names for that."""
    found = list(Member.objects.filter(partner=row, state=Standing.ACTIVE).values_list("role", flat=True))
    return {
        "members": len(found),
        "board": sum(role != Role.MEMBER for role in found),
        "has_lead": Role.LEAD in found,
        "invited": Invitation.objects.filter(partner=row, role=Role.LEAD, over_at__isnull=True).exists(),
    }

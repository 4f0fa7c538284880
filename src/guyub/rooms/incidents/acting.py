"""What every act in an incident shares: the lock, the log's words, who may, and who is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from guyub.events import Event
from guyub.kernel import parties
from guyub.kernel.access.api import ROLES, NotAllowed, Person, roles
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices import api as notices
from guyub.rooms.incidents.models import Incident, Line
from guyub.rooms.incidents.reference import today
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places


class Refused(ValueError):
    """This cannot be done now. The message is for people; `field` is where in the form it belongs."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def runs(person: Person, codes: Iterable[str]) -> bool:
    """Whether a person runs incidents in all of these places."""
    held = person.places(roles.INCIDENTS)
    return bool(held) and all(any(_lies_in(code, place) for place in held) for code in codes)


def _lies_in(code: str, place: str) -> bool:
    return not place or code == place or code.startswith(f"{place}.")


def may_run(person: Person, codes: Iterable[str]) -> int:
    """The account of who acts. Raises `NotAllowed`."""
    if not runs(person, codes):
        raise NotAllowed("This person runs no incidents here.")
    return person.acting


def locked(incident: int, *, by: Person, live: bool = True) -> Incident:
    """The incident with its row held until the transaction ends: two people act one after the other.

    Raises `NotAllowed` for whoever does not run it, `Refused` when it is over and `live` is asked.
    """
    row = Incident.objects.select_for_update().get(pk=incident)
    may_run(by, row.places)
    if live:
        must_be_live(row)
    return row


def must_be_live(row: Incident) -> None:
    if not row.is_live:
        raise Refused(_("Insiden ini sudah ditutup. Buka lagi dahulu bila masih ada yang perlu dicatat."))


def place_of(codes: Iterable[str]) -> str:
    """The smallest place that holds all of them."""
    columns = zip(*(code.split(".") for code in codes), strict=False)
    shared = ".".join(column[0] for column in takewhile(lambda one: len(set(one)) == 1, columns))
    return shared if shared in places.gazetteer().by_code else get_city().code


def record(event: Event, *, row: Incident, by: int | None, at: datetime) -> int:
    return ledger.record(event, subject=row.subject, at=at, by=by, place=place_of(row.places))


def add_line(
    row: Incident,
    words: str,
    *,
    by: int,
    at: datetime,
    happened_at: datetime | None = None,
    corrects: Line | None = None,
    token: UUID | None = None,
) -> Line:
    """Words in the log; the fact that tells of them is recorded by who calls."""
    return Line.objects.create(
        incident=row,
        words=words.strip(),
        corrects=corrects,
        happened_at=happened_at or at,
        at=at,
        by=by,
        token=token or uuid4(),
    )


def needs_words(words: str, field: str = "reason") -> str:
    if not words.strip():
        raise Refused(_("Tulis alasannya."), field=field)
    return words.strip()


def commanders(*, at: datetime) -> list[int]:
    """The accounts that run incidents on the city's day."""
    held = frozenset(role.code for role in ROLES.values() if roles.INCIDENTS in role.powers)
    return people.accounts_with(roles=held, organisation=None, on=today(at))


def accounts_of(party: str, *, at: datetime) -> list[int]:
    """Who is told for an office or a partner."""
    if (office := parties.key_of(party, "office")) is not None:
        answering = frozenset(role.code for role in ROLES.values() if role.powers)
        return people.accounts_with(roles=answering, organisation=office, on=today(at))
    partner = parties.key_of(party, "partner")
    return partners.representatives(partner=partner) if partner is not None else []


def acts_for(person: Person, party: str) -> bool:
    """Whether a person answers for an office or a partner."""
    if person.account is None or person.support is not None:
        return False
    if (office := parties.key_of(party, "office")) is not None:
        return any(grant.organisation == office and grant.powers for grant in person.grants)
    partner = parties.key_of(party, "partner")
    return partner is not None and partners.may_act(account=person.account, partner=partner)


def parties_of(person: Person) -> list[str]:
    """The offices and partners that a person answers for."""
    if person.account is None or person.support is not None:
        return []
    offices = {parties.party("office", grant.organisation) for grant in person.grants if grant.powers}
    mine = [one.partner for one in partners.of_account(account=person.account)]
    able = [one.id for one in mine if partners.may_act(account=person.account, partner=one.id)]
    return [*sorted(offices), *(parties.party("partner", key) for key in able)]


def known_party(code: str) -> str:
    """A code of an office or partner that exists. Raises `Refused`."""
    if code not in parties.cards([code]):
        raise Refused(_("Pilih kantor atau mitra dari daftar."), field="party")
    return code


def tell(
    accounts: Iterable[int],
    key: str,
    *,
    subject: str,
    body: str,
    link: str,
    at: datetime,
    besides: int | None = None,
) -> int:
    """Write to each account once, at once, but not to who did it. Returns to how many."""
    told = 0
    for account in accounts:
        if account != besides:
            notices.notify(
                key=f"{key}:{account}",
                recipient=f"account:{account}",
                subject=subject,
                body=body,
                link=link,
                at=at,
            )
            told += 1
    return told


def exercise_mark(mode: str) -> str:
    """What stands before every word that leaves an exercise."""
    return _("LATIHAN: ") if mode == "LATIHAN" else ""


def desk_link(row: Incident) -> str:
    return f"/petugas/insiden/{row.number}/"

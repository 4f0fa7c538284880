"""In which roles a person may speak, and how each of them is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guyub.kernel import parties
from guyub.kernel.access.api import ROLES, GrantInForce, Person, role_title
from guyub.kernel.cities.api import get_city
from guyub.rooms.conversation.models_threads import Post
from guyub.rooms.conversation.rules import ELECTED
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people

RESIDENT, NAMED = "warga", "warga-bernama"
# A ketua RT speaks as a resident or for the RT as a partner; technical support speaks for nobody.
_SILENT = frozenset({"ketua_rt", "dukungan"})


@dataclass(frozen=True, slots=True)
class Voice:
    """A role in which somebody may speak; `code` is what a form sends."""

    code: str
    label: str
    actor: str
    party: str = ""
    role: str = ""
    named: bool = False


def voices_of(person: Person) -> list[Voice]:
    """Whoever holds an office speaks as it and never as one resident among others.

    What comes first is what a form offers: nobody speaks for a partner without choosing to.
    """
    if person.account is None or person.support is not None:
        return []
    found = [_of_office(grant) for grant in person.grants if grant.role not in _SILENT]
    if not found:
        civil = str(partners.Actor.CIVIL_SOCIETY)
        found.append(Voice(RESIDENT, _("Warga, tanpa nama"), civil))
        if person.name:
            found.append(Voice(NAMED, _("Warga, dengan nama saya"), civil, named=True))
    for membership in partners.of_account(account=person.account):
        card = membership.partner
        if partners.may_act(account=person.account, partner=card.id):
            code = parties.party("partner", card.id)
            found.append(Voice(code, card.name, str(card.actor), party=code))
    return list({voice.code: voice for voice in found}.values())


def _of_office(grant: GrantInForce) -> Voice:

    code = parties.party("office", grant.organisation)
    political = grant.role in ELECTED
    actor = partners.Actor.GOV_POLITICAL if political else partners.Actor.GOV_BUREAUCRACY
    label = elected_title(grant.role) if political else f"{grant.organisation_name} ({grant.title})"
    return Voice(f"{grant.role}@{code}", label, str(actor), party=code, role=grant.role)


def elected_title(role: str) -> str:
    """The head by the title of this region, members of the council as such."""
    return get_city().head_title if role == "kepala_daerah" else _("Anggota DPRD")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said it, as it is shown: `name` first, `role` smaller beside it."""

    name: str
    role: str
    address: str = ""


def speakers(posts: Iterable[Post]) -> dict[int, Speaker]:
    """The speaker of each post. At most a query for partners and one for the names of residents who chose theirs."""
    rows = list(posts)
    known = parties.cards(row.party for row in rows if row.party)
    named = {row.by for row in rows if row.named and row.by}
    names = people.names_of(named) if named else {}
    return {row.pk: _speaker(row, known, names) for row in rows}


def _speaker(row: Post, known: dict[str, parties.Card], names: dict[int, str]) -> Speaker:
    if not row.party:
        name = names.get(row.by or 0, "") if row.named else ""
        return Speaker(name, _("Warga")) if name else Speaker(_("Warga"), "")
    card = parties.card_of(known, row.party)
    if row.role in ELECTED:
        return Speaker(elected_title(row.role), get_city().name)
    role = role_title(row.role, "DEFINITIVE") if row.role in ROLES else actor_label(card.actor)
    return Speaker(card.name, role, card.address)


def actor_label(actor: str) -> str:
    """A class of actors in words."""
    return str(partners.ACTORS[partners.Actor(actor)]) if actor else ""

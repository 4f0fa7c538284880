"""Plug into the kernel's sockets: who is asking, how they prove it, where a notice goes, what an operator should know."""

from guyub.kernel.access.api import provide_people
from guyub.kernel.notices.api import provide_addresses
from guyub.kernel.parties import provide_parties
from guyub.rooms.people import checks, keeping, tasks, wording  # noqa: F401
from guyub.rooms.people.queries import address_of, office_cards, person_of_request
from guyub.rooms.people.second_factor import ask

provide_people(person_of_request, ask)
provide_addresses(address_of)
provide_parties("office", office_cards)

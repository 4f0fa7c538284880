"""Which reports and clusters a person may open. Views load through here, and strangers are told nothing is there."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import Http404

from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.cities.api import signature_fits
from guyub.kernel.files.api import Photo
from guyub.rooms.floods import rules
from guyub.rooms.floods.models import Cluster, FloodReport, ThresholdDoubt


def public_report(number: str) -> FloodReport:
    """A report that everyone may see."""
    if not rules.NUMBER.fullmatch(number):
        raise Http404
    rows = FloodReport.objects.shown().select_related("place", "cluster")
    row = rows.filter(pk=_key(number)).first()
    if row is None or row.number != number:
        raise Http404
    return row


def public_cluster(number: str) -> Cluster:
    """A cluster with a report that everyone may see."""
    row = _cluster(number)
    if not row.reports:
        raise Http404
    return row


def _cluster(number: str) -> Cluster:
    if not rules.CLUSTER_NUMBER.fullmatch(number):
        raise Http404
    row = Cluster.objects.filter(pk=_key(number)).first()
    if row is None or row.number != number:
        raise Http404
    return row


def _key(number: str) -> int:
    """A number's row; one that no row can have is none."""
    return min(rules.key_of(number), 2**31)


def followed_report(key: str) -> FloodReport:
    """The report behind its sender's own link."""
    value, _, proof = key.partition("-")
    if not signature_fits("flood", value, proof):
        raise Http404
    try:
        uuid = UUID(hex=value)
    except ValueError:
        raise Http404 from None
    rows = FloodReport.objects.select_related("place", "cluster").filter(erased_at__isnull=True)
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row


def may_manage(person: Person, place: str) -> bool:
    """Whether a person looks after floods in a place."""
    return any(place.startswith(own) for own in person.places(roles.FLOODS))


def must_manage(person: Person, place: str) -> int:
    """The account of somebody who looks after floods in a place. Raises NotAllowed."""
    if not may_manage(person, place):
        raise NotAllowed("This person does not look after floods of this place.")
    return person.acting


def within(person: Person, field: str) -> Q:
    """Rows of the places in which a person looks after floods."""
    inside = Q(pk__in=[])
    for place in person.places(roles.FLOODS):
        inside |= Q(**{f"{field}__startswith": place})
    return inside


def desk_cluster(person: Person, number: str) -> Cluster:
    row = _cluster(number)
    if not may_manage(person, row.place_code):
        raise Http404
    return row


def desk_report(person: Person, number: str) -> FloodReport:
    """A report that is not erased, hidden ones too."""
    if not rules.NUMBER.fullmatch(number):
        raise Http404
    rows = FloodReport.objects.select_related("place", "cluster").filter(erased_at__isnull=True)
    row = rows.filter(pk=_key(number)).first()
    if row is None or row.number != number or not may_manage(person, row.place.code):
        raise Http404
    return row


def desk_photo(report: FloodReport, photo: UUID) -> Photo:
    row = Photo.objects.filter(uuid=photo, subject=report.subject).first()
    if row is None:
        raise Http404
    return row


def desk_doubt(person: Person, key: int) -> ThresholdDoubt:
    """A proposal about a gauge: for who looks after floods there."""
    row = ThresholdDoubt.objects.filter(pk=key, settled_at__isnull=True).first()
    if row is None or not may_manage(person, row.place_code):
        raise Http404
    return row

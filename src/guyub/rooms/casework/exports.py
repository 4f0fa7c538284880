"""Cases as a table to take away: what an officer may see of them, without a word of a reporter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guyub.events import casework as events
from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.kernel.streaming import Value, in_pieces
from guyub.rooms.casework.access import visible
from guyub.rooms.casework.kinds import category_names, points
from guyub.rooms.casework.models import Case
from guyub.rooms.casework.queries import Narrowed
from guyub.rooms.casework.rules import Mode
from guyub.rooms.casework.wording import CLASS_LABELS, STATE_LABELS
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places

CHUNK = 500
# The order of the columns; their meaning stands in `dictionary`.
COLUMNS = (
    "nomor",
    "jenis",
    "kategori",
    "kode_wilayah",
    "kelurahan_desa",
    "kecamatan",
    "kantor",
    "keadaan",
    "bahaya",
    "permohonan",
    "diterima",
    "diteruskan",
    "dijawab",
    "selesai_dikerjakan",
    "berakhir",
    "tenggat",
    "tenggat_sementara",
    "hari_kerja_jeda",
    "berpindah_kantor",
    "dibuka_kembali",
)


def dictionary() -> list[tuple[str, str]]:
    """Each column with its meaning."""
    said = (
        _("Nomor laporan."),
        _("Jenis laporan."),
        _("Kategori yang dipilih pelapor."),
        _("Kode wilayah menurut Kemendagri."),
        _("Kelurahan atau desa."),
        _("Kecamatan."),
        _("Kantor yang menangani sekarang."),
        _("Keadaan sekarang."),
        _("1 bila berbahaya, 0 bila tidak."),
        _("1 bila permohonan kepada desa, 0 bila perintah kerja."),
        _("Saat diterima, menurut waktu daerah."),
        _("Saat terakhir diteruskan ke kantor."),
        _("Saat jawaban pertama."),
        _("Saat kantor menyatakan pekerjaan selesai."),
        _("Saat berakhir."),
        _("Tenggat terdekat kantor; kosong selama yang lain yang harus bertindak."),
        _("1 bila tenggat masih perkiraan."),
        _("Hari kerja selama jam berhenti."),
        _("Berapa kali diteruskan ke kantor lain."),
        _("Berapa kali dibuka kembali."),
    )
    return list(zip(COLUMNS, said, strict=True))


@transaction.atomic
def note_export(*, person: Person, narrowed: Narrowed, form: str, said: str, at: datetime) -> QuerySet[Case]:
    """The cases that a person takes away in a form ('csv', 'geojson'); that they do is recorded first.

    `said` is the filter in codes. The fact tells how many rows there were when it was written.
    """
    rows = narrowed.applied(visible(person)).order_by("id")
    fact = events.CasesExported(form=form, filter=said, rows=rows.count())
    ledger.record(fact, subject="casework.export", at=at, by=person.account, place=narrowed.place)
    return rows


def table(rows: QuerySet[Case]) -> Iterator[list[Value]]:
    """The rows of the table, read by a cursor of the server."""
    make = _Maker()
    for case in rows.iterator(chunk_size=CHUNK):
        yield make.row(case)


def features(rows: QuerySet[Case]) -> Iterator[tuple[tuple[float, float] | None, dict[str, Value]]]:
    """The rows as points with their properties. One further query a chunk."""
    make = _Maker()
    for chunk in in_pieces(rows.iterator(chunk_size=CHUNK), CHUNK):
        known = points(case.subject for case in chunk)
        for case in chunk:
            yield known.get(case.subject), dict(zip(COLUMNS, make.row(case), strict=True))


class _Maker:
    """Looks everything up once, in the language in which it is made."""

    def __init__(self) -> None:
        self.tz, self.offices = get_city().tz, people.directory().by_id
        self.categories, self.places = category_names(), places.gazetteer().by_code
        self.states = {state.value: str(label) for state, label in STATE_LABELS.items()}
        self.classes = {kind.value: str(label) for kind, label in CLASS_LABELS.items()}

    def row(self, case: Case) -> list[Value]:
        place, office = self.places.get(case.place_code), self.offices.get(case.office_id)
        return [
            case.number,
            self.classes[case.classification],
            self.categories.get(case.category, case.category),
            case.place_code,
            place.label if place else "",
            place.district if place else "",
            office.name if office else "",
            self.states[case.state],
            int(case.is_hazard),
            int(case.mode == Mode.REQUEST),
            *map(
                self._moment,
                (
                    case.received_at,
                    case.forwarded_at,
                    case.answered_at,
                    case.completed_at,
                    case.ended_at,
                    case.due_at,
                ),
            ),
            int(case.due_is_provisional),
            case.paused_days,
            case.hand_overs,
            case.reopened,
        ]

    def _moment(self, at: datetime | None) -> str:
        return at.astimezone(self.tz).isoformat(timespec="minutes") if at else ""

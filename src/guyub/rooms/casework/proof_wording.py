"""How findings about a proof are said: with their numbers to officers, short and rounded to everyone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.rooms.casework.proof_rules import SEEN, Code, Level
from guyub.ui.rows import Printed

LEVELS = {
    Level.CLEAR: ("confirmed", gettext_lazy("Sesuai")),
    Level.UNKNOWN: ("info", gettext_lazy("Belum terbukti")),
    Level.FLAG: ("overdue", gettext_lazy("Perlu dilihat")),
}
# Of these everyone is told; the rest is for whoever looks into a proof.
PUBLIC = frozenset(Code) - {Code.DATA_FITS, Code.DATA_PLACE, Code.DATA_TIME, Code.SOURCE_CAMERA}
ROUNDED_TO = 50  # metres: a public page says no distance from which a point could be found


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as it was kept."""

    code: str
    level: str
    values: Mapping[str, int]
    photo: int | None
    other_subject: str


@dataclass(frozen=True, slots=True)
class Told(Printed):
    """A finding ready to print; `url` opens the report of the earlier photo, `number` is that report's."""

    tone: str
    level: str
    words: str
    number: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Checked(Printed):
    """All that is said of a proof; without `lines` it was not checked yet."""

    lines: list[Told]
    is_flagged: bool | None


def for_public(flagged: bool | None, found: Iterable[Found]) -> Checked:
    """What everyone may know: nothing of other reports, distances only roughly."""
    kept = [one for one in found if one.code in PUBLIC]
    return _checked(flagged, kept, _PUBLIC, {})


def for_officers(
    flagged: bool | None, found: Iterable[Found], *, others: Mapping[str, tuple[str, str]]
) -> Checked:
    """All findings; `others` has number and address of the earlier photos' reports that this person may open."""
    return _checked(flagged, list(found), _OFFICERS, others)


def _checked(
    flagged: bool | None,
    found: list[Found],
    say: Mapping[str, Callable[[Mapping[str, int]], str]],
    others: Mapping[str, tuple[str, str]],
) -> Checked:
    photos = sorted({one.photo for one in found if one.photo})
    lines = []
    for one in found:
        words = say[one.code](one.values)
        if one.photo and len(photos) > 1:
            words = _("Foto %(n)d: %(words)s") % {"n": photos.index(one.photo) + 1, "words": words}
        tone, level = LEVELS[Level(one.level)]
        number, url = others.get(one.other_subject, ("", "")) if one.code in SEEN else ("", "")
        lines.append(Told(tone, str(level), words, number, url))
    return Checked(lines, flagged)


def span(minutes: int) -> str:
    """A span of time in the largest unit that says it well."""
    if minutes < 120:
        return _("%(n)d menit") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)d jam") % {"n": round(minutes / 60)}
    return _("%(n)d hari") % {"n": round(minutes / 1440)}


def _place_unknown(values: Mapping[str, int]) -> str:
    if values.get("report_has_point"):
        return _("Tempat foto diambil tidak diketahui.")
    return _("Laporan ini tidak memiliki titik, jadi jarak foto tidak dapat dihitung.")


def _measured(words: Callable[[], str]) -> Callable[[Mapping[str, int]], str]:
    return lambda values: words() % values


def _spanned(words: Callable[[], str]) -> Callable[[Mapping[str, int]], str]:
    return lambda values: words() % {"span": span(values["minutes"])}


def _plainly(words: Callable[[], str]) -> Callable[[Mapping[str, int]], str]:
    return lambda values: words()


def _never(values: Mapping[str, int]) -> str:
    said = _("Belum pernah dipakai: dibandingkan dengan %(compared)d foto sebelumnya di kota ini.") % values
    if values.get("waiting"):
        said += " " + _("%(waiting)d foto lama belum dapat dibandingkan.") % values
    return said


def _data_place(values: Mapping[str, int]) -> str:
    if values["to_report"]:
        return _("Data di dalam berkas menyebut tempat %(metres)d m dari titik laporan.") % values
    return _("Data di dalam berkas menyebut tempat lain, %(metres)d m dari lokasi perangkat.") % values


def _data_time(values: Mapping[str, int]) -> str:
    apart = {"span": span(values["minutes"])}
    if values["to_report"]:
        return _("Data di dalam berkas menyebut foto diambil %(span)s sebelum laporan masuk.") % apart
    return _("Data di dalam berkas menyebut waktu lain, berbeda %(span)s dari jam perangkat.") % apart


_OFFICERS: dict[str, Callable[[Mapping[str, int]], str]] = {
    Code.PLACE_NEAR: _measured(
        lambda: _("Diambil %(metres)d m dari titik laporan (ketelitian ±%(accuracy)d m, batas %(radius)d m).")
    ),
    Code.PLACE_FAR: _measured(
        lambda: _(
            "Diambil %(metres)d m dari titik laporan, di luar batas %(radius)d m (ketelitian ±%(accuracy)d m)."
        )
    ),
    Code.PLACE_UNSURE: _measured(
        lambda: _(
            "Jaraknya belum pasti: %(metres)d m dari titik laporan, ketelitian perangkat ±%(accuracy)d m."
        )
    ),
    Code.PLACE_UNKNOWN: _place_unknown,
    Code.TIME_AFTER: _spanned(lambda: _("Diambil %(span)s setelah laporan masuk, menurut jam perangkat.")),
    Code.TIME_BEFORE: _spanned(lambda: _("Diambil %(span)s sebelum laporan masuk, menurut jam perangkat.")),
    Code.TIME_OLD: _spanned(lambda: _("Diambil %(span)s sebelum dikirim, menurut jam perangkat.")),
    Code.TIME_FUTURE: _spanned(
        lambda: _(
            "Jam perangkat %(span)s lebih maju daripada saat pengiriman; waktunya tidak dapat dipercaya."
        )
    ),
    Code.TIME_UNKNOWN: _plainly(lambda: _("Waktu foto diambil tidak diketahui.")),
    Code.DATA_FITS: _plainly(
        lambda: _("Data di dalam berkas tidak bertentangan, tetapi data itu dapat diubah siapa pun.")
    ),
    Code.DATA_PLACE: _data_place,
    Code.DATA_TIME: _data_time,
    Code.SOURCE_CAMERA: _plainly(lambda: _("Diambil langsung di halaman ini.")),
    Code.SOURCE_GALLERY: _plainly(lambda: _("Dipilih dari galeri: waktu dan lokasinya belum terbukti.")),
    Code.SOURCE_UNKNOWN: _plainly(lambda: _("Asal foto tidak dicatat: waktu dan lokasinya belum terbukti.")),
    Code.SEEN_NEVER: _never,
    Code.SEEN_EXACT: _plainly(lambda: _("Berkas yang sama persis sudah pernah dikirim di kota ini.")),
    Code.SEEN_NEAR: _measured(
        lambda: _("Foto yang sama sudah pernah dikirim di kota ini (%(alike)d%% bagiannya sama).")
    ),
    Code.SEEN_PART: _measured(
        lambda: _("Potongan dari foto yang sudah pernah dikirim di kota ini (%(alike)d%% bagiannya sama).")
    ),
    Code.SEEN_MIRROR: _measured(
        lambda: _("Foto yang sudah pernah dikirim, dibalik kiri-kanan (%(alike)d%% bagiannya sama).")
    ),
    Code.SEEN_PERHAPS: _measured(
        lambda: _("Sangat mirip foto lain, mungkin foto yang sama (%(alike)d%% bagiannya sama).")
    ),
    Code.SEEN_UNKNOWN: _plainly(
        lambda: _("Gambarnya terlalu polos untuk dibandingkan dengan foto sebelumnya.")
    ),
    Code.VIEW_SAME: _measured(
        lambda: _("Pemandangannya cocok dengan foto pelapor (%(points)d titik yang sama).")
    ),
    Code.VIEW_UNSURE: _measured(
        lambda: _(
            "Tidak dapat dipastikan apakah pemandangannya sama dengan foto pelapor (%(points)d titik yang sama)."
        )
    ),
}


def _nearly(values: Mapping[str, int]) -> str:
    most = -(-max(values["metres"], 1) // ROUNDED_TO) * ROUNDED_TO
    return _("Diambil kurang dari %(metres)d m dari titik laporan.") % {"metres": most}


def _roughly(values: Mapping[str, int]) -> str:
    about = max(ROUNDED_TO, round(values["metres"] / ROUNDED_TO) * ROUNDED_TO)
    return _("Diambil sekitar %(metres)d m dari titik laporan.") % {"metres": about}


_USED = _plainly(lambda: _("Foto ini sudah pernah dipakai di kota ini."))
_PUBLIC: dict[str, Callable[[Mapping[str, int]], str]] = {
    **_OFFICERS,
    Code.PLACE_NEAR: _nearly,
    Code.PLACE_FAR: _roughly,
    Code.PLACE_UNSURE: _plainly(lambda: _("Jarak dari titik laporan belum pasti.")),
    **dict.fromkeys((Code.SEEN_EXACT, Code.SEEN_NEAR, Code.SEEN_PART, Code.SEEN_MIRROR), _USED),
    Code.SEEN_PERHAPS: _plainly(lambda: _("Mirip dengan foto lain di kota ini; belum pasti foto yang sama.")),
    Code.SEEN_NEVER: _never,
    Code.VIEW_SAME: _plainly(lambda: _("Pemandangannya cocok dengan foto pelapor.")),
    Code.VIEW_UNSURE: _plainly(
        lambda: _("Tidak dapat dipastikan apakah pemandangannya sama dengan foto pelapor.")
    ),
}

"""What an admin looks at before the first day: the categories, whom they reach, and a report sent for a trial.

A trial is a real report taken back before anybody hears of it: it is in no list and in no figure, and it takes no
number. So what it says is what the same report of a resident does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guyub.kernel.access.api import ROLES, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, Classification, Mode
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Found, Standing
from guyub.rooms.reports.actions import Submission, submit_report
from guyub.rooms.reports.categories import categories
from guyub.rooms.reports.rules import classification_of
from guyub.rooms.reports.subscribers import whom_to_alert

NAMED = 5
_WORKING = frozenset(role.code for role in ROLES.values() if roles.VERIFY in role.powers)


@people.step("kategori", gettext_lazy("Kategori laporan"))
def _categories(at: datetime) -> Found:
    rows = categories().rows
    said = {"n": len(categories().offered), "off": len(rows) - len(categories().offered)}
    words = [_("%(n)d kategori ditawarkan kepada warga, %(off)d tidak dipakai.") % said]
    standing = Standing.LOOK if said["n"] else Standing.TODO
    return Found(standing, words, "setup_table", ("kategori",), _("Isi tabel kategori"))


def reach(*, at: datetime) -> casework.reach.Reach:
    """How much of what residents may choose reaches an office with somebody in it."""
    wanted = [
        (row.code, classification_of(report_class="PENGADUAN", about_conduct=row.is_conduct))
        for row in categories().offered
    ]
    return casework.reach.reach(categories=wanted, on=local_date(at, get_city().tz))


@people.step("kewenangan", gettext_lazy("Tabel kewenangan"))
def _routing(at: datetime) -> Found:
    found = reach(at=at)
    words = [
        _("%(percent)d%% dari %(pairs)d pasangan kategori dan wilayah sampai ke kantor yang ada petugasnya.")
        % {"percent": found.percent, "pairs": found.pairs}
    ]
    if found.unreached:
        names = ", ".join(office.name for office, _codes in found.unreached[:NAMED])
        n = len(found.unreached)
        words.append(
            ngettext(
                "%(n)d kantor belum ada petugasnya: %(names)s.",
                "%(n)d kantor belum ada petugasnya, di antaranya %(names)s.",
                n,
            )
            % {"n": n, "names": names}
        )
    done = found.pairs and found.reached == found.pairs
    standing = Standing.DONE if done else Standing.TODO
    return Found(standing, words, "setup_trial", (), _("Lihat daftar"))


@people.step("uji", gettext_lazy("Laporan uji"))
def _trial(at: datetime) -> Found:
    words = _("Coba satu laporan: kantor mana, jam mana, siapa yang diberi tahu. Tidak ada yang tersimpan.")
    return Found(Standing.LOOK, [words], "setup_trial", (), _("Coba laporan uji"))


class _TakenBack(Exception):
    """Ends a trial: nothing of it stays."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What would become of a report: the office and why, its clocks, and who would hear of it, in words.

    `is_reached` says whether anybody at the office can work on it.
    """

    office: str
    why: str
    clocks: list[str]
    told: list[str]
    is_reached: bool


def try_report(*, category: str, place: str, report_class: str, at: datetime) -> Tried:
    """Send a report, look what became of it, and take it back. Raises as `submit_report` does."""
    what = Submission(
        submission=uuid4(),
        report_class=report_class,
        category=category,
        body="Laporan uji dari halaman persiapan.",
        place=place,
        mark="UJI",
    )
    found = None
    try:
        with transaction.atomic():
            number = submit_report(what=what, at=at).number
            found = _look(Case.objects.select_related("route").get(number=number), at)
            raise _TakenBack
    except _TakenBack:
        assert found is not None
        return found


def _look(case: Case, at: datetime) -> Tried:
    office, on = people.directory().get(case.office_id), local_date(at, get_city().tz)
    working = people.accounts_with(roles=_WORKING, organisation=office.id, on=on)
    return Tried(office.name, _why(case), _clocks(case), _told(case, working, at), bool(working))


def _why(case: Case) -> str:
    if case.classification == Classification.OVERSIGHT:
        return _("Laporan tentang perilaku petugas selalu ke Inspektorat, apa pun isi tabel.")
    if case.route is None:
        return _("Tabel kewenangan tidak menyebut kategori ini, jadi koordinator yang membagi.")
    why = _("Menurut tabel kewenangan: %(basis)s.") % {"basis": case.route.legal_basis}
    if case.mode == Mode.REQUEST:
        why += " " + _("Desa menerimanya sebagai permohonan, bukan perintah.")
    return why


def _clocks(case: Case) -> list[str]:
    tz = get_city().tz

    def day(when: datetime) -> str:
        return date_format(when.astimezone(tz), "j F Y")

    found = [_("Verifikasi paling lambat %(day)s.") % {"day": day(case.verify_due_at)}]
    if case.is_hazard and case.due_at:
        said = {"moment": date_format(case.due_at.astimezone(tz), "j F Y H.i")}
        found = [_("Bahaya: tindakan pertama paling lambat %(moment)s.") % said]
    days = case.terms["respond"]
    found.append(
        ngettext(
            "Jawaban pertama %(n)d hari kerja sesudah diverifikasi.",
            "Jawaban pertama %(n)d hari kerja sesudah diverifikasi.",
            days,
        )
        % {"n": days}
    )
    found.append(_("Selesai paling lambat %(day)s.") % {"day": day(case.resolve_due_at)})
    if case.due_is_provisional:
        found.append(_("Tenggat ini sementara: hari libur tahun berikutnya belum diumumkan."))
    return found


def _told(case: Case, working: list[int], at: datetime) -> list[str]:
    on = local_date(at, get_city().tz)
    hazard = case.is_hazard and case.classification != Classification.OVERSIGHT
    alerted = whom_to_alert(office=case.office_id, on=on) if hazard else []
    heads = people.accounts_with(roles=casework.morning.HEADS, organisation=case.office_id, on=on)
    names = people.names_of([*working, *alerted, *heads, *([case.assignee] if case.assignee else [])])

    def said(accounts: list[int]) -> str:
        return ", ".join(sorted({names[one] for one in accounts if one in names})) or _("belum ada orangnya")

    found = [_("Langsung, bila memberi surel: pelapor, dengan nomor dan tautannya.")]
    if hazard:
        found.append(_("Langsung, siang dan malam: %(names)s.") % {"names": said(alerted)})
    found.append(_("Muncul di kotak masuk: %(names)s.") % {"names": said(working)})
    if case.assignee:
        found.append(_("Langsung didisposisikan kepada: %(names)s.") % {"names": said([case.assignee])})
    found.append(
        _("Pagi hari kerja berikutnya, dalam ringkasan pimpinan: %(names)s.") % {"names": said(heads)}
    )
    return found

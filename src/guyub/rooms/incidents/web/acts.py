"""What may be done in an incident: each act with its section, its form, and the one action that it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.access.api import Person
from guyub.rooms.incidents import caring, commanding, opening, playing, situation, tasking
from guyub.rooms.incidents.caring import Counted
from guyub.rooms.incidents.models import Incident
from guyub.rooms.incidents.rules import VULNERABLE, Move, moves_from
from guyub.rooms.incidents.web import forms

Do = Callable[[Incident, Any, Person, datetime], str]


@dataclass(frozen=True, slots=True)
class Act:
    """`is_button`: it stands beside what it is about and has no form of its own on the page."""

    section: str
    form: type[forms.ActForm]
    heading: str | Promise
    button: str | Promise
    do: Do
    move: Move | None = None
    is_button: bool = False
    also_closed: bool = False

    def is_offered(self, row: Incident) -> bool:
        if self.move is not None:
            return self.move in moves_from(row.state)
        return row.is_live or self.also_closed


def _moves(to: Move, said: str | Promise) -> Do:
    def do(row: Incident, form: Any, by: Person, at: datetime) -> str:
        opening.move(incident=row.pk, to=to, reason=form.cleaned_data["reason"], by=by, at=at)
        return str(said)

    return do


def _write(row: Incident, form: Any, by: Person, at: datetime) -> str:
    said = form.cleaned_data
    happened = form.moment("day", "time")
    tasking.write(
        incident=row.pk,
        words=said["words"],
        happened_at=happened,
        corrects=int(said["corrects"]) if said["corrects"] else None,
        token=said["token"],
        by=by,
        at=at,
    )
    return _("Catatan tersimpan.")


def _read(row: Incident, form: Any, by: Person, at: datetime) -> str:
    tasking.mark_read(incident=row.pk, by=by, at=at)
    return _("Catatan ditandai sudah dibaca.")


def _task(row: Incident, form: Any, by: Person, at: datetime) -> str:
    said = form.cleaned_data
    due = form.moment("due_day", "due_time")
    tasking.set_task(incident=row.pk, party=said["party"], what=said["what"], due_at=due, by=by, at=at)
    return _("Tugas diberikan dan penerimanya diberi tahu.")


def _drop(row: Incident, form: Any, by: Person, at: datetime) -> str:
    said = form.cleaned_data
    tasking.drop(incident=row.pk, task=int(said["task"]), reason=said["reason"], by=by, at=at)
    return _("Tugas dibatalkan.")


def _call(row: Incident, form: Any, by: Person, at: datetime) -> str:
    said = form.cleaned_data
    told = tasking.call(incident=row.pk, party=said["party"], words=said["words"], by=by, at=at)
    return _("Pesan dikirim kepada %(n)d orang.") % {"n": told}


def _do_step(row: Incident, form: Any, by: Person, at: datetime) -> str:
    playing.do_step(incident=row.pk, step=int(form.cleaned_data["step"]), by=by, at=at)
    return _("Langkah dikerjakan.")


def _skip(row: Incident, form: Any, by: Person, at: datetime) -> str:
    said = form.cleaned_data
    playing.skip_step(incident=row.pk, step=int(said["step"]), reason=said["reason"], by=by, at=at)
    return _("Langkah dilewati, alasannya tercatat.")


def _level(row: Incident, form: Any, by: Person, at: datetime) -> str:
    n = playing.raise_level(incident=row.pk, level=form.cleaned_data["level"], by=by, at=at)
    return _("%(n)d langkah baru.") % {"n": n}


def _assess(row: Incident, form: Any, by: Person, at: datetime) -> str:
    said = form.cleaned_data
    caring.assess(
        incident=row.pk,
        figures=form.figures(),
        counted_at=form.moment("day", "time"),
        source=said["source"],
        unknown=said["unknown"],
        by=by,
        at=at,
    )
    return _("Kaji cepat tersimpan sebagai versi baru.")


def _shelter(row: Incident, form: Any, by: Person, at: datetime) -> str:
    said = form.cleaned_data
    caring.open_shelter(incident=row.pk, by=by, at=at, **said)
    return _("Titik pengungsian dibuka.")


def _count(row: Incident, form: Any, by: Person, at: datetime) -> str:
    said = form.cleaned_data
    counted = Counted(
        families=said["families"],
        people=said["people"],
        vulnerable={name: said[name] for name in VULNERABLE},
        needs=said["needs"],
    )
    caring.count(
        incident=row.pk,
        shelter=int(said["shelter"]),
        said=counted,
        counted_at=form.moment("day", "time"),
        by=by,
        at=at,
    )
    return _("Hitungan tersimpan.")


def _close_shelter(row: Incident, form: Any, by: Person, at: datetime) -> str:
    caring.close_shelter(incident=row.pk, shelter=int(form.cleaned_data["shelter"]), by=by, at=at)
    return _("Titik pengungsian ditutup.")


def _need(row: Incident, form: Any, by: Person, at: datetime) -> str:
    caring.state_need(incident=row.pk, by=by, at=at, **form.cleaned_data)
    return _("Kebutuhan tersimpan.")


def _stock(row: Incident, form: Any, by: Person, at: datetime) -> str:
    said = form.cleaned_data
    caring.move_stock(
        incident=row.pk,
        item=int(said["item"]),
        amount=said["amount"] if said["way"] == "masuk" else -said["amount"],
        words=said["words"],
        token=said["token"],
        by=by,
        at=at,
    )
    return _("Persediaan diperbarui.")


def _decree(row: Incident, form: Any, by: Person, at: datetime) -> str:
    caring.decree(incident=row.pk, by=by, at=at, **form.cleaned_data)
    return _("Status keadaan darurat tercatat.")


def _report(row: Incident, form: Any, by: Person, at: datetime) -> str:
    made = situation.make(incident=row.pk, by=by, at=at)
    return _("Laporan situasi nomor %(n)d dibuat.") % {"n": made.number}


def _post(row: Incident, form: Any, by: Person, at: datetime) -> str:
    said = form.cleaned_data
    commanding.assign(incident=row.pk, post=said["post"], account=int(said["account"]), by=by, at=at)
    return _("Tugas di posko ditetapkan.")


def _vacate(row: Incident, form: Any, by: Person, at: datetime) -> str:
    said = form.cleaned_data
    commanding.vacate(
        incident=row.pk, post=said["post"], account=int(said["account"]), reason=said["reason"], by=by, at=at
    )
    return _("Tugas di posko dialihkan, alasannya tercatat.")


def _hand_over(row: Incident, form: Any, by: Person, at: datetime) -> str:
    said = form.cleaned_data
    commanding.write_hand_over(
        incident=row.pk, post=said["post"], incoming=int(said["account"]), words=said["words"], by=by, at=at
    )
    return _("Serah terima ditulis. Penerimanya diberi tahu.")


def _accept(row: Incident, form: Any, by: Person, at: datetime) -> str:
    commanding.accept(incident=row.pk, hand_over=int(form.cleaned_data["hand_over"]), by=by, at=at)
    return _("Serah terima diterima. Tugas ini sekarang Anda pegang.")


def _withdraw(row: Incident, form: Any, by: Person, at: datetime) -> str:
    commanding.withdraw(incident=row.pk, hand_over=int(form.cleaned_data["hand_over"]), by=by, at=at)
    return _("Serah terima ditarik.")


def _show(row: Incident, form: Any, by: Person, at: datetime) -> str:
    opening.show(incident=row.pk, by=by, at=at, **form.cleaned_data)
    return _("Tersimpan.")


ACTS: dict[str, Act] = {
    "tulis": Act(
        "catatan", forms.LogForm, gettext_lazy("Tulis catatan"), gettext_lazy("Simpan catatan"), _write
    ),
    "dibaca": Act(
        "catatan",
        forms.NoForm,
        "",
        gettext_lazy("Tandai sudah dibaca"),
        _read,
        is_button=True,
        also_closed=True,
    ),
    "jalankan": Act("langkah", forms.StepForm, "", gettext_lazy("Jalankan"), _do_step, is_button=True),
    "lewati": Act("langkah", forms.SkipForm, gettext_lazy("Lewati langkah"), gettext_lazy("Lewati"), _skip),
    "tingkat": Act(
        "langkah",
        forms.LevelForm,
        gettext_lazy("Tambah langkah tingkat lain"),
        gettext_lazy("Tambahkan langkah"),
        _level,
    ),
    "tugaskan": Act("tugas", forms.TaskForm, gettext_lazy("Beri tugas"), gettext_lazy("Beri tugas"), _task),
    "batalkan": Act(
        "tugas", forms.DropForm, gettext_lazy("Batalkan tugas"), gettext_lazy("Batalkan tugas"), _drop
    ),
    "hubungi": Act(
        "tugas", forms.CallForm, gettext_lazy("Hubungi kantor atau mitra"), gettext_lazy("Kirim pesan"), _call
    ),
    "kaji": Act(
        "kaji-cepat",
        forms.AssessForm,
        gettext_lazy("Kaji cepat baru"),
        gettext_lazy("Simpan versi baru"),
        _assess,
    ),
    "buka-titik": Act(
        "pengungsian",
        forms.ShelterForm,
        gettext_lazy("Buka titik pengungsian"),
        gettext_lazy("Buka titik"),
        _shelter,
    ),
    "hitung": Act(
        "pengungsian",
        forms.CountForm,
        gettext_lazy("Hitung pengungsi"),
        gettext_lazy("Simpan hitungan"),
        _count,
    ),
    "tutup-titik": Act(
        "pengungsian",
        forms.CloseShelterForm,
        "",
        gettext_lazy("Tutup titik ini"),
        _close_shelter,
        is_button=True,
    ),
    "kebutuhan": Act(
        "logistik",
        forms.NeedForm,
        gettext_lazy("Catat barang dan kebutuhannya"),
        gettext_lazy("Simpan"),
        _need,
    ),
    "barang": Act(
        "logistik", forms.StockForm, gettext_lazy("Barang masuk atau keluar"), gettext_lazy("Simpan"), _stock
    ),
    "tetapkan-status": Act(
        "status", forms.DecreeForm, gettext_lazy("Catat SK status"), gettext_lazy("Simpan SK"), _decree
    ),
    "laporkan": Act(
        "laporan", forms.NoForm, "", gettext_lazy("Buat laporan situasi sekarang"), _report, is_button=True
    ),
    "tetapkan": Act(
        "serah-terima", forms.PostForm, gettext_lazy("Tetapkan yang kosong"), gettext_lazy("Tetapkan"), _post
    ),
    "serahkan": Act(
        "serah-terima",
        forms.HandOverForm,
        gettext_lazy("Serahkan tugas saya"),
        gettext_lazy("Tulis serah terima"),
        _hand_over,
    ),
    "alihkan": Act(
        "serah-terima",
        forms.VacateForm,
        gettext_lazy("Alihkan tanpa serah terima"),
        gettext_lazy("Alihkan"),
        _vacate,
    ),
    "terima": Act("serah-terima", forms.HandOverActForm, "", gettext_lazy("Terima"), _accept, is_button=True),
    "tarik": Act("serah-terima", forms.HandOverActForm, "", gettext_lazy("Tarik"), _withdraw, is_button=True),
    "umumkan": Act(
        "keadaan",
        forms.ShowForm,
        gettext_lazy("Halaman warga"),
        gettext_lazy("Simpan"),
        _show,
        also_closed=True,
    ),
    "kendali": Act(
        "keadaan",
        forms.ReasonForm,
        gettext_lazy("Nyatakan terkendali"),
        gettext_lazy("Nyatakan terkendali"),
        _moves(Move.CONTAIN, gettext_lazy("Insiden dinyatakan terkendali.")),
        Move.CONTAIN,
    ),
    "memburuk": Act(
        "keadaan",
        forms.ReasonForm,
        gettext_lazy("Tidak lagi terkendali"),
        gettext_lazy("Nyatakan berlangsung lagi"),
        _moves(Move.WORSEN, gettext_lazy("Insiden berlangsung lagi.")),
        Move.WORSEN,
    ),
    "tutup": Act(
        "keadaan",
        forms.ReasonForm,
        gettext_lazy("Tutup insiden"),
        gettext_lazy("Tutup insiden"),
        _moves(Move.CLOSE, gettext_lazy("Insiden ditutup.")),
        Move.CLOSE,
    ),
    "buka-lagi": Act(
        "keadaan",
        forms.ReasonForm,
        gettext_lazy("Buka lagi insiden"),
        gettext_lazy("Buka lagi insiden"),
        _moves(Move.REOPEN, gettext_lazy("Insiden dibuka lagi.")),
        Move.REOPEN,
    ),
}

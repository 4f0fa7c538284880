"""How an incident and what happens in it are said."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.events import Event
from guyub.events import incidents as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells, tells_each
from guyub.rooms.incidents.rules import Legal, Post, State, StepKind
from guyub.ui.rows import day_in_words

STATES = {
    State.OPEN: (gettext_lazy("Berlangsung"), "hazard"),
    State.CONTAINED: (gettext_lazy("Terkendali"), "progress"),
    State.CLOSED: (gettext_lazy("Ditutup"), "info"),
}
LEVELS = {
    "WASPADA": (gettext_lazy("Waspada"), "waiting"),
    "SIAGA": (gettext_lazy("Siaga"), "hazard"),
    "AWAS": (gettext_lazy("Awas"), "hazard"),
}
POSTS = {
    Post.COMMAND: gettext_lazy("Komandan"),
    Post.OPERATIONS: gettext_lazy("Operasi"),
    Post.LOGISTICS: gettext_lazy("Logistik"),
    Post.HEALTH: gettext_lazy("Kesehatan"),
    Post.INFORMATION: gettext_lazy("Informasi"),
    Post.LIAISON: gettext_lazy("Penghubung"),
}
STATUSES = {
    Legal.ALERT: gettext_lazy("Siaga darurat"),
    Legal.RESPONSE: gettext_lazy("Tanggap darurat"),
    Legal.TRANSITION: gettext_lazy("Transisi darurat ke pemulihan"),
}
STEP_KINDS = {
    StepKind.DO: gettext_lazy("Dikerjakan posko"),
    StepKind.CALL: gettext_lazy("Menghubungi"),
    StepKind.TASK: gettext_lazy("Tugas bagi kantor"),
    StepKind.INITIATIVE: gettext_lazy("Membuka prakarsa"),
}
GROUPS = {
    "babies": gettext_lazy("Bayi"),
    "toddlers": gettext_lazy("Balita"),
    "pregnant": gettext_lazy("Hamil atau menyusui"),
    "elderly": gettext_lazy("Lansia"),
    "disabled": gettext_lazy("Penyandang disabilitas"),
}

_TOLD: dict[type[Event], tuple[Any, str]] = {
    events.ResponseProposed: (gettext_lazy("Penanganan diusulkan karena ada peringatan"), "waiting"),
    events.ResponseDeclined: (gettext_lazy("Usulan penanganan tidak dijalankan"), "rejected"),
    events.ResponseLapsed: (gettext_lazy("Peringatannya berakhir sebelum usulan diputuskan"), "info"),
    events.IncidentOpened: (gettext_lazy("Insiden dibuka"), "hazard"),
    events.SourceAdded: (gettext_lazy("Dasar insiden ditambahkan"), "info"),
    events.IncidentContained: (gettext_lazy("Terkendali"), "progress"),
    events.IncidentWorsened: (gettext_lazy("Tidak lagi terkendali"), "hazard"),
    events.IncidentClosed: (gettext_lazy("Insiden ditutup"), "confirmed"),
    events.IncidentReopened: (gettext_lazy("Insiden dibuka lagi"), "hazard"),
    events.LogRead: (gettext_lazy("Catatan dibaca sampai di sini"), "info"),
    events.TaskSet: (gettext_lazy("Tugas diberikan"), "waiting"),
    events.TaskDone: (gettext_lazy("Tugas selesai"), "confirmed"),
    events.TaskDropped: (gettext_lazy("Tugas dibatalkan"), "rejected"),
    events.PartyCalled: (gettext_lazy("Dihubungi"), "progress"),
    events.ShelterOpened: (gettext_lazy("Titik pengungsian dibuka"), "progress"),
    events.ShelterClosed: (gettext_lazy("Titik pengungsian ditutup"), "info"),
    events.StepDone: (gettext_lazy("Langkah panduan dikerjakan"), "confirmed"),
    events.StepSkipped: (gettext_lazy("Langkah panduan dilewati"), "rejected"),
}


tells_each(_TOLD, public=False)


def _sentence(fact: RecordedFact, text: str, tone: str) -> Sentence:
    return Sentence(at=fact.occurred_at, text=text, tone=tone, public=False)


@tells(events.IncidentShown)
def _shown(fact: RecordedFact) -> Sentence:
    on = fact.payload["is_public"]
    return _sentence(fact, _("Diumumkan kepada warga") if on else _("Tidak lagi diumumkan"), "info")


@tells(events.PostTaken)
def _post(fact: RecordedFact) -> Sentence:
    return _sentence(fact, _("%(post)s dipegang") % {"post": _post_of(fact)}, "progress")


@tells(events.HandOverWritten)
def _written(fact: RecordedFact) -> Sentence:
    return _sentence(fact, _("Serah terima %(post)s ditulis") % {"post": _post_of(fact)}, "waiting")


@tells(events.HandOverAccepted)
def _accepted(fact: RecordedFact) -> Sentence:
    said = _("Serah terima %(post)s diterima: %(tasks)d tugas terbuka, %(lines)d catatan belum dibaca") % {
        "post": _post_of(fact),
        "tasks": fact.payload["open_tasks"],
        "lines": fact.payload["unread"],
    }
    return _sentence(fact, said, "confirmed")


@tells(events.HandOverWithdrawn)
def _withdrawn(fact: RecordedFact) -> Sentence:
    return _sentence(fact, _("Serah terima %(post)s ditarik") % {"post": _post_of(fact)}, "rejected")


def _post_of(fact: RecordedFact) -> str:
    return str(POSTS[Post(fact.payload["post"])])


@tells(events.LineWritten)
def _line(fact: RecordedFact) -> Sentence:
    said = _("Pembetulan ditulis") if fact.payload["corrects"] else _("Catatan ditulis")
    return _sentence(fact, said, "info")


@tells(events.Assessed)
def _assessed(fact: RecordedFact) -> Sentence:
    return _sentence(fact, _("Kaji cepat versi %(edition)d") % fact.payload, "progress")


@tells(events.ShelterCounted)
def _counted(fact: RecordedFact) -> Sentence:
    return _sentence(
        fact, _("Pengungsi dihitung: %(people)d orang, %(families)d keluarga") % fact.payload, "info"
    )


@tells(events.StockMoved)
def _moved(fact: RecordedFact) -> Sentence:
    amount = fact.payload["amount"]
    said = (
        _("Barang masuk: %(n)d, persediaan %(left)d")
        if amount > 0
        else _("Barang keluar: %(n)d, persediaan %(left)d")
    )
    return _sentence(fact, said % {"n": abs(amount), "left": fact.payload["left"]}, "info")


@tells(events.NeedStated)
def _needed(fact: RecordedFact) -> Sentence:
    return _sentence(fact, _("Kebutuhan barang dicatat: %(needed)d") % fact.payload, "waiting")


@tells(events.StatusDecreed)
def _decreed(fact: RecordedFact) -> Sentence:
    status = STATUSES[Legal(fact.payload["status"])]
    words = {
        "status": status,
        "first": day_in_words(date.fromisoformat(fact.payload["first"])),
        "last": day_in_words(date.fromisoformat(fact.payload["last"])),
    }
    if fact.payload["is_extension"]:
        return _sentence(fact, _("%(status)s diperpanjang sampai %(last)s") % words, "hazard")
    return _sentence(fact, _("%(status)s ditetapkan, %(first)s sampai %(last)s") % words, "hazard")


@tells(events.SituationReported)
def _reported(fact: RecordedFact) -> Sentence:
    return _sentence(fact, _("Laporan situasi nomor %(number)d dibuat") % fact.payload, "info")


@tells(events.PlaybookStarted)
def _started(fact: RecordedFact) -> Sentence:
    words = {"steps": fact.payload["steps"], "level": LEVELS[fact.payload["level"]][0]}
    return _sentence(fact, _("Panduan tingkat %(level)s: %(steps)d langkah") % words, "progress")


@tells(events.OwnStepChanged)
def _own(fact: RecordedFact) -> Sentence:
    on = fact.payload["is_active"]
    said = (
        _("Langkah milik kota ditambahkan ke panduan") if on else _("Langkah milik kota dicabut dari panduan")
    )
    return _sentence(fact, said, "info")

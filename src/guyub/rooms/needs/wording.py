"""How needs, offers and what happens to them are said."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.events import needs as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells, tells_each
from guyub.rooms.needs.rules import Answer, Every, Resource, Standing, State, Withdrawal

RESOURCES = {
    Resource.MONEY: gettext_lazy("Uang"),
    Resource.GOODS: gettext_lazy("Barang"),
    Resource.HOURS: gettext_lazy("Tenaga relawan"),
    Resource.SKILL: gettext_lazy("Keahlian atau jasa"),
    Resource.PLACE: gettext_lazy("Tempat"),
    Resource.PERMIT: gettext_lazy("Izin atau advokasi"),
    Resource.DATA: gettext_lazy("Data atau penelitian"),
    Resource.PUBLICITY: gettext_lazy("Publikasi"),
    Resource.SOFTWARE: gettext_lazy("Aplikasi atau kode"),
}
STATES = {
    State.DRAFT: (gettext_lazy("Rancangan"), "waiting"),
    State.PROPOSED: (gettext_lazy("Menunggu dibaca kantor wilayah"), "waiting"),
    State.PUBLISHED: (gettext_lazy("Dicari"), "info"),
    State.TAKEN_UP: (gettext_lazy("Sedang dikerjakan"), "progress"),
    State.MET: (gettext_lazy("Terpenuhi"), "confirmed"),
    State.WITHDRAWN: (gettext_lazy("Ditarik"), "rejected"),
    State.EXPIRED: (gettext_lazy("Habis masa berlakunya"), "rejected"),
}
STANDINGS = {
    Standing.ACTIVE: (gettext_lazy("Berlaku"), "confirmed"),
    Standing.PAUSED: (gettext_lazy("Dijeda"), "waiting"),
    Standing.EXPIRED: (gettext_lazy("Perlu diperbarui"), "rejected"),
    Standing.ENDED: (gettext_lazy("Diakhiri"), "rejected"),
}
EVERY = {
    Every.ONCE: gettext_lazy("sekali"),
    Every.WEEK: gettext_lazy("setiap minggu"),
    Every.MONTH: gettext_lazy("setiap bulan"),
    Every.YEAR: gettext_lazy("setiap tahun"),
}
WITHDRAWALS = {
    Withdrawal.NOT_NEEDED: gettext_lazy("Tidak diperlukan lagi"),
    Withdrawal.OTHER_WAY: gettext_lazy("Terpenuhi dengan cara lain"),
    Withdrawal.MISTAKE: gettext_lazy("Keliru atau ganda"),
    Withdrawal.UNFIT: gettext_lazy("Tidak patut ditampilkan"),
}
ANSWERS = {
    Answer.OPEN: (gettext_lazy("Sudah diajak, belum menjawab"), "waiting"),
    Answer.YES: (gettext_lazy("Menyanggupi"), "confirmed"),
    Answer.NO: (gettext_lazy("Belum bisa"), "rejected"),
    Answer.LAPSED: (gettext_lazy("Berakhir sebelum dijawab"), "info"),
}
_UNITS = {
    "rupiah": gettext_lazy("rupiah"),
    "jam": gettext_lazy("jam"),
    "kali": gettext_lazy("kali"),
    "hari": gettext_lazy("hari"),
    "paket": gettext_lazy("paket"),
}


def amount_said(amount: int, unit: str) -> str:
    """ "Rp5.000.000", "40 jam": an amount with its unit, in the current language."""
    figure = number_format(amount, force_grouping=True)
    return f"Rp{figure}" if unit == "rupiah" else f"{figure} {_UNITS.get(unit, unit)}"


_TOLD: dict[type[events.Event], tuple[object, str, bool]] = {
    events.NeedDrafted: (gettext_lazy("Kebutuhan ditulis"), "info", False),
    events.NeedChanged: (gettext_lazy("Kebutuhan diubah"), "info", False),
    events.NeedProposed: (gettext_lazy("Menunggu dibaca kantor wilayah"), "waiting", False),
    events.NeedReturned: (gettext_lazy("Dikembalikan untuk diubah"), "rejected", False),
    events.NeedPublished: (gettext_lazy("Diterbitkan"), "info", True),
    events.NeedProlonged: (gettext_lazy("Masa berlaku diperpanjang"), "info", True),
    events.NeedTakenUp: (gettext_lazy("Dikerjakan lewat prakarsa"), "progress", True),
    events.NeedGivenBack: (gettext_lazy("Dicari lagi: prakarsanya tidak dilanjutkan"), "waiting", True),
    events.NeedMet: (gettext_lazy("Terpenuhi"), "confirmed", True),
    events.NeedExpired: (gettext_lazy("Habis masa berlakunya"), "rejected", True),
    events.OfferMade: (gettext_lazy("Tawaran dicatat"), "info", False),
    events.OfferChanged: (gettext_lazy("Tawaran diubah"), "info", False),
    events.OfferPaused: (gettext_lazy("Tawaran dijeda"), "waiting", False),
    events.OfferResumed: (gettext_lazy("Tawaran berlaku lagi"), "confirmed", False),
    events.OfferRenewed: (gettext_lazy("Tawaran diperbarui"), "confirmed", False),
    events.OfferExpired: (gettext_lazy("Tawaran tidak diperbarui"), "rejected", False),
}


tells_each(_TOLD)


@tells(events.CasesTied)
def _tied(fact: RecordedFact) -> Sentence:
    said = _("%(n)d laporan ditambahkan") % {"n": fact.payload["cases"]}
    return Sentence(at=fact.occurred_at, text=said, tone="info", public=True)


@tells(events.NeedWithdrawn)
def _withdrawn(fact: RecordedFact) -> Sentence:
    reason = fact.payload["reason"]
    said = WITHDRAWALS[Withdrawal(reason)] if reason in set(Withdrawal) else _("Mitranya ditutup")
    text = _("Ditarik: %(reason)s") % {"reason": said}
    return Sentence(at=fact.occurred_at, text=text, tone="rejected", public=True)


@tells(events.OfferEnded)
def _offer_ended(fact: RecordedFact) -> Sentence:
    said = {
        "OWNER": _("Tawaran diakhiri pemberinya"),
        "CITY": _("Tawaran diakhiri pemerintah daerah"),
        "PARTNER_CLOSED": _("Tawaran berakhir: mitranya ditutup"),
    }
    return Sentence(at=fact.occurred_at, text=said[fact.payload["cause"]], tone="rejected", public=False)


@tells(events.HelpAsked)
def _asked(fact: RecordedFact) -> Sentence:
    said = (
        _("Sebuah mitra diajak membantu") if fact.payload["partner"] else _("Seorang warga diajak membantu")
    )
    return Sentence(at=fact.occurred_at, text=said, tone="waiting", public=False)


@tells(events.HelpAnswered)
def _answered(fact: RecordedFact) -> Sentence:
    yes = fact.payload["answer"] == "YES"
    said = _("Ajakan disanggupi") if yes else _("Ajakan dijawab: belum bisa")
    return Sentence(at=fact.occurred_at, text=said, tone="confirmed" if yes else "info", public=False)

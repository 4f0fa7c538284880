"""How sensors and what happens to them are said."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.events import sensing as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells
from guyub.rooms.sensing.quality import Flag
from guyub.rooms.sensing.rules import No, Verdict

REFUSALS = {
    No.NO_DATASTREAM: gettext_lazy("Deret data ini tidak ada."),
    No.NO_FEATURE: gettext_lazy("Objek amatan tidak disebut, dan alat ini belum punya lokasi."),
    No.UNKNOWN_FEATURE: gettext_lazy("Objek amatan ini tidak ada."),
    No.NO_RESULT: gettext_lazy("Nilai hasil kosong."),
    No.RESULT: gettext_lazy("Nilai hasil tidak dapat disimpan."),
    No.TIME: gettext_lazy("Waktu harus lengkap dengan zonanya, misalnya 2026-11-22T07:00:00+07:00."),
    No.TOO_OLD: gettext_lazy("Waktunya terlalu lama berlalu bagi deret data ini."),
    No.TOO_FAR: gettext_lazy("Waktunya terlalu jauh di depan. Periksa jam alat."),
    No.ARCHIVED: gettext_lazy("Bulan ini sudah diarsipkan dan tidak menerima nilai lagi."),
    No.ORDER: gettext_lazy("Akhir waktu mendahului awalnya."),
    No.EXTRA: gettext_lazy("Keterangan mutu atau parameter tidak dapat disimpan."),
    No.MESSAGE: gettext_lazy("Pesan bukan objek JSON, atau lebih panjang dari 64 kB."),
    No.DATABASE: gettext_lazy("Basis data menolak pesan ini."),
}


@tells(events.SensorSilent)
def _silent(fact: RecordedFact) -> Sentence:
    return _said(fact, _("Sensor diam"), "overdue")


@tells(events.SensorBack)
def _back(fact: RecordedFact) -> Sentence:
    said = {"n": fact.payload["minutes"]}
    text = _("Sensor mengirim lagi setelah diam %(n)s menit") % said
    return _said(fact, text, "done")


FLAGS = {
    Flag.RANGE: gettext_lazy("Di luar batas wajar"),
    Flag.SENTINEL: gettext_lazy("Tanda galat alat"),
    Flag.SPIKE: gettext_lazy("Lonjakan sesaat"),
    Flag.FLAT: gettext_lazy("Tidak bergerak"),
    Flag.RATE: gettext_lazy("Berubah terlalu cepat"),
    Flag.GAP: gettext_lazy("Sesudah data bolong"),
    Flag.DRIFT: gettext_lazy("Bergeser dari alat pembanding"),
    Flag.OFFICER_BAD: gettext_lazy("Dinyatakan salah oleh petugas"),
    Flag.OFFICER_GOOD: gettext_lazy("Dinyatakan benar oleh petugas"),
}
VERDICTS = {
    Verdict.BAD: gettext_lazy("Salah: tidak ikut dihitung"),
    Verdict.GOOD: gettext_lazy("Benar: ikut dihitung"),
    Verdict.TESTS: gettext_lazy("Serahkan lagi kepada uji otomatis"),
}


def flags_in_words(flags: int) -> str:
    return ", ".join(str(words) for flag, words in FLAGS.items() if flags & flag)


def _said(fact: RecordedFact, text: str, tone: str, *, public: bool = True) -> Sentence:
    return Sentence(at=fact.occurred_at, text=text, tone=tone, public=public)


@tells(events.SensorAdded)
def _added(fact: RecordedFact) -> Sentence:
    return _said(fact, _("Sensor didaftarkan"), "info")


@tells(events.SensorChanged)
def _changed(fact: RecordedFact) -> Sentence:
    return _said(fact, _("Pengaturan sensor diubah"), "info", public=False)


@tells(events.ValueJudged)
def _judged(fact: RecordedFact) -> Sentence:
    verdict = str(VERDICTS[Verdict(fact.payload["verdict"])])
    return _said(
        fact, _("Satu nilai dinilai petugas. %(verdict)s") % {"verdict": verdict}, "info", public=False
    )


@tells(events.WriterAdded)
def _writer(fact: RecordedFact) -> Sentence:
    return _said(fact, _("Aplikasi diizinkan mengirim"), "info", public=False)


@tells(events.WriterRemoved)
def _no_writer(fact: RecordedFact) -> Sentence:
    return _said(fact, _("Izin aplikasi mengirim dicabut"), "rejected", public=False)


@tells(events.EntityAdded)
def _described(fact: RecordedFact) -> Sentence:
    return _said(fact, _("Didaftarkan oleh aplikasi kantor"), "info", public=False)


@tells(events.EntityChanged)
def _described_anew(fact: RecordedFact) -> Sentence:
    return _said(fact, _("Keterangan diubah oleh aplikasi kantor"), "info", public=False)


@tells(events.EntityRemoved)
def _removed(fact: RecordedFact) -> Sentence:
    return _said(fact, _("Dihapus oleh aplikasi kantor"), "rejected", public=False)

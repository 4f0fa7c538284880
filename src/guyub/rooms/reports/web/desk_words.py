"""How the case page says each thing that an officer can do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from guyub.kernel.access.api import Person, roles
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, Verb
from guyub.rooms.reports.models import Report


@dataclass(frozen=True, slots=True)
class Said:
    """`explain` says what follows; `done` is told after it has happened."""

    title: str
    explain: str
    button: str
    done: str
    confirm: str = ""


def said_of(verb: Verb, *, report: Report, case: Case, person: Person) -> Said:
    """The words for one verb, in the current language. A head's own proposal is decided at once."""
    decides = casework.access.may(person, roles.APPROVE_SCHEDULE, case)
    by_rule = verb is Verb.HAND_OVER and casework.queries.coordinator_decides(case, person, at=timezone.now())
    stays_hidden = report.about_conduct or report.is_confidential
    return {
        Verb.ACCEPT: _accept,
        Verb.RETURN: _return,
        Verb.VERIFY: _verify_hidden if stays_hidden else _verify,
        Verb.DECIDE: _decide,
        Verb.ANSWER: _answer_hidden if stays_hidden else _answer,
        Verb.COMPLETE: _complete,
        Verb.DISPOSE: _dispose,
        Verb.HAND_OVER: _to_coordinator if by_rule else _hand_over,
        Verb.SPLIT: _split,
        Verb.LETTER: _letter,
        Verb.SEND_OUT: _send_out,
        Verb.BODY_REPLY: _body_reply,
        Verb.TAKE_BACK: _take_back,
        Verb.ASK: _ask,
        Verb.SCHEDULE: _schedule_at_once if decides else _schedule,
        Verb.ESCALATE: _escalate,
        Verb.EXPLAIN_DELAY: _explain_delay,
        Verb.MERGE: _merge,
        Verb.GATHER: _gather,
        Verb.UNMERGE: _unmerge,
        Verb.REJECT: _reject,
        Verb.NOTE: _note,
    }[verb](case)


def _accept(case: Case) -> Said:
    return Said(
        _("Terima permohonan"),
        _(
            "Pemerintah desa menyanggupi memeriksa dan menangani laporan ini. Setelah itu laporan dapat "
            "diverifikasi."
        ),
        _("Terima permohonan"),
        _("Permohonan diterima."),
    )


def _return(case: Case) -> Said:
    to = casework.queries.returns_to(case).name
    return Said(
        _("Kembalikan ke %(office)s") % {"office": to},
        _("Bila desa tidak dapat menanganinya. Alasannya dibaca kecamatan dan tercatat."),
        _("Kembalikan"),
        _("Permohonan dikembalikan ke %(office)s.") % {"office": to},
    )


def _verify(case: Case) -> Said:
    return Said(
        _("Periksa dan tampilkan"),
        _(
            "Laporan lengkap dan tugas kantor ini. Setelah ini isinya dapat dibaca umum dan jam jawaban "
            "pertama mulai."
        ),
        _("Verifikasi dan tampilkan"),
        _("Laporan diverifikasi dan ditampilkan untuk umum."),
    )


def _verify_hidden(case: Case) -> Said:
    return Said(
        _("Periksa laporan"),
        _(
            "Laporan rahasia atau tentang perilaku petugas tidak pernah ditampilkan: isi dan fotonya "
            "tetap tertutup."
        ),
        _("Verifikasi tanpa menampilkan"),
        _("Laporan diverifikasi. Isinya tetap tertutup."),
    )


def _decide(case: Case) -> Said:
    return Said(
        _("Putuskan penjadwalan"),
        _(
            "Bila disetujui, laporan menjadi Dijadwalkan dan alasan, kantor, serta bulannya dapat "
            "dibaca umum."
        ),
        _("Simpan keputusan"),
        _("Keputusan disimpan."),
    )


def _answer(case: Case) -> Said:
    return Said(
        _("Jawab"),
        _("Dapat dibaca umum. Katakan apa yang akan dilakukan, oleh siapa, dan kapan."),
        _("Kirim jawaban"),
        _("Jawaban dikirim."),
    )


def _answer_hidden(case: Case) -> Said:
    return Said(
        _("Jawab"),
        _("Hanya pelapor yang membaca jawaban ini, karena isi laporannya tertutup."),
        _("Kirim jawaban"),
        _("Jawaban dikirim."),
    )


def _complete(case: Case) -> Said:
    return Said(
        _("Nyatakan selesai dikerjakan"),
        _(
            "Tunjukkan hasilnya dengan foto. Pelapor lalu diminta mengonfirmasi; ia dapat menyatakan "
            "belum selesai."
        ),
        _("Nyatakan selesai"),
        _("Pekerjaan dinyatakan selesai. Pelapor diminta mengonfirmasi."),
    )


def _dispose(case: Case) -> Said:
    return Said(
        _("Disposisikan ke petugas"),
        _("Petugas kantor ini yang mengerjakannya. Namanya tidak tampil untuk umum."),
        _("Disposisikan"),
        _("Laporan didisposisikan."),
    )


def _hand_over(case: Case) -> Said:
    return Said(
        _("Teruskan ke kantor lain"),
        _(
            "Tenggat penyelesaian tetap dihitung sejak laporan diterima. Desa menerima permohonan, "
            "bukan perintah."
        ),
        _("Teruskan"),
        _("Laporan diteruskan."),
    )


def _to_coordinator(case: Case) -> Said:
    return Said(
        _("Serahkan ke koordinator"),
        _(
            "Laporan ini sudah berkali-kali berpindah kantor. Kantor yang Anda pilih menjadi usul; "
            "koordinator yang menentukan, dan pilihannya berlaku."
        ),
        _("Serahkan ke koordinator"),
        _("Laporan diserahkan ke koordinator."),
    )


def _split(case: Case) -> Said:
    return Said(
        _("Bagi ke kantor lain"),
        _(
            "Untuk laporan yang perlu beberapa kantor. Kantor itu mendapat bagiannya sendiri dengan tenggatnya "
            "sendiri; bagian Anda tetap di sini."
        ),
        _("Bagi laporan"),
        _("Laporan dibagi."),
    )


def _letter(case: Case) -> Said:
    return Said(
        _("Siapkan surat ke instansi luar"),
        _("PLN, balai, dan instansi lain tidak diperintah kota: mereka disurati, dan laporan tetap terbuka."),
        _("Siapkan surat"),
        _("Surat disiapkan. Unduh, tandatangani, lalu isi nomornya di sini."),
    )


def _send_out(case: Case) -> Said:
    return Said(
        _("Surat sudah dikirim"),
        _(
            "Nomor dan tanggal surat dapat dibaca umum. Laporan menjadi: diteruskan ke instansi luar, belum selesai."
        ),
        _("Catat surat terkirim"),
        _("Laporan diteruskan ke instansi luar, belum selesai."),
    )


def _body_reply(case: Case) -> Said:
    return Said(
        _("Catat balasan instansi"),
        _("Setelah itu jawab pelapor, nyatakan selesai, atau tangani sendiri lagi."),
        _("Simpan balasan"),
        _("Balasan dicatat."),
    )


def _take_back(case: Case) -> Said:
    return Said(
        _("Tangani sendiri lagi"),
        _("Jam penyelesaian kantor ini berlaku lagi."),
        _("Tangani sendiri lagi"),
        _("Laporan kembali ditangani kantor ini."),
    )


def _ask(case: Case) -> Said:
    return Said(
        _("Tanya pelapor"),
        _("Hanya pelapor yang membacanya. Jam kantor berhenti sampai ia menjawab."),
        _("Kirim pertanyaan"),
        _("Pertanyaan dikirim. Jam kantor berhenti sampai pelapor menjawab."),
    )


def _schedule(case: Case) -> Said:
    return Said(
        _("Usulkan penjadwalan"),
        _(
            "Untuk pekerjaan yang menunggu anggaran. Usul ini diputuskan kepala kantor; bila disetujui, "
            "dapat dibaca umum."
        ),
        _("Kirim usul"),
        _("Usul penjadwalan dikirim ke kepala kantor."),
    )


def _schedule_at_once(case: Case) -> Said:
    return Said(
        _("Jadwalkan"),
        _(
            "Untuk pekerjaan yang menunggu anggaran. Anda memutuskannya sebagai kepala kantor; "
            "alasan dan bulannya dapat dibaca umum."
        ),
        _("Jadwalkan"),
        _("Laporan dijadwalkan."),
    )


def _escalate(case: Case) -> Said:
    above = next((office.name for _rung, office in casework.ladder.offices_above(case)), "")
    return Said(
        _("Naikkan ke %(office)s") % {"office": above},
        _("Bila kantor ini tidak mampu sendiri. Tugasnya tetap di sini sampai diteruskan."),
        _("Naikkan"),
        _("Laporan dinaikkan ke %(office)s.") % {"office": above},
    )


def _explain_delay(case: Case) -> Said:
    return Said(
        _("Catatan keterlambatan"),
        _("Laporan ini lewat tenggat dan sudah dinaikkan. Jelaskan mengapa, dan kapan dapat ditangani."),
        _("Simpan catatan"),
        _("Catatan keterlambatan disimpan."),
    )


def _reject(case: Case) -> Said:
    return Said(
        _("Tidak dapat diproses"),
        _("Laporan berakhir. Pelapor membaca alasan dan penjelasan Anda."),
        _("Tutup sebagai tidak dapat diproses"),
        _("Laporan ditutup sebagai tidak dapat diproses."),
        _("Tutup laporan ini? Ini tidak dapat dibatalkan."),
    )


def _note(case: Case) -> Said:
    return Said(
        _("Catatan internal"),
        _("Hanya petugas yang dapat melihat laporan ini yang membacanya."),
        _("Simpan catatan"),
        _("Catatan disimpan."),
    )


def _merge(case: Case) -> Said:
    return Said(
        _("Gabung ke laporan lain"),
        _(
            "Bila hal yang sama sudah dilaporkan. Laporan ini ditutup sebagai digabung dan tidak dihitung selesai; "
            "pelapornya tetap dikabari dan dapat berkata ini hal lain."
        ),
        _("Gabungkan"),
        _("Laporan digabung. Pelapornya dikabari."),
    )


def _gather(case: Case) -> Said:
    return Said(
        _("Gabungkan laporan lain ke sini"),
        _("Yang dicentang ditutup sebagai digabung; semua pelapornya mengikuti laporan ini."),
        _("Gabungkan yang dicentang"),
        _("Laporan yang dicentang digabung ke sini."),
    )


def _unmerge(case: Case) -> Said:
    return Said(
        _("Batalkan penggabungan"),
        _(
            "Laporan ini kembali persis seperti sebelum digabung, dengan tenggat yang sama. Pelapornya dikabari."
        ),
        _("Pisahkan lagi"),
        _("Penggabungan dibatalkan."),
    )

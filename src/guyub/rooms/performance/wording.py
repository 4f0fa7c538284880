"""What figures are called, and what each of them means."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.rooms.performance.rules import Period
from guyub.ui.rows import day_in_words

LABELS = {
    "masuk": gettext_lazy("Laporan masuk"),
    "dikonfirmasi": gettext_lazy("Selesai, dikonfirmasi"),
    "tanpa-tanggapan": gettext_lazy("Selesai, tanpa tanggapan"),
    "menunggu-konfirmasi": gettext_lazy("Selesai dikerjakan, menunggu konfirmasi"),
    "keberatan-ditolak": gettext_lazy("Ditutup, keberatan ditolak dengan alasan"),
    "dikerjakan": gettext_lazy("Belum selesai, di kantor"),
    "dijadwalkan": gettext_lazy("Dijadwalkan"),
    "instansi-luar": gettext_lazy("Di instansi luar, belum selesai"),
    "tidak-dijawab": gettext_lazy("Ditutup, pertanyaan tidak dijawab"),
    "tidak-diproses": gettext_lazy("Tidak dapat diproses"),
    "digabung": gettext_lazy("Digabung dengan laporan lain"),
    "dibuka-kembali": gettext_lazy("Pelapor menyatakan belum selesai"),
    "dijeda": gettext_lazy("Pernah menunggu jawaban pelapor"),
    "diteruskan": gettext_lazy("Diteruskan ke kantor lain"),
    "terbuka": gettext_lazy("Belum selesai sekarang"),
    "terlambat": gettext_lazy("Lewat tenggat penyelesaian"),
    "jadwal-lewat": gettext_lazy("Dijadwalkan, bulannya sudah lewat"),
    "luar-lewat": gettext_lazy("Instansi luar, lewat waktu balasan"),
    "terlambat-diteruskan": gettext_lazy("Lewat tenggat penyelesaian di kantor lain"),
    "dikonfirmasi-persen": gettext_lazy("Dikonfirmasi, dari yang dinyatakan selesai"),
    "dibuka-kembali-persen": gettext_lazy("Dibantah, dari yang pernah dinyatakan selesai"),
    "hari-jeda": gettext_lazy("Hari kerja menunggu pelapor, seluruhnya"),
    "separuh": gettext_lazy("Separuh selesai dalam"),
    "sembilan-puluh": gettext_lazy("Sembilan dari sepuluh selesai dalam"),
}
MEANS = {
    "masuk": gettext_lazy(
        "Laporan yang diterima dalam masa itu. Laporan yang dibagi kepada dua kantor dihitung pada keduanya, "
        "sebab dua kantor berkewajiban."
    ),
    "dikonfirmasi": gettext_lazy(
        "Pelapor, atau Ketua RT setempat bila pelapor tidak menanggapi, memeriksa dan menyatakan masalahnya selesai."
    ),
    "tanpa-tanggapan": gettext_lazy(
        "Kantor menyatakan selesai, pelapor tidak menjawab sampai batas waktu. Tidak pernah dijumlahkan dengan "
        "yang dikonfirmasi."
    ),
    "menunggu-konfirmasi": gettext_lazy(
        "Kantor menyatakan selesai, pelapor masih punya waktu untuk menjawab. Belum dihitung selesai."
    ),
    "keberatan-ditolak": gettext_lazy(
        "Pelapor berkeberatan; kantor di atasnya menilai pekerjaan selesai dan menuliskan alasannya. Tidak pernah "
        "dihitung sebagai selesai."
    ),
    "dikerjakan": gettext_lazy(
        "Menunggu verifikasi, sedang ditangani, atau menunggu jawaban pelapor. Yang belum diverifikasi ikut "
        "dihitung, supaya menunda verifikasi tidak memperindah angka."
    ),
    "dijadwalkan": gettext_lazy(
        "Ditunda ke bulan tertentu dengan alasan dan keputusan kepala kantor. Bukan selesai; waktunya terus dihitung."
    ),
    "instansi-luar": gettext_lazy(
        "Sudah disurati ke instansi yang bukan milik pemerintah daerah. Bukan selesai; waktunya terus dihitung."
    ),
    "tidak-dijawab": gettext_lazy("Ditutup karena pertanyaan petugas tidak dijawab. Tidak ada pekerjaan."),
    "tidak-diproses": gettext_lazy(
        "Ditolak dengan alasan yang tertulis di laporannya. Bukan selesai, dan tidak ikut dalam persen mana pun."
    ),
    "digabung": gettext_lazy(
        "Hal yang sama sudah dilaporkan; penanganannya dihitung pada laporan itu. Tidak ikut dalam persen mana pun."
    ),
    "dibuka-kembali": gettext_lazy(
        "Kantor menyatakan selesai, pelapor membantah. Tetap dihitung di sini walau kemudian selesai."
    ),
    "dijeda": gettext_lazy(
        "Jam berhenti hanya selama pelapor ditanya. Hari-hari itu tidak dihitung sebagai waktu kantor."
    ),
    "diteruskan": gettext_lazy(
        "Pernah di kantor ini, sekarang di kantor lain. Tetap ikut dalam semua angka kantor ini sampai selesai."
    ),
    "terbuka": gettext_lazy("Semua yang belum dinyatakan selesai hari ini, kapan pun masuknya."),
    "terlambat": gettext_lazy(
        "Tenggat penyelesaiannya sudah lewat hari ini. Tenggat itu dihitung sejak laporan diterima dan tidak berubah "
        "bila diteruskan. Yang dijadwalkan dan yang di instansi luar ada di angka sendiri."
    ),
    "jadwal-lewat": gettext_lazy("Bulan yang dijanjikan sudah lewat dan belum dinyatakan selesai."),
    "luar-lewat": gettext_lazy("Waktu yang diberikan dalam surat sudah lewat."),
    "terlambat-diteruskan": gettext_lazy(
        "Pernah di kantor ini, sekarang lewat tenggat penyelesaian di kantor lain: meneruskan tidak menghapusnya "
        "dari halaman ini."
    ),
    "dikonfirmasi-persen": gettext_lazy(
        "Selesai dikonfirmasi ÷ (dikonfirmasi + tanpa tanggapan + menunggu konfirmasi)."
    ),
    "dibuka-kembali-persen": gettext_lazy(
        "Yang pernah dibantah pelapor ÷ yang pernah dinyatakan selesai, yang dibantah termasuk."
    ),
    "hari-jeda": gettext_lazy("Jumlah hari kerja yang tidak dihitung karena pelapor ditanya."),
    "separuh": gettext_lazy(
        "Hari kerja sejak diterima sampai separuh laporan selesai menurut perkiraan Kaplan–Meier, yang ikut "
        "menghitung laporan yang masih terbuka."
    ),
    "sembilan-puluh": gettext_lazy("Sama, sampai 90 persen laporan selesai."),
}


def said_period(period: Period) -> str:
    """`90 hari terakhir`, `2026`, `triwulan 4 2026`."""
    if period.kind == "days":
        return _("%(n)d hari terakhir") % {"n": period.number}
    if period.kind == "quarter":
        return _("Triwulan %(n)d %(year)d") % {"n": period.number, "year": period.since.year}
    return str(period.since.year)


def said_days(days: float | None) -> str:
    """A number of working days, or that it cannot be said yet."""
    return _("belum dapat dihitung") if days is None else _("%(n)d hari kerja") % {"n": days}


def first_and_last(period: Period, day_after: int = 1) -> str:
    """`25 Agustus 2026 – 20 November 2026`."""
    last = period.until.fromordinal(period.until.toordinal() - day_after)
    return f"{day_in_words(period.since, 'j M Y')} – {day_in_words(last, 'j M Y')}"

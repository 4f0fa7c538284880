"""All that an organiser or a giver can do, one line each: what it is called, its form, and the one action behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.files import api as files
from guyub.rooms.initiatives import (
    delivering,
    drafting,
    joining,
    lines,
    managing,
    partnering,
    pledging,
    working,
)
from guyub.rooms.initiatives.acting import Refused
from guyub.rooms.initiatives.delivering import Brings, Record
from guyub.rooms.initiatives.lines import Wanted
from guyub.rooms.initiatives.models import Delivery, Initiative, JoinedCase, Line, Pledge, Task
from guyub.rooms.initiatives.web import forms
from guyub.rooms.needs import api as needs
from guyub.rooms.partners import api as partners
from guyub.ui.fields import with_pages

Deed = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Act:
    """`about` names the kind of thing that it is done to; without one it is the initiative itself."""

    title: str | Promise
    button: str | Promise
    form: type[forms.ActForm]
    deed: Deed
    done: str | Promise
    about: str = ""
    explain: str | Promise = ""
    tone: str = "primary"


def _wanted(said: dict[str, Any]) -> Wanted:
    return Wanted(**{name: said[name] for name in Wanted.__dataclass_fields__})


def _does(action: Deed, *fields: Any, to: str = "initiative") -> Deed:
    """An action upon the initiative, or what of it is named, with these fields of the form; `...` stands for all."""

    def deed(row: Initiative, target: Any, said: dict[str, Any], by: Person, at: datetime) -> object:
        what = row if to == "initiative" else target
        with_it = said if fields == (...,) else {name: said[name] for name in fields}
        return action(**{to: what.pk}, **with_it, by=by, at=at)

    return deed


def _key(text: str) -> int | None:
    return int(text) if text else None


# Each deed is called with the initiative, its target, what the form said, the person and the moment.
ORGANISER: dict[str, Act] = {
    "ubah": Act(
        gettext_lazy("Ubah keterangan"),
        gettext_lazy("Simpan"),
        forms.ChangeForm,
        lambda row, target, said, by, at: drafting.change(initiative=row.pk, plan=said, by=by, at=at),
        gettext_lazy("Tersimpan."),
    ),
    "minta-persetujuan": Act(
        gettext_lazy("Minta persetujuan kantor wilayah"),
        gettext_lazy("Kirim permintaan"),
        forms.SureForm,
        _does(drafting.ask_consent),
        gettext_lazy("Permintaan terkirim ke kantor wilayah."),
        explain=gettext_lazy("Diperlukan bila mitra bekerja di lahan umum atau menghimpun dari umum."),
    ),
    "buka": Act(
        gettext_lazy("Buka untuk umum"),
        gettext_lazy("Buka sekarang"),
        forms.SureForm,
        _does(drafting.open_up),
        gettext_lazy("Prakarsa dibuka: semua orang dapat membacanya dan berjanji."),
        explain=gettext_lazy("Wilayah tidak dapat diubah lagi sesudahnya."),
    ),
    "mulai": Act(
        gettext_lazy("Mulai bekerja"),
        gettext_lazy("Mulai"),
        forms.SureForm,
        _does(drafting.start),
        gettext_lazy("Pekerjaan dimulai."),
        explain=gettext_lazy("Janji masih dapat dibuat selama pekerjaan berjalan."),
    ),
    "selesai": Act(
        gettext_lazy("Nyatakan selesai"),
        gettext_lazy("Nyatakan selesai"),
        forms.WordsForm,
        _does(drafting.finish, "words"),
        gettext_lazy("Prakarsa dinyatakan selesai."),
        explain=gettext_lazy(
            "Tulis apa hasilnya. Semua pekerjaan harus terbukti, dan semua janji dipenuhi atau diakhiri."
        ),
    ),
    "hentikan": Act(
        gettext_lazy("Hentikan prakarsa"),
        gettext_lazy("Hentikan"),
        forms.WordsForm,
        _does(drafting.stop, "words"),
        gettext_lazy("Prakarsa dihentikan. Yang berjanji dan kantor penerima laporan sudah diberi tahu."),
        explain=gettext_lazy(
            "Alasannya dibaca semua orang. Janji yang belum diserahkan dilepas; laporan warga kembali ke mejanya."
        ),
        tone="danger",
    ),
    "kebutuhan": Act(
        gettext_lazy("Tambah kebutuhan"),
        gettext_lazy("Simpan"),
        forms.LineForm,
        lambda row, target, said, by, at: lines.add_line(
            initiative=row.pk, wanted=_wanted(said), by=by, at=at
        ),
        gettext_lazy("Kebutuhan tersimpan."),
    ),
    "ubah-kebutuhan": Act(
        gettext_lazy("Ubah kebutuhan"),
        gettext_lazy("Simpan"),
        forms.LineForm,
        lambda row, target, said, by, at: lines.change_line(
            line=target.pk, wanted=_wanted(said), by=by, at=at
        ),
        gettext_lazy("Kebutuhan tersimpan."),
        about="line",
    ),
    "hapus-kebutuhan": Act(
        gettext_lazy("Hapus kebutuhan"),
        gettext_lazy("Hapus"),
        forms.SureForm,
        _does(lines.remove_line, to="line"),
        gettext_lazy("Kebutuhan dihapus."),
        about="line",
        tone="danger",
    ),
    "belanja": Act(
        gettext_lazy("Catat belanja"),
        gettext_lazy("Simpan"),
        forms.SpendForm,
        lambda row, target, said, by, at: delivering.spend(
            line=target.pk,
            amount=said["amount"],
            what=said["what"],
            on=said["on"],
            item=_key(said["item"]),
            receipt=said["receipt"],
            by=by,
            at=at,
        ),
        gettext_lazy("Belanja tercatat."),
        about="line",
        explain=gettext_lazy("Hanya uang yang sudah terbukti ada yang dapat dibelanjakan."),
    ),
    "izin": Act(
        gettext_lazy("Nyatakan izin PUB"),
        gettext_lazy("Simpan"),
        forms.PermitForm,
        _does(lines.state_permit, ...),
        gettext_lazy("Izin tercatat dan tampil di halaman prakarsa."),
        explain=gettext_lazy(
            "Menghimpun uang atau barang dari umum memerlukan izin (UU 9/1961, PP 29/1980)."
        ),
    ),
    "tanpa-izin": Act(
        gettext_lazy("Nyatakan mengapa tidak perlu izin"),
        gettext_lazy("Simpan"),
        forms.ExemptionForm,
        lambda row, target, said, by, at: lines.state_exemption(
            initiative=row.pk, code=said["exemption"], by=by, at=at
        ),
        gettext_lazy("Dasarnya tercatat dan tampil di halaman prakarsa."),
    ),
    "undang": Act(
        gettext_lazy("Undang mitra"),
        gettext_lazy("Undang"),
        forms.InviteForm,
        lambda row, target, said, by, at: partnering.invite(
            initiative=row.pk, partner=int(said["partner"]), role=said["role"], by=by, at=at
        ),
        gettext_lazy("Undangan terkirim."),
    ),
    "pekerjaan": Act(
        gettext_lazy("Tambah pekerjaan"),
        gettext_lazy("Simpan"),
        forms.TaskForm,
        lambda row, target, said, by, at: working.set_task(
            initiative=row.pk,
            title=said["title"],
            due_on=said["due_on"],
            partner=_key(said["partner"]),
            by=by,
            at=at,
        ),
        gettext_lazy("Pekerjaan tersimpan."),
    ),
    "ubah-pekerjaan": Act(
        gettext_lazy("Ubah pekerjaan"),
        gettext_lazy("Simpan"),
        forms.TaskForm,
        lambda row, target, said, by, at: working.set_task(
            initiative=row.pk,
            task=target.pk,
            title=said["title"],
            due_on=said["due_on"],
            partner=_key(said["partner"]),
            by=by,
            at=at,
        ),
        gettext_lazy("Pekerjaan tersimpan."),
        about="task",
    ),
    "batal-pekerjaan": Act(
        gettext_lazy("Pekerjaan tidak jadi"),
        gettext_lazy("Nyatakan tidak jadi"),
        forms.SureForm,
        _does(working.drop_task, to="task"),
        gettext_lazy("Tercatat."),
        about="task",
        tone="danger",
    ),
    "periksa-pekerjaan": Act(
        gettext_lazy("Pekerjaan terbukti selesai"),
        gettext_lazy("Nyatakan terbukti"),
        forms.SureForm,
        _does(working.verify_task, to="task"),
        gettext_lazy(
            "Pekerjaan terbukti. Laporan warga yang menunggunya diselesaikan, dan pelapornya ditanya."
        ),
        about="task",
        explain=gettext_lazy("Lihat fotonya dahulu. Yang mengirim bukti tidak dapat memeriksanya sendiri."),
    ),
    "kembalikan-pekerjaan": Act(
        gettext_lazy("Kembalikan bukti pekerjaan"),
        gettext_lazy("Kembalikan"),
        forms.WordsForm,
        _does(working.send_back_task, "words", to="task"),
        gettext_lazy("Bukti dikembalikan dengan alasannya."),
        about="task",
        tone="danger",
    ),
    "risiko": Act(
        gettext_lazy("Tambah risiko"),
        gettext_lazy("Simpan"),
        forms.RiskForm,
        _does(drafting.add_risk, ...),
        gettext_lazy("Risiko tersimpan."),
    ),
    "anggaran": Act(
        gettext_lazy("Tambah baris anggaran"),
        gettext_lazy("Simpan"),
        forms.BudgetForm,
        _does(drafting.add_budget_item, ...),
        gettext_lazy("Baris anggaran tersimpan."),
    ),
    "kabar": Act(
        gettext_lazy("Tulis kabar"),
        gettext_lazy("Terbitkan"),
        forms.UpdateForm,
        _does(working.post_update, ...),
        gettext_lazy("Kabar terbit."),
        explain=gettext_lazy("Dibaca semua orang. Data pribadi disamarkan."),
    ),
    "foto": Act(
        gettext_lazy("Foto sebelum dan sesudah"),
        gettext_lazy("Simpan foto"),
        forms.SceneForm,
        _does(working.show_scene, ...),
        gettext_lazy("Foto tersimpan."),
        explain=gettext_lazy("Tampil untuk umum. Jangan menampilkan wajah orang tanpa izinnya."),
    ),
    "angka": Act(
        gettext_lazy("Catat angka bulanan"),
        gettext_lazy("Simpan"),
        forms.FigureForm,
        _does(working.record_figure, ...),
        gettext_lazy("Angka tersimpan."),
        explain=gettext_lazy("Hanya angka gabungan. Angka di bawah lima tampil sebagai “kurang dari 5”."),
    ),
    "terima-janji": Act(
        gettext_lazy("Terima janji"),
        gettext_lazy("Terima"),
        forms.AcceptForm,
        _does(pledging.accept, "reason", to="pledge"),
        gettext_lazy("Janji diterima; pemberinya diberi tahu."),
        about="pledge",
    ),
    "tolak-janji": Act(
        gettext_lazy("Tidak menerima janji"),
        gettext_lazy("Kirim alasan"),
        forms.WordsForm,
        _does(pledging.refuse, "words", to="pledge"),
        gettext_lazy("Pemberinya diberi tahu dengan alasannya."),
        about="pledge",
        tone="danger",
    ),
    "serah-terima": Act(
        gettext_lazy("Catat BAST atau hibah"),
        gettext_lazy("Simpan"),
        forms.RecordForm,
        lambda row, target, said, by, at: delivering.hand_over(
            pledge=target.pk, said=Record(**said), by=by, at=at
        ),
        gettext_lazy("Serah terima tercatat."),
        about="pledge",
    ),
    "ucapkan": Act(
        gettext_lazy("Ucapkan terima kasih"),
        gettext_lazy("Kirim"),
        forms.WordsForm,
        _does(pledging.thank, "words", to="pledge"),
        gettext_lazy("Ucapan terkirim."),
        about="pledge",
    ),
    "periksa": Act(
        gettext_lazy("Periksa penyerahan"),
        gettext_lazy("Nyatakan terbukti ada"),
        forms.FoundForm,
        _does(delivering.verify, "found", "words", to="delivery"),
        gettext_lazy("Penyerahan terbukti."),
        about="delivery",
        explain=gettext_lazy(
            "Tulis jumlah yang benar-benar ada. Yang kurang masih ditunggu dari pemberinya."
        ),
    ),
    "kembalikan": Act(
        gettext_lazy("Kembalikan penyerahan"),
        gettext_lazy("Kembalikan"),
        forms.WordsForm,
        _does(delivering.send_back, "words", to="delivery"),
        gettext_lazy("Penyerahan dikembalikan dengan alasannya."),
        about="delivery",
        tone="danger",
    ),
    "batal-periksa": Act(
        gettext_lazy("Batalkan pemeriksaan"),
        gettext_lazy("Batalkan"),
        forms.WordsForm,
        _does(delivering.take_back, "words", to="delivery"),
        gettext_lazy("Pemeriksaan dibatalkan; pemberinya diberi tahu dan masih ditunggu."),
        about="delivery",
        explain=gettext_lazy("Untuk yang ternyata tidak ada. Sertifikat yang memuatnya ikut ditarik."),
        tone="danger",
    ),
    "lepas-laporan": Act(
        gettext_lazy("Kembalikan laporan ke mejanya"),
        gettext_lazy("Kembalikan"),
        forms.SureForm,
        _does(joining.give_back, to="joined"),
        gettext_lazy("Laporan kembali ke mejanya."),
        about="joined",
        tone="danger",
    ),
}

GIVER: dict[str, Act] = {
    "serahkan": Act(
        gettext_lazy("Catat penyerahan"),
        gettext_lazy("Kirim"),
        forms.DeliverForm,
        lambda row, target, said, by, at: delivering.deliver(
            pledge=target.pk,
            said=Brings(**{name: said[name] for name in Brings.__dataclass_fields__}),
            photos=said["photos"],
            receipt=said["receipt"],
            by=by,
            at=at,
        ),
        gettext_lazy("Penyerahan tercatat. Kirim tautan tanda terima kepada penerimanya."),
        about="pledge",
        explain=gettext_lazy("Boleh sebagian. Penerima menyatakan menerima, lalu penyelenggara memeriksa."),
    ),
    "undur": Act(
        gettext_lazy("Undur penyerahan"),
        gettext_lazy("Simpan hari baru"),
        forms.PutOffForm,
        _does(pledging.put_off, ..., to="pledge"),
        gettext_lazy("Hari baru tercatat; penyelenggara diberi tahu."),
        about="pledge",
    ),
    "tarik": Act(
        gettext_lazy("Tarik janji"),
        gettext_lazy("Tarik"),
        forms.WordsForm,
        _does(pledging.withdraw, "words", to="pledge"),
        gettext_lazy("Janji ditarik. Yang sudah diserahkan tetap tercatat."),
        about="pledge",
        tone="danger",
    ),
}


def target_of(row: Initiative, about: str, text: str) -> Any:
    """The thing of an initiative that an address names. Raises Http404 for another's."""
    if not about:
        return None
    found = None
    if about == "joined":
        if text.isascii() and text.isdigit() and len(text) < 18:
            found = JoinedCase.objects.select_related("case").filter(initiative=row, pk=int(text)).first()
    elif (key := _uuid(text)) is not None:
        found = _by_uuid(row, about, key)
    if found is None:
        raise Http404
    return found


def _by_uuid(row: Initiative, about: str, key: UUID) -> Any:
    if about == "line":
        return Line.objects.filter(initiative=row, uuid=key).first()
    if about == "task":
        return Task.objects.filter(initiative=row, uuid=key).first()
    if about == "pledge":
        return Pledge.objects.select_related("line", "partner").filter(line__initiative=row, uuid=key).first()
    rows = Delivery.objects.select_related("pledge__line").filter(pledge__line__initiative=row, uuid=key)
    return rows.first()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def words_of(target: Any) -> str:
    """What an act is about, in words."""
    if isinstance(target, Delivery):
        return _given(target.pledge, target.amount)
    if isinstance(target, Pledge):
        return _given(target, target.pledged)
    if isinstance(target, JoinedCase):
        return str(target.case.number)
    return getattr(target, "what", "") or getattr(target, "title", "")


def _given(pledge: Pledge, amount: int) -> str:
    cards = partners.by_ids(ids=[pledge.partner_id]) if pledge.partner_id else {}
    said = needs.amount_said(amount, pledge.line.unit)
    return f"{managing.giver_in_words(pledge, cards)}: {said} {pledge.line.what}"


def do(
    request: HttpRequest,
    act: Act,
    row: Initiative,
    target: Any,
    *,
    person: Person,
    back: str,
    base: str,
    at: datetime | None = None,
    prepare: Callable[[Any], None] = lambda form: None,
) -> HttpResponse:
    """Show the form of an act, or do it: what was typed comes back whenever it cannot be done."""
    now = at or timezone.now()
    sent = request.method == "POST"
    form = act.form(
        request.POST if sent else None, request.FILES if sent else None, row=row, target=target, at=now
    )
    prepare(form)
    if sent and form.is_valid():
        said = form.plan() if isinstance(form, forms.PlanForm) else form.cleaned_data
        try:
            act.deed(row, target, said, person, now)
        except Refused as refused:
            form.refuse(refused)
        except files.NotAPhoto as problem:
            form.add_error("photos" if "photos" in form.fields else None, str(problem))
        except NotAllowed:
            messages.warning(
                request, _("Ini tidak dapat dilakukan (lagi). Lihat keadaannya sekarang di bawah.")
            )
            return redirect(back)
        else:
            messages.success(request, with_pages(str(act.done), form))
            return redirect(back)
    page = {"act": act, "form": form, "row": row, "about": words_of(target), "back": back, "base": base}
    return render(request, "initiatives/act.html", page, status=422 if sent else 200)

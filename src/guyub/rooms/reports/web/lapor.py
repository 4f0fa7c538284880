"""SP4N-LAPOR! on the desk: paste an item or bring a file; copy answers back; what was not copied yet."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.rooms.casework import api as casework
from guyub.rooms.places import api as places
from guyub.rooms.reports import access, actions, lapor, lapor_import, lapor_rules, sending
from guyub.rooms.reports.models import Origin, Report, ReportClass
from guyub.rooms.reports.queries import name_of, where
from guyub.rooms.reports.reading import CLASS_NAMES
from guyub.rooms.reports.web.filters import NUMBER
from guyub.rooms.reports.web.forms import TextField

MOST_BYTES = 2 * 1024 * 1024
MOST_PASTED = 40_000
NEWEST = 10
FIELD_NAMES = {
    "id": gettext_lazy("Nomor LAPOR!"),
    "title": gettext_lazy("Judul"),
    "body": gettext_lazy("Isi"),
    "date": gettext_lazy("Tanggal masuk"),
    "category": gettext_lazy("Kategori"),
    "class": gettext_lazy("Jenis"),
    "place": gettext_lazy("Lokasi"),
    "anonymous": gettext_lazy("Anonim"),
    "confidential": gettext_lazy("Rahasia"),
}
NOT_A_TABLE = {
    "spreadsheet": gettext_lazy("Ini berkas Excel. Simpan dahulu sebagai CSV, lalu unggah."),
    "long": gettext_lazy("Barisnya terlalu banyak. Bagi menjadi beberapa berkas."),
    "broken": gettext_lazy("Berkas ini tidak terbaca sebagai CSV."),
    "empty": gettext_lazy("Berkas ini tidak berisi judul kolom dan sedikitnya satu baris."),
}


def _place_choices() -> list[Any]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in places.gazetteer().settlements:
        found.setdefault(row.district, []).append((row.code, row.label))
    return [("", _("Pilih …")), *found.items()]


class ItemForm(forms.Form):
    """One item as it would enter, for the coordinator to look at and put right."""

    use_required_attribute = False
    external_id = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9./_-]{2,39}$",
        label=FIELD_NAMES["id"],
        max_length=40,
        error_messages={"invalid": gettext_lazy("Tulis nomornya saja, tanpa spasi.")},
    )
    received_at = forms.DateTimeField(
        label=gettext_lazy("Masuk ke LAPOR!"),
        help_text=gettext_lazy("Tenggat dihitung dari saat ini."),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": gettext_lazy("Tulis tanggal dan jamnya.")},
    )
    report_class = forms.ChoiceField(label=FIELD_NAMES["class"], choices=list(CLASS_NAMES.items()))
    category = forms.ChoiceField(label=FIELD_NAMES["category"])
    body = TextField(
        label=FIELD_NAMES["body"],
        min_length=lapor_import.LEAST_LETTERS,
        max_length=lapor_import.MOST_LETTERS,
        help_text=gettext_lazy("Nama pelapor tidak diperlukan di sini; LAPOR! yang menyimpannya."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    place = forms.ChoiceField(label=gettext_lazy("Kelurahan atau desa"))
    landmark = TextField(label=gettext_lazy("Lokasi menurut pelapor"), required=False, max_length=160)
    about_conduct = forms.BooleanField(
        required=False, label=gettext_lazy("Tentang perilaku atau pungutan petugas (berkadar pengawasan)")
    )
    is_anonymous = forms.BooleanField(required=False, label=gettext_lazy("Anonim di LAPOR!"))
    is_confidential = forms.BooleanField(required=False, label=gettext_lazy("Rahasia di LAPOR!"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choose = ("", _("Pilih …"))
        self.fields["category"].choices = [choose, *lapor_import.category_choices()]  # type: ignore[attr-defined]
        self.fields["place"].choices = _place_choices()  # type: ignore[attr-defined]

    def clean_received_at(self) -> Any:
        when = self.cleaned_data["received_at"]
        if not lapor_import.is_near(when, timezone.now()):
            raise forms.ValidationError(_("Tanggalnya belum tiba atau terlalu lama."))
        return when


# ── One item ───────────────────────────────────────────────────────────────────────────────────────────────


@gate.officer(roles.COORDINATE)
@require_http_methods(["GET", "HEAD", "POST"])
def lapor_page(request: HttpRequest) -> HttpResponse:
    """Paste an item or bring a file; a pasted one comes back as a form that shows what was recognised."""
    if request.method != "POST":
        return _show_start(request)
    pasted = request.POST.get("teks", "")
    if not pasted.strip() or len(pasted) > MOST_PASTED:
        words = (
            _("Tempel dahulu isi laporan dari LAPOR!")
            if not pasted.strip()
            else _("Teksnya terlalu panjang.")
        )
        return _show_start(request, error=words, pasted=pasted[:MOST_PASTED], status=422)
    item = lapor_rules.read_item(pasted)
    form = ItemForm(initial=_initial(item))
    return _show_item(request, form, number=lapor.find_entered(item.id) if item.id else None)


def _initial(item: lapor_rules.Item) -> dict[str, Any]:
    category, place = lapor.Suggester()(item)
    return {
        "external_id": item.id,
        "received_at": lapor.moment_of(item, timezone.now()),
        "report_class": item.report_class or ReportClass.COMPLAINT,
        "category": category,
        "body": lapor.body_of(item),
        "place": place,
        "landmark": lapor.landmark_of(item),
        "about_conduct": item.is_conduct,
        "is_anonymous": item.is_anonymous,
        "is_confidential": item.is_confidential,
    }


@gate.officer(roles.COORDINATE)
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Take one item in."""
    form = ItemForm(request.POST)
    if not form.is_valid():
        return _show_item(request, form, status=422)
    entered = lapor.enter_item(
        item=lapor.Wanted(**form.cleaned_data), by=person_of(request), at=timezone.now()
    )
    said = {"id": form.cleaned_data["external_id"], "number": entered.number}
    if entered.is_new:
        messages.success(request, _("LAPOR! %(id)s masuk dengan nomor %(number)s.") % said)
    else:
        messages.info(request, _("LAPOR! %(id)s sudah ada dengan nomor %(number)s; tidak digandakan.") % said)
    return redirect("lapor")


def _show_start(
    request: HttpRequest, *, error: str = "", pasted: str = "", status: int = 200
) -> HttpResponse:
    person = person_of(request)
    context = {
        **_frame(person),
        "error": error,
        "pasted": pasted,
        "most": lapor_import.rows_at_once(timezone.now()),
        "rows": [_row(origin) for origin in lapor.newest_entered(person, limit=NEWEST)],
        "waiting": lapor.count_not_copied(person),
    }
    return _private(render(request, "reports/lapor/start.html", context, status=status))


def _show_item(
    request: HttpRequest, form: ItemForm, *, number: str | None = None, status: int = 200
) -> HttpResponse:
    context = {**_frame(person_of(request)), "form": form, "number": number or ""}
    return _private(render(request, "reports/lapor/item.html", context, status=status))


def _frame(person: Person) -> dict[str, Any]:
    return {"desk": casework.queries.desk_of(person)}


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response


def _row(origin: Origin) -> dict[str, str]:
    report, tell = origin.report, casework.wording.DueTeller(timezone.now())
    since = origin.waiting_since
    return {
        "number": report.number,
        "id": origin.external_id,
        "title": name_of(name_id=report.category.name_id, name_en=report.category.name_en),
        "where": where(report.place.code),
        "state": str(casework.wording.STATE_LABELS[casework.State(report.state)]),
        "tone": casework.wording.STATE_TONES[casework.State(report.state)],
        "since": tell.moment(since) if since else "",
        "again": "1" if since and origin.copied_at else "",
    }


# ── A file ─────────────────────────────────────────────────────────────────────────────────────────────────


@gate.officer(roles.COORDINATE)
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keep a file's rows, encrypted, for the few days of a draft; nothing enters yet."""
    person, at = person_of(request), timezone.now()
    found = request.FILES.get("berkas")
    if found is None or (found.size or 0) > MOST_BYTES:
        words = _("Pilih berkas CSV, paling besar 2 MB.")
        return _show_start(request, error=words, status=422)
    try:
        table = lapor_rules.read_table(found.read(), most=lapor_import.rows_at_once(at))
    except lapor_rules.NotATable as problem:
        return _show_start(request, error=str(NOT_A_TABLE[str(problem)]), status=422)
    mapping = lapor_import.remembered(table.heading) or lapor_rules.suggest_mapping(table.heading)
    values = {
        "lapor": person.account,
        "heading": table.heading,
        "rows": table.rows,
        "mapping": mapping,
        "category": "",
    }
    return redirect("lapor_file", draft=actions.keep_draft(values=values, at=at))


@gate.officer(roles.COORDINATE)
@require_http_methods(["GET", "HEAD", "POST"])
def file_page(request: HttpRequest, draft: UUID) -> HttpResponse:
    """The dry run: which column is what, and what each row would become. Entering leaves out what has errors."""
    person, at = person_of(request), timezone.now()
    kept = actions.find_draft(draft, at=at)
    if kept is None or kept.get("lapor") != person.account:
        raise Http404
    if request.method == "POST":
        kept["mapping"], kept["category"] = _mapping(request, kept["heading"]), _category(request)
        actions.keep_draft(values=kept, at=at, draft=draft)
    rows = lapor_import.check_rows(
        rows=kept["rows"], mapping=kept["mapping"], default_category=kept["category"], at=at
    )
    if request.method == "POST" and request.POST.get("verb") == "masukkan":
        return _enter_rows(request, draft, kept, rows)
    return _show_file(request, draft, kept, rows)


def _mapping(request: HttpRequest, heading: list[str]) -> dict[str, int]:
    found = {}
    for name in lapor_rules.FIELDS:
        text = request.POST.get(f"kolom-{name}", "")
        if text.isascii() and text.isdigit() and int(text[:4]) < len(heading):
            found[name] = int(text[:4])
    return found


def _category(request: HttpRequest) -> str:
    wanted = request.POST.get("kategori", "")
    return wanted if wanted in lapor.Suggester().names else ""


def _enter_rows(
    request: HttpRequest, draft: UUID, kept: dict[str, Any], rows: list[lapor_import.Row]
) -> HttpResponse:
    at = timezone.now()
    new = lapor_import.enter_rows(rows=rows, by=person_of(request), at=at)
    lapor_import.remember(kept["heading"], kept["mapping"], at=at)
    left = sum(bool(row.errors) for row in rows)
    words = ngettext("%(n)d laporan dari LAPOR! masuk.", "%(n)d laporan dari LAPOR! masuk.", new) % {"n": new}
    if left:
        words += " " + ngettext("%(n)d baris belum masuk.", "%(n)d baris belum masuk.", left) % {"n": left}
        messages.warning(request, words)
        return redirect("lapor_file", draft=draft)
    sending.drop_draft(draft)
    messages.success(request, words)
    return redirect("lapor")


def _show_file(
    request: HttpRequest, draft: UUID, kept: dict[str, Any], rows: list[lapor_import.Row]
) -> HttpResponse:
    mapping = kept["mapping"]
    columns = [
        (name, label, [(n, head, mapping.get(name) == n) for n, head in enumerate(kept["heading"])])
        for name, label in FIELD_NAMES.items()
    ]
    groups = [
        (group, [(code, name, code == kept["category"]) for code, name in choices])
        for group, choices in lapor_import.category_choices()
    ]
    context = {
        **_frame(person_of(request)),
        "draft": draft,
        "columns": columns,
        "groups": groups,
        "rows": rows,
        "ready": sum(row.wanted is not None for row in rows),
        "wrong": sum(bool(row.errors) for row in rows),
        "known": sum(bool(row.number) for row in rows),
    }
    return _private(render(request, "reports/lapor/file.html", context))


# ── Answers on their way back ──────────────────────────────────────────────────────────────────────────────


@gate.officer(roles.COORDINATE, roles.OVERSIGHT)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Answers that nobody has copied into LAPOR! yet, the oldest first."""
    person = person_of(request)
    rows = [_row(origin) for origin in lapor.not_copied(person)[:200]]
    return _private(render(request, "reports/lapor/waiting.html", {**_frame(person), "rows": rows}))


@gate.officer(roles.COORDINATE, roles.OVERSIGHT)
@require_safe
def waiting_csv(request: HttpRequest) -> HttpResponse:
    """The same with the words, for whoever copies many; no cell begins a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Nomor LAPOR!"), _("Nomor laporan"), _("Sejak"), _("Jawaban")])
    for origin in lapor.not_copied(person_of(request))[:200]:
        since = origin.waiting_since
        day = timezone.localtime(since).isoformat(timespec="minutes") if since else ""
        answer = lapor.answer_of(origin.report, origin).text
        writer.writerow(map(lapor_rules.safe_cell, (origin.external_id, origin.report.number, day, answer)))
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="lapor-belum-disalin.csv"'
    return _private(response)


def _case(request: HttpRequest, number: str) -> tuple[Report, casework.Case]:
    if not NUMBER.fullmatch(number):
        raise Http404
    report, case = access.case_for_desk(person_of(request), number)
    if lapor.find_origin(report) is None:
        raise Http404
    return report, case


@gate.officer(roles.VIEW)
@require_POST
def copied(request: HttpRequest, number: str) -> HttpResponse:
    """ "Sudah disalin": up to the answer that stood in the text. A newer one goes on waiting."""
    _report, case = _case(request, number)
    text = request.POST.get("sampai", "")
    through = int(text[:18]) if text.isascii() and text.isdigit() else 0
    try:
        lapor.mark_copied(case=case.uuid, through=through, by=person_of(request), at=timezone.now())
    except NotAllowed:
        raise Http404 from None
    except ValueError:
        messages.warning(request, _("Belum ada jawaban yang dapat disalin."))
    else:
        messages.success(request, _("Dicatat: jawaban sudah disalin ke LAPOR!"))
    return redirect("desk_report", number=number)


@gate.officer(roles.VIEW)
@require_POST
def reaction(request: HttpRequest, number: str) -> HttpResponse:
    """What the reporter said in LAPOR! of the finished work."""
    _report, case = _case(request, number)
    form = ReactionForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, _("Pilih tanggapannya; bila belum selesai, tulis apa yang dikatakan pelapor.")
        )
        return redirect("desk_report", number=number)
    try:
        lapor.record_reaction(
            case=case.uuid,
            reaction=form.cleaned_data["tanggapan"],
            words=form.cleaned_data["kata"],
            by=person_of(request),
            at=timezone.now(),
        )
    except NotAllowed:
        raise Http404 from None
    except casework.NotPossible:
        messages.warning(request, _("Keadaan laporan sudah berubah; tanggapan tidak dicatat."))
    else:
        messages.success(request, _("Tanggapan pelapor dicatat."))
    return redirect("desk_report", number=number)


class ReactionForm(forms.Form):
    """Confirmed, or disputed with the reporter's words."""

    use_required_attribute = False
    tanggapan = forms.ChoiceField(
        label=gettext_lazy("Tanggapan pelapor di LAPOR!"),
        choices=[("confirm", gettext_lazy("Sudah selesai")), ("dispute", gettext_lazy("Belum selesai"))],
        widget=forms.RadioSelect,
    )
    kata = TextField(
        label=gettext_lazy("Kata pelapor"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("tanggapan") == "dispute" and not found.get("kata", "").strip():
            self.add_error("kata", _("Tulis apa yang belum selesai menurut pelapor."))
        return found


def panel(
    report: Report, case: casework.Case, person: Person, origin: Origin | None
) -> dict[str, Any] | None:
    """What the case page shows of LAPOR!; None for a report of our own."""
    if origin is None:
        return None
    answer, tell = lapor.answer_of(report, origin), casework.wording.DueTeller(timezone.now())
    return {
        "id": origin.external_id,
        "number": report.number,
        "text": answer.text if answer.through else "",
        "through": answer.through,
        "is_waiting": answer.through > origin.copied_fact,
        "copied": tell.moment(origin.copied_at) if origin.copied_at else "",
        "copied_by": lapor.name_of_copier(origin),
        "may_copy": lapor.may_copy(person, case),
        "reaction": ReactionForm() if lapor.may_record_reaction(person, case) else None,
    }

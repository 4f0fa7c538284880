"""A conversation that becomes a report: words, then the place, then the number (docs/decisions/0034).

Each message is answered once, by what is known so far. What is half-said is kept encrypted for the hours of the
rulebook and is no report until kind and place are plain; about conduct nothing is taken here.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from guyub.events import reports as events
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import absolute, fingerprint, get_city
from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.kernel.limits import api as limits
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import State
from guyub.rooms.places import api as places
from guyub.rooms.reports import chat_rules, doors, emergency, sending, suggesting
from guyub.rooms.reports.actions import (
    Submission,
    follow_key,
    keep_draft,
    subject_of,
    submit_report,
)
from guyub.rooms.reports.categories import categories
from guyub.rooms.reports.chat_rules import Command, Incoming
from guyub.rooms.reports.lapor_rules import cleaned, match_place
from guyub.rooms.reports.mail_in import LEAST_LETTERS, MOST_LETTERS
from guyub.rooms.reports.models import Category, Chat, ChatReport, Origin, Report, ReportClass
from guyub.rooms.reports.queries import category_name, where
from guyub.rooms.reports.reading import STATE_MEANS

FAMILY = "chat"
OTHER = "lainnya"
FOUND_MOST = 3


@dataclass
class Told:
    """What has been said so far of a report that is not sent yet."""

    submission: str = ""
    body: str = ""
    category: str = ""
    choices: tuple[str, ...] = ()
    place: str = ""
    lat: float | None = None
    lon: float | None = None
    draft: str = ""

    @property
    def is_choosing(self) -> bool:
        return bool(self.body and self.choices and not self.category)


def answer(*, chat: Chat, said: Incoming, picture: bytes | None, at: datetime) -> str:
    """What one message is answered; the chat carries on from it. Call it with the chat locked, in a transaction."""
    said = replace(said, text=cleaned(said.text))
    command = chat_rules.command_of(said.text)
    if command in (Command.ENGLISH, Command.INDONESIAN):
        chat.language = "en" if command is Command.ENGLISH else "id"
    with override(chat.language):
        told = _kept(chat, at)
        chat.heard_at, chat.stopped_at = at, at if command is Command.STOP else None
        words = "\n\n".join(filter(None, _answer(chat, told, said, command, picture, at)))
        _keep(chat, told, at)
        return words


def _answer(
    chat: Chat, told: Told, said: Incoming, command: Command | None, picture: bytes | None, at: datetime
) -> list[str]:
    if command in (Command.STOP, Command.CANCEL):
        return [_stopped(told, command)]
    if asked := chat_rules.report_asked(said.text):
        return [_status(chat, *asked, at=at)]
    if said.is_other:
        return [_("Yang dapat kami baca di sini: tulisan, foto, dan lokasi."), _next(chat, told, at)]
    heard, goes_on = ([_photo(chat, told, picture, said, at)] if said.photo else []), True
    if said.lat is not None and said.lon is not None:
        heard.append(_point(told, said.lat, said.lon))
    elif said.text.strip():
        words, goes_on = _text(told, said.text.strip()[:MOST_LETTERS], command, at)
        heard += words
    return [*heard, _next(chat, told, at)] if goes_on else heard


# ── What is kept ───────────────────────────────────────────────────────────────────────────────────────────


def _kept(chat: Chat, at: datetime) -> Told:
    if chat.expires_at is None or chat.expires_at <= at:
        return Told()
    values = json.loads(chat.values)
    return Told(**{**values, "choices": tuple(values["choices"])})


def _keep(chat: Chat, told: Told, at: datetime) -> None:
    if told == Told():
        chat.values, chat.expires_at = "{}", None
    else:
        hours = rulebook.rule(f"{FAMILY}.keep", on=local_date(at, get_city().tz)).value["amount"]
        chat.values, chat.expires_at = json.dumps(asdict(told)), at + timedelta(hours=hours)
    chat.save()


def _forget(told: Told) -> None:
    told.__dict__.update(Told().__dict__)


def _stopped(told: Told, command: Command) -> str:
    if told.draft:
        sending.drop_draft(UUID(told.draft))
    had_begun = bool(told.body or told.draft)
    _forget(told)
    if command is Command.STOP:
        return _("Baik, kami tidak menulis lagi di sini. Tulis apa saja bila ingin melapor lagi.")
    if had_begun:
        return _("Dibatalkan; tidak ada yang terkirim. Tulis apa saja untuk mulai lagi.")
    return _("Tidak ada laporan yang sedang ditulis. Ceritakan saja bila ada yang ingin dilaporkan.")


# ── Words ──────────────────────────────────────────────────────────────────────────────────────────────────


def greeting() -> str:
    return _(
        "Laporan warga %(city)s. Ceritakan apa yang terjadi, boleh dengan foto, lalu kirim lokasinya; Anda mendapat "
        "nomor dan tautan. Nomor Anda disimpan terenkripsi untuk mengabari Anda dan tidak tampil untuk umum. "
        "Bahaya? Telepon 112. BATAL atau STOP kapan saja. English: write ENGLISH."
    ) % {"city": get_city().name}


def _text(told: Told, text: str, command: Command | None, at: datetime) -> tuple[list[str], bool]:
    """What words say, by how far the conversation is, and whether more is to be asked now."""
    if command in (Command.ENGLISH, Command.INDONESIAN) and told.body:
        return [], True
    if told.is_choosing:
        return _choose(told, text, at)
    if told.body and command is Command.CHANGE:
        told.category, told.choices = "", _groups()
        return [], True
    if told.body and told.category:
        return [_place_by_words(told, text)], True
    if command is not None or len(text) < LEAST_LETTERS:
        return [greeting()], False
    return _begin(told, text, at)


def _begin(told: Told, text: str, at: datetime) -> tuple[list[str], bool]:
    """The words of the report: danger is answered before all else."""
    warning = _warning(text, at)
    told.body, told.submission = text, told.submission or str(uuid4())
    told.place = told.place or _named_place(text)
    found, ranked = suggesting.suggest(text, at=at), _ranked(text)
    if (found.category if found else ranked[0] if ranked else None) in _about_conduct():
        return [warning, _conduct(told)], False
    if found is not None:
        told.category = found.category.code
        words = _("Kategori: %(name)s. Keliru? Balas GANTI.")
        return [warning, words % {"name": category_name(found.category)}], True
    codes = [row.code for row in ranked if not row.is_conduct]
    told.choices = (*codes, OTHER) if codes else _groups()
    return [warning], True


def _about_conduct() -> list[Category]:
    return [row for row in categories().rows if row.is_conduct]


def _warning(text: str, at: datetime) -> str:
    """The numbers to call first, where the words speak of danger: the city's list, and its dangerous categories."""
    on = local_date(at, get_city().tz)
    known = rulebook.family(FAMILY, on=on).get("danger")
    keys = chat_rules.dangers(text, known.value) if known else []
    hazards = [row for row in categories().offered if row.is_hazard and row.emergency]
    ranked = suggesting.hazard_keywords().rank(text, most=1) if hazards else []
    if ranked:
        keys += categories().by_code[ranked[0].code].emergency
    if not keys:
        return ""
    numbers = ", ".join(one.words for one in emergency.numbers_for(dict.fromkeys(["darurat", *keys]), on=on))
    return _("BAHAYA? Telepon dahulu: %(numbers)s. Pesan di sini tidak dibaca seketika.") % {
        "numbers": numbers
    }


def _ranked(text: str) -> list[Category]:
    """What the words may mean, where none of it is sure."""
    model = suggesting.find_model()
    ranked = (model or suggesting.keywords()).rank(text, most=FOUND_MOST)
    found = (categories().by_code.get(one.code) for one in ranked)
    return [row for row in found if row and row.is_active]


def _groups() -> tuple[str, ...]:
    """The first category of each group stands for the group."""
    first: dict[str, str] = {}
    for row in categories().offered:
        if not row.is_conduct:
            first.setdefault(row.group, row.code)
    return tuple(first.values())


def _choose(told: Told, text: str, at: datetime) -> tuple[list[str], bool]:
    """A number of the list that was shown; of a group, its categories are shown next."""
    number = chat_rules.chosen(text, len(told.choices))
    if number is None and len(text) >= LEAST_LETTERS:
        return _begin(told, f"{told.body}\n{text}"[:MOST_LETTERS], at)
    if number is None:
        return [_("Balas dengan angkanya saja.")], True
    code = told.choices[number]
    if told.choices == _groups():
        told.choices = _inside(categories().by_code[code].group)
        told.category = told.choices[0] if len(told.choices) == 1 else ""
    elif code == OTHER and not _is_inside(told.choices):
        told.choices = _groups()
    else:
        told.category = code
    return [], True


def _is_inside(choices: tuple[str, ...]) -> bool:
    """Whether the list is that of one group, in which "other" is what it says."""
    return choices == _inside(categories().by_code[choices[-1]].group)


def _inside(group: str) -> tuple[str, ...]:
    return tuple(row.code for row in categories().offered if row.group == group and not row.is_conduct)


def _conduct(told: Told) -> str:
    link = absolute(reverse("report_new"))
    _forget(told)
    return _(
        "Laporan tentang perilaku atau pungutan petugas tidak kami terima lewat aplikasi obrolan, demi Anda: kirim "
        "lewat formulir, hanya Inspektorat yang membacanya. %(link)s"
    ) % {"link": link}


# ── Place and photos ───────────────────────────────────────────────────────────────────────────────────────


def _named_place(text: str) -> str:
    return match_place([text], [(row.code, row.name, row.district) for row in places.gazetteer().settlements])


def _place_by_words(told: Told, text: str) -> str:
    told.place = _named_place(text)
    if told.place:
        return ""
    return _("Kelurahan atau desa itu tidak kami kenali. Tulis namanya saja, atau kirim lokasi.")


def _point(told: Told, lat: float, lon: float) -> str:
    found = places.locate(lat=lat, lon=lon)
    if found.how is places.How.OUTSIDE:
        return _("Lokasi itu di luar %(city)s. Kirim lokasi di sini, atau tulis nama kelurahannya.") % {
            "city": get_city().name
        }
    told.lat, told.lon = lat, lon
    told.place = found.place.code if found.place else told.place
    return ""


def _photo(chat: Chat, told: Told, picture: bytes | None, said: Incoming, at: datetime) -> str:
    if picture is None:
        return _("Fotonya tidak sampai. Kirim sekali lagi, atau lanjutkan tanpa foto.")
    upload = io.BytesIO(picture)
    upload.name = "foto.jpg"
    if not told.body and not said.text and (row := _newest(chat)) and sending.photos_may_follow(row, at=at):
        return _add_to(row, upload, said, at)
    draft = UUID(told.draft) if told.draft else None
    told.draft = str(keep_draft(values={"chat": chat.pk}, at=at, draft=draft))
    return " ".join(sending.keep_photos(draft=UUID(told.draft), uploads=[upload], at=at))


def _newest(chat: Chat) -> Report | None:
    sent = ChatReport.objects.filter(chat=chat).order_by("-report").values("report")[:1]
    return Report.objects.filter(pk__in=sent).first()


def _add_to(row: Report, upload: io.BytesIO, said: Incoming, at: datetime) -> str:
    """A photo that follows its report by itself."""
    try:
        with transaction.atomic():
            sending.add_photo(report=row, upload=upload, photo=UUID(fingerprint("chat", said.id)[:32]), at=at)
    except (sending.CannotAdd, files.NotAPhoto) as problem:
        return str(problem)
    return _("Foto ditambahkan pada laporan %(number)s. Hal lain? Ceritakan saja.") % {"number": row.number}


# ── What comes next ────────────────────────────────────────────────────────────────────────────────────────


def _next(chat: Chat, told: Told, at: datetime) -> str:
    """The one thing that is still to be said, or the report's number."""
    if not told.body:
        if not told.draft and told.lat is None:
            return "" if _newest(chat) else greeting()
        return _("Sudah kami simpan. Sekarang ceritakan apa yang terjadi.")
    if not told.category:
        rows = [categories().by_code[code] for code in told.choices]
        is_group = told.choices == _groups()
        lines = [
            f"{n}. {_group_name(row) if is_group else category_name(row)}" for n, row in enumerate(rows, 1)
        ]
        return "\n".join([_("Ini tentang apa? Balas dengan angkanya:"), *lines])
    if not told.place:
        return _("Di mana? Kirim lokasi (pin), atau tulis nama kelurahan atau desanya.")
    return _send(chat, told, at)


def _group_name(row: Category) -> str:
    return row.group_en if get_language() == "en" else row.group_id


def _send(chat: Chat, told: Told, at: datetime) -> str:
    channel = Origin.Channel(chat.channel)
    draft = UUID(told.draft) if told.draft else None
    what = Submission(
        submission=UUID(told.submission),
        report_class=ReportClass.COMPLAINT,
        category=told.category,
        body=told.body,
        place=told.place,
        lat=told.lat,
        lon=told.lon,
        phone=f"+{chat.address}" if channel is Origin.Channel.WHATSAPP else "",
        draft=draft,
        mark=str(channel.label),
    )
    receipt = submit_report(what=what, at=at)
    report = Report.objects.select_related("place").get(number=receipt.number)
    if receipt.is_new:
        _note(chat, report, channel, told.submission, at)
    _forget(told)
    code = doors.spoken_code(report.uuid)
    said = {
        "number": receipt.number,
        "where": where(report.place.code),
        "link": absolute(reverse("report_follow", args=[receipt.follow_key])),
        "code": f"{code[:4]}-{code[4:]}",
    }
    return (
        _(
            "Terkirim: %(number)s, %(where)s. Ikuti dan jawab: %(link)s\n"
            "Jangan bagikan tautan ini. Kode laporan: %(code)s. Foto lain? Kirim saja. Kabar berikutnya datang di sini."
        )
        % said
    )


def _note(chat: Chat, report: Report, channel: Origin.Channel, submission: str, at: datetime) -> None:
    Origin.objects.create(
        report=report,
        channel=channel,
        external_id=fingerprint("door", submission)[:40],
        entered_at=at,
    )
    ChatReport.objects.create(report=report, chat=chat)
    fact = events.ReportEntered(report=report.pk, channel=channel, has_consent=True)
    ledger.record(fact, subject=subject_of(report), at=at, place=report.place.code)


# ── Status ─────────────────────────────────────────────────────────────────────────────────────────────────


def _status(chat: Chat, number: str, code: str, *, at: datetime) -> str:
    """Of a report of this chat, or of any by number and code. Which of the two is wrong is not said."""
    report = Report.objects.filter(
        number=number, pk__in=ChatReport.objects.filter(chat=chat).values("report")
    ).first()
    if report is None:
        if _guesses_too_often(chat, at):
            return _("Terlalu banyak percobaan. Coba lagi nanti.")
        if doors.key_by_code(number=number, code=code) is None:
            return _("Nomor dan kode ini tidak cocok. Tulis nomor laporan, lalu kodenya, dalam satu pesan.")
        report = Report.objects.get(number=number)
    state = State(report.state)
    link = absolute(reverse("report_follow", args=[follow_key(report.uuid, report.link_issue)]))
    label, means = str(casework.wording.STATE_LABELS[state]), str(STATE_MEANS[state])
    return f"{report.number}: {label}. {means}\n{link}"


def _guesses_too_often(chat: Chat, at: datetime) -> bool:
    rule = rulebook.family("sending_limits", on=local_date(at, get_city().tz)).get("code")
    if rule is None:
        return False
    window = timedelta(seconds=rule.value["window_seconds"])
    return (
        limits.count("chat_code", {"sender": chat.mark}, window=window, at=at)["sender"].n
        > rule.value["device"]
    )

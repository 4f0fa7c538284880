"""What a program sends, read with the same care as the residents' own form. It is hostile until it has passed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext as _

from guyub.kernel.spark import Problem
from guyub.rooms.people.api import Client
from guyub.rooms.places import api as places
from guyub.rooms.reports.actions import Submission
from guyub.rooms.reports.feeds.open311.arguments import Arguments, degrees, moment
from guyub.rooms.reports.lapor_rules import match_place
from guyub.rooms.reports.models import Attribute, Category
from guyub.rooms.reports.open311 import Services
from guyub.rooms.reports.partners import submission_of
from guyub.rooms.reports.queries import category_name, name_of
from guyub.rooms.reports.web.forms import clean_text

LONGEST = 4000
_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
_PHONE = re.compile(r"\+?[0-9][0-9 ().-]{5,22}")
_MANY = {
    Attribute.Datatype.STRING: 200,
    Attribute.Datatype.TEXT: 400,
    Attribute.Datatype.NUMBER: 30,
    Attribute.Datatype.DATETIME: 40,
}
Answers = list[tuple[Attribute, list[str]]]


@dataclass(frozen=True)
class Written:
    """A request that may be taken in. `own_id` is the program's number for it, if it has one."""

    what: Submission
    answers: Answers
    own_id: str


def read_written(sent: QueryDict, *, services: Services, client: Client, own_id: str) -> Written:
    """What was sent, as a submission. Raises `Problem`: 404 for an unknown service, else 400 with all that is wrong."""
    said = Arguments(sent)
    category = _category(said, services)
    answers = _answers(said, services.attributes.get(category.pk, []))
    own_id = one_line(own_id)
    if len(own_id) > 80:
        said.wrong.append(_("client_request_id: paling banyak %(n)d huruf.") % {"n": 80})
    lat, lon, place = _location(said)
    name = " ".join(filter(None, (one_line(said.text("first_name")), one_line(said.text("last_name")))))
    what = Submission(
        submission=submission_of(client, own_id) if own_id else uuid4(),
        report_class="PENGADUAN",
        category=category.code,
        body=_body(said, category, answers),
        place=place,
        landmark=one_line(said.text("address_string"))[:160],
        lat=lat,
        lon=lon,
        is_anonymous=said.yes("anonymous"),
        is_confidential=said.yes("confidential"),
        name=name[:120],
        email=_email(said),
        phone=_phone(said),
        mark=client.name[:60],
    )
    said.done()
    return Written(what, answers, own_id)


def one_line(text: str) -> str:
    return " ".join(clean_text(text).split())


def plain(text: str) -> str:
    """Words without HTML, which the specification forbids."""
    return _TAG.sub("", clean_text(text)).strip()


def _category(said: Arguments, services: Services) -> Category:
    code = said.text("service_code")
    if not code:
        raise Problem(400, _("service_code: harus diisi."))
    found = services.find(code)
    if found is None:
        raise Problem(404, _("service_code: tidak ada. Lihat daftar services."))
    return found


def _body(said: Arguments, category: Category, answers: Answers) -> str:
    """The words, with what was answered and linked below them, so that an officer reads and checks all of it."""
    words = plain(said.text("description"))
    if len(said.text("description")) > LONGEST:
        said.wrong.append(_("description: paling banyak %(n)d huruf.") % {"n": LONGEST})
    lines = [f"{_asked(one)}: {', '.join(_chosen(one, values))}" for one, values in answers]
    media = one_line(said.text("media_url"))
    if media and not re.fullmatch(r"https?://\S{4,500}", media):
        said.wrong.append(_("media_url: tulis alamat http(s), atau kirim foto sebagai media."))
    elif media:
        lines.append(_("Foto dari pengirim, belum diperiksa: %(url)s") % {"url": media})
    return "\n\n".join(filter(None, (words or category_name(category), "\n".join(lines))))


def _asked(one: Attribute) -> str:
    return name_of(name_id=one.name_id, name_en=one.name_en)


def _chosen(one: Attribute, values: list[str]) -> list[str]:
    names = {
        choice["key"]: name_of(name_id=choice["name_id"], name_en=choice["name_en"]) for choice in one.values
    }
    return [names.get(value, value) for value in values]


# ── Answers to a category's questions ──────────────────────────────────────────────────────────────────────


def _answers(said: Arguments, asked: list[Attribute]) -> Answers:
    found: Answers = []
    for one in asked:
        values = _values(said, one)
        if not values and one.is_required:
            said.wrong.append(_("attribute[%(code)s]: harus diisi.") % {"code": one.code})
        elif wrong := _wrong(one, values):
            said.wrong.append(f"attribute[{one.code}]: {wrong}")
        elif values:
            found.append((one, values))
    return found


def _values(said: Arguments, one: Attribute) -> list[str]:
    sent = [
        value
        for name in (f"attribute[{one.code}]", f"attribute[{one.code}][]")
        for value in said.query.getlist(name)
    ]
    return list(dict.fromkeys(filter(None, map(one_line, sent))))


def _wrong(one: Attribute, values: list[str]) -> str:
    """What is wrong with the answers, or nothing."""
    kinds = Attribute.Datatype
    if one.datatype in (kinds.ONE, kinds.SEVERAL):
        known = [choice["key"] for choice in one.values]
        if not set(values) <= set(known):
            return _("pilih dari %(keys)s.") % {"keys": ", ".join(known)}
    if len(values) > 1 and one.datatype != kinds.SEVERAL:
        return _("hanya satu jawaban.")
    for value in values:
        if len(value) > _MANY.get(kinds(one.datatype), 400):
            return _("terlalu panjang.")
        if one.datatype == kinds.NUMBER and not re.fullmatch(r"-?[0-9]{1,12}([.,][0-9]{1,6})?", value):
            return _("tulis bilangan.")
        if one.datatype == kinds.DATETIME:
            try:
                moment(value)
            except ValueError as problem:
                return str(problem)
    return ""


# ── Where ──────────────────────────────────────────────────────────────────────────────────────────────────


def _location(said: Arguments) -> tuple[float | None, float | None, str]:
    """A point, and the kelurahan by it, by its code or by the words of an address."""
    lat, lon = said.read("lat", degrees), said.read("long", degrees)
    if bool(said.text("lat")) != bool(said.text("long")):
        said.wrong.append(_("lat dan long harus dikirim bersama."))
        return None, None, ""
    if lat is not None and lon is not None:
        return _at_point(said, lat, lon)
    if said.text("lat"):
        return None, None, ""
    return None, None, _by_words(said)


def _at_point(said: Arguments, lat: float, lon: float) -> tuple[float | None, float | None, str]:
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        said.wrong.append(_("lat, long: titik ini tidak ada."))
        return None, None, ""
    found = places.locate(lat=lat, lon=lon)
    if found.how is places.How.OUTSIDE:
        said.wrong.append(_("lat, long: titik ini di luar daerah ini."))
        return None, None, ""
    return lat, lon, found.place.code if found.place else _by_words(said)


def _by_words(said: Arguments) -> str:
    code, words = said.text("address_id"), one_line(said.text("address_string"))
    standing = places.gazetteer().settlements
    if code:
        if code in {row.code for row in standing}:
            return code
        said.wrong.append(_("address_id: bukan kode kelurahan atau desa di daerah ini."))
        return ""
    if words and (found := match_place([words], [(r.code, r.name, r.district) for r in standing])):
        return found
    said.wrong.append(
        _("address_string: kelurahan atau desanya tidak dikenali. Sebutkan namanya, atau kirim lat dan long.")
        if words
        else _("Tempat harus diisi: lat dan long, address_id, atau address_string.")
    )
    return ""


# ── Who ────────────────────────────────────────────────────────────────────────────────────────────────────


def _email(said: Arguments) -> str:
    email = one_line(said.text("email"))
    if email:
        try:
            validate_email(email)
        except ValidationError:
            said.wrong.append(_("email: bukan alamat surel."))
    if len(email) > 160:
        said.wrong.append(_("email: bukan alamat surel."))
    return email


def _phone(said: Arguments) -> str:
    phone = one_line(said.text("phone"))
    if phone and not _PHONE.fullmatch(phone):
        said.wrong.append(_("phone: tulis dengan angka, misalnya 0812 3456 7890."))
    return phone


@dataclass(frozen=True)
class Update:
    """What a reporter says later through the program."""

    number: str
    own_id: str
    status: str
    words: str


STATUSES = (
    "OPEN",
    "REOPEN",
    "CLOSED",
    "FIXED",
    "INVESTIGATING",
    "IN_PROGRESS",
    "ACTION_SCHEDULED",
    "DUPLICATE",
    "NOT_COUNCILS_RESPONSIBILITY",
    "NO_FURTHER_ACTION",
    "INTERNAL_REFERRAL",
)


def read_update(sent: QueryDict) -> Update:
    """Raises `Problem`."""
    said = Arguments(sent)
    own_id, words = one_line(said.text("update_id")), plain(said.text("description"))
    status = said.text("status").upper() or "OPEN"
    if not own_id or len(own_id) > 80:
        said.wrong.append(_("update_id: harus diisi, paling banyak %(n)d huruf.") % {"n": 80})
    if status not in STATUSES:
        said.wrong.append(_("status: tidak dikenal."))
    if len(words) > LONGEST:
        said.wrong.append(_("description: paling banyak %(n)d huruf.") % {"n": LONGEST})
    said.done()
    return Update(one_line(said.text("service_request_id")), own_id, status, words)


__all__ = ["Update", "Written", "read_update", "read_written"]

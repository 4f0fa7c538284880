"""The ready words of a message: templates filled with the city's own times, places and advice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import product

from django.utils import dateformat
from django.utils.translation import override

from guyub.kernel.cities.api import absolute, get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.places import api as places
from guyub.rooms.warnings import reference, rules
from guyub.rooms.warnings.models import Chain, Message, Text
from guyub.rooms.warnings.reference import Hazard
from guyub.rooms.warnings.rules import Channel, Fault, Kind, fill

_JAVANESE_DAYS = ("Senèn", "Selasa", "Rebo", "Kemis", "Jemuwah", "Setu", "Minggu")
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}
_UNTIL = {"id": "sampai", "jv": "dumugi", "en": "until"}
_FROM = {"id": "pukul", "jv": "tabuh", "en": "from"}
_AT = {"id": "pukul", "jv": "tabuh", "en": "at"}
_UPDATED = {"id": "pembaruan", "jv": "pepènget énggal", "en": "update"}
_CITE = {"id": "Sumber data: BMKG.", "jv": "Sumber data: BMKG.", "en": "Data source: BMKG."}
_EXERCISE = {
    "id": "LATIHAN. Ini hanya latihan.",
    "jv": "LATIHAN. Menika namung latihan.",
    "en": "LATIHAN (exercise only).",
}
_SIMULATED = {
    "id": "SIMULASI. Datanya buatan, bukan hasil ukur.",
    "jv": "SIMULASI. Data damelan, sanès asil ukuran.",
    "en": "SIMULASI (made-up data, not measured).",
}
Key = tuple[str, str]
# What was sent when its time was all but over still lasts a moment for programs.
BRIEFLY = timedelta(minutes=1)


def zone(at: datetime) -> str:
    """WIB, WITA or WIT: how people call the city's time."""
    offset = at.astimezone(get_city().tz).utcoffset()
    hours = int(offset.total_seconds() // 3600) if offset else 0
    return _ZONES.get(hours, f"UTC{hours:+d}")


def clock(at: datetime) -> str:
    return at.astimezone(get_city().tz).strftime("%H.%M")


def day(at: datetime, language: str) -> str:
    """ "Senin 23 November", in the language of the text and by the city's clock."""
    local = at.astimezone(get_city().tz)
    with override("en" if language == "en" else "id"):
        said = dateformat.format(local, "l j F")
    if language == "jv":
        return f"{_JAVANESE_DAYS[local.weekday()]} {said.split(' ', 1)[1]}"
    return said


def when(onset: datetime, expires: datetime, language: str) -> str:
    """From when until when; the day is named again only where another one has begun."""
    tz = get_city().tz
    same = onset.astimezone(tz).date() == expires.astimezone(tz).date()
    until = clock(expires) if same else f"{day(expires, language)} {_AT[language]} {clock(expires)}"
    start = f"{day(onset, language)} {_FROM[language]} {clock(onset)}"
    return f"{start} {_UNTIL[language]} {until} {zone(onset)}"


def when_short(onset: datetime, expires: datetime) -> str:
    tz = get_city().tz
    start, end = onset.astimezone(tz), expires.astimezone(tz)
    until = clock(expires) if start.date() == end.date() else f"{end.day}/{end.month} {clock(expires)}"
    return f"{start.day}/{start.month} {clock(onset)}-{until} {zone(onset)}"


def area_ways(areas: Iterable[str], language: str) -> list[str]:
    """The area in words of a language, the fullest way first."""
    known = places.gazetteer()
    groups: dict[str, list[str]] = {}
    for code in sorted(areas):
        row = known.by_code.get(code)
        if row is not None:
            groups.setdefault(row.district, []).append(row.name)
    ordered = [(district, sorted(names)) for district, names in sorted(groups.items())]
    return rules.shortened(ordered, city=get_city().name, language=language)


def ready(chain: Chain, message: Message, *, reason: str = "", at: datetime) -> dict[Key, str]:
    """All ready texts of a message, by channel and language. Each takes the fullest way to say the area that fits."""
    hazard, found = reference.hazards(at=at)[chain.hazard], reference.templates(at=at)
    what = "cancel" if message.kind == Kind.CANCEL else "warn"
    made = {}
    for channel in Channel:
        for language in reference.languages(at=at):
            template = found.get(f"{chain.hazard}.{what}.{channel}.{language}") or found.get(
                f"any.{what}.{channel}.{language}"
            )
            if template:
                made[channel.value, language] = _fitted(
                    template, chain, message, hazard, channel, language, reason, at
                )
    return made


def _fitted(
    template: str,
    chain: Chain,
    message: Message,
    hazard: Hazard,
    channel: Channel,
    language: str,
    reason: str,
    at: datetime,
) -> str:
    """The fullest words that fit, then without the advice and with short marks. The city alone, which names more
    than is warned, stands only where nothing else has room."""
    full = _values(chain, message, hazard, language, reason, at)
    both = (full, {**full, **_short(chain, message, language)})
    *ways, city = area_ways(message.areas, language)
    text = ""
    for given, way in (*product(both, ways), *product(both, (city,))):
        text = fill(template, {**given, "areas": way})
        found = faults(chain, message, channel, text, at=at)
        if not {Fault.SMS_TOO_LONG, Fault.RADIO_TOO_LONG} & set(found):
            return text
    return text


def _short(chain: Chain, message: Message, language: str) -> dict[str, str]:
    exercise = dict.fromkeys(_EXERCISE, f"{rules.EXERCISE_WORD}.")
    simulated = dict.fromkeys(_SIMULATED, f"{rules.SIMULATED_WORD}.")
    return {"advice_short": "", "exercise": _marks(chain, message, exercise, simulated, language)}


def _values(
    chain: Chain, message: Message, hazard: Hazard, language: str, reason: str, at: datetime
) -> dict[str, str]:
    advice = hazard.advice[message.level]
    who = reference.authority(at=at)
    updated = message.kind == Kind.UPDATE
    exercise = _marks(chain, message, _EXERCISE, _SIMULATED, language)
    return {
        "level": message.level,
        "hazard": hazard.label(language),
        "short": hazard.short(language),
        "when": when(message.onset, message.expires, language),
        "when_short": when_short(message.onset, message.expires),
        "advice": advice.get(language) or advice["id"],
        "advice_short": advice.get(f"short_{language}") or advice["short_id"],
        "authority": who.name_en if language == "en" else who.name_id,
        "cite": _CITE[language] if rules.cites(message.facts) else "",
        "cite_short": "Data: BMKG." if rules.cites(message.facts) else "",
        "emergency": _emergency(at),
        "exercise": exercise,
        "exercise_line": exercise,
        "update": f" ({_UPDATED[language]})" if updated else "",
        "update_line": f" ({_UPDATED[language]})" if updated else "",
        "reason": reason,
        "address": absolute(f"/peringatan/{chain.number}/"),
    }


def _marks(
    chain: Chain, message: Message, exercise: dict[str, str], simulated: dict[str, str], language: str
) -> str:
    """What must be known before anything else: that it is an exercise, that its values were made up."""
    found = [exercise[language]] if chain.is_exercise else []
    return " ".join(found + [simulated[language]] * rules.is_simulated(message.facts))


def mark(row: Message) -> str:
    """What stands before a headline or a subject: whoever reads only that must not take it for what it is not."""
    exercise = f"{rules.EXERCISE_WORD}: " if row.chain.is_exercise else ""
    return exercise + (f"{rules.SIMULATED_WORD}: " if rules.is_simulated(row.facts) else "")


def _emergency(at: datetime) -> str:
    """The number under which somebody answers day and night."""
    return str(rulebook.rule("emergency_numbers.darurat", on=reference.today(at)).value["number"])


def faults(chain: Chain, message: Message, channel: str, text: str, *, at: datetime) -> list[Fault]:
    """Why a text may not go out as it stands."""
    return rules.faults_of(
        text,
        channel=channel,
        is_exercise=chain.is_exercise,
        is_simulated=rules.is_simulated(message.facts),
        must_cite=rules.cites(message.facts),
        may_tell_probability=reference.may_tell_probability(at=at),
        limits=reference.limits(at=at),
    )


def texts_of(row: Message, version: int | None = None) -> dict[Key, str]:
    """The words of a message by channel and language, in the version that stands. One query."""
    rows = Text.objects.filter(message=row, version=version or row.text_version)
    return {
        (channel, language): body
        for channel, language, body in rows.order_by("pk").values_list("channel", "language", "body")
    }

"""Words that residents and offices of the demo write: invented, believable, the same for the same seed.

Sentences and their slots stand in `data/phrases.json`; here they are only drawn and joined. Nobody who lives
is meant: there are no names of persons and no numbers to call. Chance is always handed in, so that a city can
be made again word for word.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

SHORTEST, LONGEST = 8, 60  # words
ROUGH_TYPING = 0.16  # the share of people who write as in a chat
POLITE, PLAIN = 0.45, 0.8  # above: angry
HAZARDS_IN_HASTE = 0.85


@dataclass(frozen=True, slots=True)
class Words:
    """What a resident wrote. `rw` and `rt` are two digits, as people say them."""

    title: str
    body: str
    landmark: str
    rw: str
    rt: str


def report_text(
    rng: Random,
    category: str,
    place_name: str,
    city_slug: str,
    *,
    rw: str | None = None,
    rt: str | None = None,
    hour: int | None = None,
) -> Words:
    """A report of `category` from the village `place_name`: 8 to 60 words; `hour` sets the greeting."""
    book = _book()
    phrases, city = book["categories"][category], book["cities"][city_slug]
    slots = _Slots(rng, place=place_name)
    slots["rw"] = rw or f"{1 + int(rng.random() * 15):02d}"
    slots["rt"] = rt or f"{1 + int(rng.random() * 9):02d}"
    if hour is not None:
        slots["daypart"] = _daypart(hour)
    landmark = slots["landmark"] = _fill(_pick(rng, city["all_landmarks"]), slots)
    where, street = _where(rng, phrases, city, slots)
    what, titles = _pick_any(rng, phrases["what_and_titles"])
    main = _main_sentence(rng, category, phrases, slots, f"{_fill(what, slots)} {where}".strip())
    body = _join(_parts(rng, category, phrases, city["flavour"], slots, main), main)
    title = _pick(rng, titles)
    if street and rng.random() < 0.6:
        title = f"{title} di {street}"
    if rng.random() < ROUGH_TYPING:
        body = _typed_in_haste(rng, body)
    return Words(title, body, landmark[:1].upper() + landmark[1:], slots["rw"], slots["rt"])


def verify_text(rng: Random, office_name: str) -> str:
    """The coordinator's note when a report is forwarded."""
    return _say(rng, _book()["verify"], office=office_name)


def answer_text(rng: Random, category: str, office_name: str) -> str:
    """An office's first answer: what it does, and when."""
    answer = _book()["answer"]
    slots = _Slots(rng, office=office_name)
    plans = _book()["categories"][category]["plans"]
    whens = answer["when_hazard" if category in _hazards() else "when"]
    ends = answer["end_outside" if _groups()[category] in ("jalan", "lampu", "air", "bahaya") else "end"]
    start, plan, when = (_fill(_pick(rng, lines), slots) for lines in (answer["start"], plans, whens))
    text = f"{start} {plan} {when}."
    return f"{text} {_pick(rng, ends)}" if rng.random() < 0.5 else text


def question_and_reply(rng: Random, category: str, landmark: str, rt: str) -> tuple[str, str]:
    """What an office asks the reporter, saying why (its clock stands), and the reporter's answer."""
    question = _book()["question"]
    asked, *replies = _pick_any(rng, question[_at(category)])
    slots = _Slots(rng, landmark=_lower(landmark), rt=rt)
    asked, reply = _fill(asked, slots), _fill(_pick(rng, replies), slots)
    if _at(category) == "street":
        asked = f"{_pick(rng, question['start'])} {asked}"
    return asked, reply


def completion_text(rng: Random, category: str, rw: str) -> str:
    """What an office writes beside its proof of the fix."""
    done = _pick(rng, _book()["categories"][category]["done"])
    more = _pick(rng, _book()["complete"]) if _at(category) == "street" and rng.random() < 0.6 else ""
    return _fill(f"{done} {more}".strip(), _Slots(rng, rw=rw))


def hand_over_text(rng: Random, category: str, to_office: str) -> str:
    """Why a case goes to another office."""
    return _say(rng, _book()["hand_over"][_at(category)], to=to_office)


def schedule_text(rng: Random, month: str) -> str:
    """Why work waits, and until when; `month` in words ("Maret 2027")."""
    return _say(rng, _book()["schedule"], month=month)


def dispute_text(rng: Random, category: str, landmark: str) -> str:
    """Why the reporter does not accept the fix."""
    return _say(rng, _book()["dispute"][_at(category)], landmark=_lower(landmark))


def confirm_text(rng: Random) -> str:
    return _pick(rng, _book()["confirm"])


def reject_reasons() -> tuple[str, ...]:
    """The codes that `reject_text` knows."""
    return tuple(_book()["reject"])


def reject_text(rng: Random, reason: str) -> str:
    """What the reporter is told when a report is not taken on."""
    return _pick(rng, _book()["reject"][reason])


class _Slots(dict[str, str]):
    """Fills the slots of a template: those given are kept, the others are drawn anew each time."""

    def __init__(self, rng: Random, **given: str) -> None:
        super().__init__(given)
        self.rng = rng

    def __missing__(self, slot: str) -> str:
        return _DRAW[slot](self.rng)


def _from_common(name: str) -> Callable[[Random], str]:
    return lambda rng: _pick(rng, _book()["common"][name])


def _number(low: int, high: int) -> Callable[[Random], str]:
    return lambda rng: str(low + int(rng.random() * (high - low + 1)))


def _workday(rng: Random) -> str:
    return _pick(rng, _book()["common"]["days"][:5])


def _hour(rng: Random) -> str:
    return f"{6 + int(rng.random() * 15):02d}.{int(rng.random() * 4) * 15:02d}"


def _daypart(hour: int) -> str:
    return (
        "pagi" if 3 <= hour < 11 else "siang" if 11 <= hour < 15 else "sore" if 15 <= hour < 18 else "malam"
    )


_DRAW: Mapping[str, Callable[[Random], str]] = {
    "k": _number(2, 5),
    "n": _number(2, 6),
    "num": _number(1, 9),
    "num2": _number(3, 30),
    "bignum": _number(10, 199),
    "minutes": _number(10, 50),
    "hour": _hour,
    "workday": _workday,
    "daypart": _from_common("dayparts"),
    "day": _from_common("days"),
    "depth": _from_common("depths"),
    "flower": _from_common("neutral_streets"),
    "masjid": _from_common("masjid"),
    "roman": _from_common("roman"),
    "uang": _from_common("money"),
    "warna": _from_common("colours"),
    "landmark": lambda _: "lokasi",
}


def _where(
    rng: Random, phrases: Mapping[str, Any], city: Mapping[str, Any], slots: _Slots
) -> tuple[str, str]:
    """The words for the place, and the street if one is named."""
    if phrases["at"] == "place":
        return "", ""
    usual = rng.random() < 0.75
    street = _fill(_pick(rng, _book()["common"]["street_forms"] if usual else city["streets"]), slots)
    landmark, form = slots["landmark"], rng.random()
    if form < 0.45:
        return f"di {street}, {landmark}", street
    if form < 0.65:
        return f"di {street} RT {slots['rt']} RW {slots['rw']}", street
    if form < 0.85:
        return f"{landmark}, {street}", street
    return f"di RT {slots['rt']} RW {slots['rw']} {slots['place']}, {landmark}", ""


def _main_sentence(
    rng: Random, category: str, phrases: Mapping[str, Any], slots: _Slots, what_and_where: str
) -> str:
    if phrases.get("timeless"):
        asked = what_and_where.startswith(("Apa", "Kapan", "Di mana", "Bagaimana"))
        return what_and_where + ("?" if asked else ".")
    shape = rng.random()
    if shape < 0.2:
        return f"{what_and_where}."
    pace = "since_hazard" if category in _hazards() else "since_slow" if phrases["at"] == "place" else "since"
    since = _fill(_pick(rng, _book()["common"][pace]), slots)
    if shape < 0.8:
        return f"{what_and_where} {since}."
    return f"{since[:1].upper()}{since[1:]} {_lower(what_and_where)}."


def _parts(
    rng: Random, category: str, phrases: Mapping[str, Any], flavour: str, slots: _Slots, main: str
) -> list[str]:
    """The sentences of a report in order; the first and the last are greetings, and may be empty."""
    book = _book()
    common, local, tone = book["common"], book["flavour"][flavour], rng.random()
    opening = closing = ""
    if tone < POLITE and not (category in _hazards() and rng.random() < HAZARDS_IN_HASTE):
        homely = rng.random() < 0.3
        opening = _fill(_pick(rng, local["open"] if homely else common["open_polite"]), slots)
        closing = _pick(rng, local["close"] if homely else common["close_polite"])
    elif tone > PLAIN:
        opening = _pick(rng, common["open_angry"]) if rng.random() < 0.6 else ""
        closing = _pick(rng, common["close_angry"]) if rng.random() < 0.6 else ""
    middle = [_pick(rng, phrases["effects"])] if rng.random() < 0.75 else []
    if middle and rng.random() < 0.3:
        middle.append(_pick(rng, phrases["effects"]))
    if rng.random() < 0.1:
        middle.append(_pick(rng, local["mid"]))
    if rng.random() < 0.45 and not phrases.get("timeless"):
        middle.append(_scope(rng, phrases, slots, main))
    if rng.random() < 0.6 or not middle:
        middle.append(_pick(rng, phrases["asks"]))
    sentences = [opening, main, *dict.fromkeys(_fill(sentence, slots) for sentence in middle)]
    return [*sentences, closing if rng.random() < 0.7 else ""]


def _scope(rng: Random, phrases: Mapping[str, Any], slots: _Slots, main: str) -> str:
    """One more detail, unless it repeats what the main sentence said."""
    line = _pick(rng, _book()["common"]["scope_place" if phrases["at"] == "place" else "scope"])
    said = ("{rt}" in line and " RT " in main) or ("{landmark}" in line and slots["landmark"] in main)
    return "Sampai sekarang belum ada perubahan." if said else line


def _join(parts: list[str], main: str) -> str:
    """One text within the limits: the last sentences go first, the matter itself never."""
    kept = [part for part in parts if part]
    while sum(part.count(" ") + 1 for part in kept) > LONGEST:
        kept.pop(-1 if kept[-1] is not main else 0)
    return " ".join(kept)


def _typed_in_haste(rng: Random, text: str) -> str:
    """Short forms and lower case, as typed on a phone while standing in the rain."""
    short = _book()["short_forms"]
    text = _short_pattern().sub(
        lambda found: short[found.group()] if rng.random() < 0.7 else found.group(), text
    )
    style = rng.random()
    if style < 0.5:
        text = text.lower()
    return text.rstrip(".") if style < 0.7 else text


def _say(rng: Random, lines: Sequence[str], **given: str) -> str:
    return _fill(_pick(rng, lines), _Slots(rng, **given))


def _fill(template: str, slots: _Slots) -> str:
    return template.format_map(slots) if "{" in template else template


def _pick(rng: Random, lines: Sequence[str]) -> str:
    return lines[int(rng.random() * len(lines))]


def _pick_any(rng: Random, things: Sequence[Any]) -> Any:
    return things[int(rng.random() * len(things))]


def _lower(text: str) -> str:
    """Without its first capital, unless the first word is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@cache
def _book() -> Mapping[str, Any]:
    book: dict[str, Any] = json.loads((files("guyub.demo") / "data/phrases.json").read_text(encoding="utf-8"))
    for city in book["cities"].values():
        city["all_landmarks"] = [*book["common"]["landmarks"], *city["spots"]]
    for code, phrases in book["categories"].items():
        phrases["what_and_titles"] = [
            (what, _titles_for(what, phrases["titles"])) for what in phrases["what"]
        ]
        plans = book["answer"]["plan"]
        own = phrases.get("plan", plans[_groups()[code]])
        special = phrases["at"] == "place" or code in _hazards()
        phrases["plans"] = own if special else [*own, *plans[""]]
    return book


def _titles_for(what: str, titles: Sequence[str]) -> Sequence[str]:
    """The titles that speak of the same thing, so that a stray dog is not headed "Stray cats"."""
    said = _long_words(what)
    shared = [len(said & _long_words(title)) for title in titles]
    return [
        title for title, common in zip(titles, shared, strict=True) if common and common == max(shared)
    ] or (titles[:1])


def _long_words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > 3}


def _at(category: str) -> str:
    return str(_book()["categories"][category]["at"])


@cache
def _categories() -> Sequence[Mapping[str, Any]]:
    path = files("guyub.rooms.reports") / "data/categories.json"
    categories: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["categories"]
    return categories


@cache
def _groups() -> Mapping[str, str]:
    return {category["code"]: category["group"] for category in _categories()}


@cache
def _hazards() -> frozenset[str]:
    return frozenset(category["code"] for category in _categories() if category["hazard"])


@cache
def _short_pattern() -> re.Pattern[str]:
    words = sorted(_book()["short_forms"], key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b")

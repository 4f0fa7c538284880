"""A year in the life of a demo city, planned before it is played: pure, seeded, never later than `now`.

Each report comes with the steps that follow it, in the order the rules allow and at moments the working
calendar allows. Whoever plays the plan calls the same actions as people do; nothing here writes anything. The
proportions (what is reported where and when, how fast offices are) stand in `data/life.json`.
"""

import csv
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from itertools import accumulate, takewhile
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from guyub.demo import words
from guyub.kernel.calendar import WorkingCalendar, calendar_from_entries, end_of_local_day

VERIFY, ANSWER, REJECT, SCHEDULE, COMPLETE = "verify", "answer", "reject", "schedule", "complete"
ASK_REPORTER, REPLY_REPORTER, HAND_OVER = "ask_reporter", "reply_reporter", "hand_over"
CONFIRM, DISPUTE, NO_RESPONSE = "confirm", "dispute", "no_response"

#: (state, step) -> state. What is not here cannot happen.
MOVES: Mapping[tuple[str, str], str] = {
    ("RECEIVED", VERIFY): "FORWARDED",
    ("RECEIVED", REJECT): "REJECTED",
    ("FORWARDED", HAND_OVER): "FORWARDED",
    ("FORWARDED", ANSWER): "IN_PROGRESS",
    ("IN_PROGRESS", ASK_REPORTER): "WAITING_REPORTER",
    ("WAITING_REPORTER", REPLY_REPORTER): "IN_PROGRESS",
    ("IN_PROGRESS", HAND_OVER): "FORWARDED",
    ("IN_PROGRESS", SCHEDULE): "SCHEDULED",
    ("IN_PROGRESS", COMPLETE): "WORK_DONE",
    ("WORK_DONE", CONFIRM): "CONFIRMED",
    ("WORK_DONE", DISPUTE): "IN_PROGRESS",
    ("WORK_DONE", NO_RESPONSE): "CLOSED_NO_RESPONSE",
}

KELURAHAN, KECAMATAN, AGENCY = "KELURAHAN", "KECAMATAN", "AGENCY"
OFFICE_OPENS, OFFICE_HOURS = time(8), 7.5
METRES_PER_DEGREE = 111_320
JITTER_METRES = 600
_LONGEST_WAIT = 40.0
"""Working days; longer ones would make the demo tell of offices worse than they are."""
ONE_YEAR = timedelta(days=365)
MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens to a report at `at` (UTC). `data` holds plain values; texts are Indonesian."""

    at: datetime
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """A report and its life. `conduct`: it is about the conduct of an official (berkadar pengawasan).

    `report_class` is what the reporter chose; `rw` and `rt` have three digits. The point lies within 600 m of
    the approximate centre of `place_code`, so perhaps just outside it.
    """

    submitted_at: datetime
    report_class: str
    category: str
    place_code: str
    lat: float
    lon: float
    anonymous: bool
    confidential: bool
    conduct: bool
    title: str
    text: str
    landmark: str
    rw: str
    rt: str
    steps: tuple[Step, ...]

    @property
    def state(self) -> str:
        """Where the report stands after its steps. Raises `KeyError` for steps the rules do not allow."""
        state = "RECEIVED"
        for step in self.steps:
            state = MOVES[state, step.kind]
        return state


def plan(city_slug: str, seed: int, now: datetime, count: int) -> Iterator[ReportPlan]:
    """`count` reports of the twelve months before `now`, oldest first. The same arguments give the same."""
    city = _city(city_slug, seed)
    rng = Random(f"{seed}:{city_slug}")  # noqa: S311
    now = now.astimezone(UTC)
    for submitted_at in _submission_times(rng, city.tz, now, count):
        yield _report(rng, city, submitted_at, now)


def submission_times(city_slug: str, seed: int, now: datetime, count: int) -> list[datetime]:
    """When the reports of the same plan are submitted, without making them."""
    city, rng = _city(city_slug, seed), Random(f"{seed}:{city_slug}")  # noqa: S311
    return _submission_times(rng, city.tz, now.astimezone(UTC), count)


def busiest(city_slug: str, seed: int, count: int) -> list[str]:
    """The codes of the kelurahan and desa that report most in a plan."""
    city = _city(city_slug, seed)
    shares = [high - low for high, low in zip(city.busy, [0.0, *city.busy], strict=False)]
    ranked = sorted(zip(shares, city.villages, strict=True), key=lambda pair: (-pair[0], pair[1].code))
    return [village.code for _, village in ranked[:count]]


@dataclass(frozen=True)
class _Village:
    code: str
    name: str
    kind: str
    lat: float
    lon: float


@dataclass(frozen=True)
class _City:
    code: str
    slug: str
    seed: int
    tz: ZoneInfo
    calendar: WorkingCalendar
    villages: Sequence[_Village]
    busy: Sequence[float]  # how much each village reports
    names: Mapping[str, str]  # of places and agencies
    speed: dict[str, float]  # of offices; below 1 is quick

    def pace_of(self, office: str) -> float:
        """An office's own pace: most are near 1, some are slow, the same for the whole year."""
        if office not in self.speed:
            own, facts = Random(f"{self.seed}:{self.slug}:{office}"), _life()["office_speed"]  # noqa: S311
            pace = own.lognormvariate(0, facts["spread"])
            slow = own.random() < facts["slow_share"]
            self.speed[office] = pace * facts["slow_factor"] if slow else pace
        return self.speed[office]


def _report(rng: Random, city: _City, submitted_at: datetime, now: datetime) -> ReportPlan:
    local = submitted_at.astimezone(city.tz)
    category = _weighted(rng, *_categories_in(city.slug, local.month))
    village = _village(rng, city, category)
    rw, rt = 1 + int(rng.random() * 14), 1 + int(rng.random() * 8)
    said = words.report_text(
        rng, category, village.name, city.slug, rw=f"{rw:02d}", rt=f"{rt:02d}", hour=local.hour
    )
    lat, lon = _near(rng, village)
    life = _life()
    conduct = rng.random() < life["conduct"].get(category, 0)
    story = _Story(rng, city, category, village, said, submitted_at, conduct)
    return ReportPlan(
        submitted_at=submitted_at,
        report_class=story.report_class,
        category=category,
        place_code=village.code,
        lat=lat,
        lon=lon,
        anonymous=_happens(rng, life["anonymous"], category),
        confidential=_happens(rng, life["confidential"], category),
        conduct=conduct,
        title=said.title,
        text=said.body,
        landmark=said.landmark,
        rw=f"{rw:03d}",
        rt=f"{rt:03d}",
        steps=tuple(takewhile(lambda step: step.at <= now, story.steps())),
    )


class _Story:
    """Tells the steps of one report, one after another; the listener stops at the present."""

    def __init__(
        self,
        rng: Random,
        city: _City,
        category: str,
        village: _Village,
        said: words.Words,
        submitted_at: datetime,
        conduct: bool,
    ) -> None:
        self.rng, self.city, self.category, self.village, self.said = rng, city, category, village, said
        self.at, self.conduct = submitted_at, conduct
        self.facts = _categories()[category]
        self.hazard = self.facts["hazard"]
        self.report_class = self.facts["default_class"] or _weighted(rng, *_split(_life()["kinds"]))
        self.level = self.facts["level"]

    @property
    def office(self) -> str:
        """The key of the office that has the case: an agency, or a place's code."""
        if self.level == AGENCY:
            return str(self.facts["agency"])
        return self.village.code if self.level == KELURAHAN else self.village.code[:8]

    @property
    def office_name(self) -> str:
        return self.city.names[self.office]

    def steps(self) -> Iterator[Step]:
        reject = _life()["reject"]
        if not (self.hazard or self.conduct) and self._chance(reject["chance"]):
            reason = _weighted(self.rng, *_split(reject["reasons"]))
            text = words.reject_text(self.rng, reason)
            yield self._work(REJECT, pace=1, reason_code=reason, text=text)
            return
        yield self._verified()
        yield from self._settling()
        if self._chance(self._schedule_chance()):
            yield self._scheduled()
        elif not self._chance(_life()["chances"]["never_finished"] * min(self._pace(), 3)):
            yield from self._finishing()

    def _verified(self) -> Step:
        law = f"PENGADUAN_{'' if self.conduct else 'TIDAK_'}BERKADAR_PENGAWASAN"
        return self._work(
            VERIFY,
            pace=1,
            law_class=law if self.report_class == "PENGADUAN" else self.report_class,
            level=self.level,
            agency=self.facts["agency"],
            text=words.verify_text(self.rng, self.office_name),
        )

    def _settling(self) -> Iterator[Step]:
        """Until the right office is at work: hand-overs, the first answer, questions."""
        chances = _life()["chances"]
        if self.level != AGENCY and self._chance(chances["hand_over"]):
            yield self._handed_over(AGENCY)
        elif self.level == AGENCY and not self.hazard and self._chance(chances["hand_over_back"]):
            yield self._handed_over(KELURAHAN)
        yield self._answered()
        if self.level == KELURAHAN and self._chance(chances["hand_over"] / 3):
            yield self._handed_over(AGENCY)
            yield self._answered()
        if not self.hazard and self._chance(chances["ask"]):
            question, reply = words.question_and_reply(
                self.rng, self.category, self.said.landmark, self.said.rt
            )
            yield self._work(ASK_REPORTER, "answer", pace=0.5, text=question)
            yield self._later(REPLY_REPORTER, self.rng.uniform(0.05, 8), text=reply)

    def _handed_over(self, to: str) -> Step:
        pace, self.level = self._pace(), to
        reason = words.hand_over_text(self.rng, self.category, self.office_name)
        return self._work(HAND_OVER, pace=pace, level=to, agency=self.facts["agency"], text=reason)

    def _answered(self) -> Step:
        text = words.answer_text(self.rng, self.category, self.office_name)
        return self._work(ANSWER, pace=self._pace(), text=text)

    def _scheduled(self) -> Step:
        step = self._work(SCHEDULE, pace=self._pace())
        month = step.at.month + 1 + int(self.rng.random() * 9)
        year, month = step.at.year + (month - 1) // 12, (month - 1) % 12 + 1
        reason = words.schedule_text(self.rng, f"{MONTHS[month - 1]} {year}")
        return Step(step.at, SCHEDULE, {"target_month": f"{year}-{month:02d}", "text": reason})

    def _finishing(self) -> Iterator[Step]:
        """Work done, and the reporter's last word; a dispute sends it back."""
        chances, slower = _life()["chances"], _life()["pace"]["complete_by_category"].get(self.category, 1)
        dispute = chances["dispute"]
        while True:
            text = words.completion_text(self.rng, self.category, self.said.rw)
            yield self._work(COMPLETE, pace=self._pace() * slower, text=text)
            if not self._chance(dispute):
                break
            text = words.dispute_text(self.rng, self.category, self.said.landmark)
            yield self._later(DISPUTE, self.rng.uniform(0.05, 5), text=text)
            dispute, slower = chances["dispute_again"], slower * 0.6
        if self._chance(chances["confirm"]):
            by = "reporter" if self._chance(0.85) else "second_person"
            yield self._later(CONFIRM, self.rng.uniform(0.02, 7), by=by, text=words.confirm_text(self.rng))
        else:
            yield self._closed_by_silence()

    def _closed_by_silence(self) -> Step:
        """The window to answer is a rule, so it is read from the rulebook's seed, not written here."""
        day = self.at.astimezone(self.city.tz).date()
        last = self.city.calendar.add_working_days_provisional(day, _auto_close_days()).date
        sweep = timedelta(minutes=5 + self.rng.random() * 20)
        self.at = (end_of_local_day(last, self.city.tz) + sweep).replace(microsecond=0)
        return Step(self.at, NO_RESPONSE, {})

    def _work(self, kind: str, rhythm: str = "", *, pace: float, **data: Any) -> Step:
        """A step of an office: in working hours, after a number of working days; danger does not wait."""
        facts = _life()["pace"].get(rhythm or ("verify" if kind == REJECT else kind))
        wait = min(facts["median"] * pace * self.rng.lognormvariate(0, facts["spread"]), _LONGEST_WAIT)
        if self.hazard:
            hours = min(wait, 12) * (0.35 if kind in (VERIFY, HAND_OVER) else 1.6)
            self.at += timedelta(hours=max(0.05, hours))
        else:
            self.at = _office_moment(self.rng, self.city, self.at, wait)
        self.at = self.at.replace(microsecond=0)
        return Step(self.at, kind, data)

    def _later(self, kind: str, days: float, **data: Any) -> Step:
        """A step of a resident: any day, but not in the middle of the night."""
        local = (self.at + timedelta(days=days)).astimezone(self.city.tz)
        if local.hour < 5:
            local += timedelta(hours=6)
        self.at = max(local.astimezone(UTC), self.at + timedelta(minutes=3)).replace(microsecond=0)
        return Step(self.at, kind, data)

    def _pace(self) -> float:
        return self.city.pace_of(self.office)

    def _schedule_chance(self) -> float:
        life = _life()
        if self.hazard or self.report_class == "PERMINTAAN_INFORMASI":
            return 0
        return float(life["schedule_by_category"].get(self.category, life["chances"]["schedule"]))

    def _chance(self, probability: float) -> bool:
        return self.rng.random() < probability


def _office_moment(rng: Random, city: _City, after: datetime, working_days: float) -> datetime:
    """A moment in office hours, about `working_days` after `after` and at least ten minutes later."""
    local = after.astimezone(city.tz)
    whole = int(working_days)
    closes = datetime.combine(local.date(), OFFICE_OPENS, city.tz) + timedelta(hours=OFFICE_HOURS)
    soon = local + timedelta(minutes=10 + rng.random() * 110)
    if whole == 0 and soon < closes and _is_working(city.calendar, local.date()):
        opens = datetime.combine(local.date(), OFFICE_OPENS, city.tz)
        return max(soon, opens + timedelta(minutes=5 + rng.random() * 60)).astimezone(UTC)
    day = city.calendar.add_working_days_provisional(local.date(), max(1, whole)).date
    hours = rng.random() * OFFICE_HOURS
    return (datetime.combine(day, OFFICE_OPENS, city.tz) + timedelta(hours=hours)).astimezone(UTC)


def _is_working(calendar: WorkingCalendar, day: date) -> bool:
    return calendar.add_working_days_provisional(day - timedelta(days=1), 1).date == day


def _submission_times(rng: Random, tz: ZoneInfo, now: datetime, count: int) -> list[datetime]:
    """Moments in the year before `now`, more on Mondays, in the evening, and as the year goes on."""
    life, first = _life(), (now - ONE_YEAR).astimezone(tz).date()
    low, high = life["growth"]
    days = [first + timedelta(days=i) for i in range(366)]
    weights = [
        life["weekday_factors"][day.weekday()] * (low + (high - low) * i / 365) for i, day in enumerate(days)
    ]
    hours = list(accumulate(life["hour_weights"]))
    moments: list[datetime] = []
    while len(moments) < count:
        for day in rng.choices(days, weights, k=count - len(moments)):
            clock = rng.choices(range(24), cum_weights=hours)[0] + rng.random()
            moment = datetime.combine(day, time(), tz) + timedelta(seconds=int(clock * 3600))
            moment = moment.astimezone(UTC)
            if now - ONE_YEAR <= moment < now:
                moments.append(moment)
    return sorted(moments)


def _village(rng: Random, city: _City, category: str) -> _Village:
    only = _life()["only_in"].get(category)
    if not only:
        return rng.choices(city.villages, cum_weights=city.busy)[0]
    at_risk = [village for village in city.villages if village.code.startswith(tuple(only))]
    return at_risk[int(rng.random() * len(at_risk))]


def _near(rng: Random, village: _Village) -> tuple[float, float]:
    """A point spread evenly over the circle around the village's centre."""
    distance, angle = JITTER_METRES * math.sqrt(rng.random()), math.tau * rng.random()
    lat = village.lat + distance * math.cos(angle) / METRES_PER_DEGREE
    lon = village.lon + distance * math.sin(angle) / (METRES_PER_DEGREE * math.cos(math.radians(village.lat)))
    return round(lat, 6), round(lon, 6)


def _weighted(rng: Random, names: Sequence[str], cumulated: Sequence[float]) -> str:
    return rng.choices(names, cum_weights=cumulated)[0]


def _split(weights: Mapping[str, float]) -> tuple[list[str], list[float]]:
    return list(weights), list(accumulate(weights.values()))


def _happens(rng: Random, chances: Mapping[str, float], category: str) -> bool:
    return rng.random() < float(chances.get(category, chances[""]))


@cache
def _categories_in(city_slug: str, month: int) -> tuple[list[str], list[float]]:
    """The categories with their cumulated weights in a city and a month (1 to 12)."""
    life = _life()
    weights = life["category_weights"] | life["extra_weights"].get(city_slug, {})
    city, months = life["city_factors"][city_slug], life["month_factors"]
    usual = [1.0] * 12
    return _split(
        {
            code: weight * city.get(code, 1) * months.get(code, usual)[month - 1]
            for code, weight in weights.items()
        }
    )


@cache
def _categories() -> Mapping[str, Mapping[str, Any]]:
    return {
        category["code"]: category for category in _read("rooms/reports/data/categories.json")["categories"]
    }


@cache
def _life() -> Mapping[str, Any]:
    life: dict[str, Any] = _read("demo/data/life.json")
    return life


@cache
def _auto_close_days() -> int:
    entries = _read("kernel/rulebook/seeds/complaint_clocks.json")
    return next(
        int(entry["value"]["amount"])
        for entry in entries
        if entry["key"] == "auto_close" and not entry["effective_until"]
    )


def _city(slug: str, seed: int) -> _City:
    facts = next(city for city in _read("demo/data/cities.json") if city["slug"] == slug)
    table = (files("guyub") / "rooms/places/data/centroids.csv").read_text(encoding="utf-8").splitlines()
    rows = [row for row in csv.DictReader(table) if row["code"].startswith(f"{facts['code']}.")]
    villages = [
        _Village(row["code"], row["name"], row["kind"], float(row["lat"]), float(row["lon"]))
        for row in rows
        if len(row["code"]) == 13
    ]
    chance = Random(f"{seed}:{slug}:places")  # noqa: S311
    return _City(
        code=facts["code"],
        slug=slug,
        seed=seed,
        tz=ZoneInfo(facts["time_zone"]),
        calendar=calendar_from_entries(_read("kernel/rulebook/seeds/holidays.json")),
        villages=villages,
        busy=list(accumulate(chance.lognormvariate(0, 0.6) for _ in villages)),
        names=_office_names(facts["code"], rows),
        speed={},
    )


def _office_names(regency: str, rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What an office is called in a sentence: "DSDABM", "Kelurahan Dago"."""
    names = {row["code"]: f"{row['kind'].capitalize()} {row['name']}" for row in rows}
    for office in _read("rooms/people/data/organisations.json"):
        names[office["key"]] = office["names"].get(regency, office)["short_name"]
    return names


def _read(path: str) -> Any:
    return json.loads((files("guyub") / path).read_text(encoding="utf-8"))

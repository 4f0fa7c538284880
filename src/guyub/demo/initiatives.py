"""The demo's initiatives, one in every state, set up by the actions themselves: with a promise that was kept, one that
is late, one that failed, a resident's hours, and reports that wait for a task.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle
from pathlib import Path

from guyub.demo import pictures
from guyub.demo.people import DOMAIN
from guyub.demo.together import show_answered, show_statement
from guyub.kernel.access.api import Person, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.files.api import Photo
from guyub.rooms.initiatives import delivering, drafting, joining, lines, partnering, pledging, working
from guyub.rooms.initiatives.delivering import Brings
from guyub.rooms.initiatives.models import Initiative, Line, Proof, Task
from guyub.rooms.partners.models import Member, Partner
from guyub.rooms.partners.rules import Role
from guyub.rooms.people import api as people

MOST_CASES = 6
THROUGHOUT = "bandung"  # the city in which both ends of a promise are shown


@dataclass
class Stage:
    """Who acts in the demo's kelurahan, and pictures that are none of a real place."""

    now: datetime
    lurah: Person
    second: Person
    place: str
    office: int
    partners: list[tuple[Partner, Person]]
    drawn: dict[str, Iterator[Path]]

    def ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)

    def day(self, days: int) -> date:
        """A day so many days from now."""
        return local_date(self.now + timedelta(days=days), get_city().tz)

    def photo(self, moment: str = "after") -> io.BytesIO:
        return io.BytesIO(next(self.drawn[moment]).read_bytes())


def show_initiatives(*, at: datetime) -> None:
    """Set the examples up in the entered city; once."""
    if Initiative.objects.exists():
        return
    lurah, second = _person("lurah", at), _person("seklur", at)
    grant = next(one for one in lurah.grants if roles.COLLABORATE in one.powers)
    known = [(row, who) for row in Partner.objects.verified().order_by("pk") if (who := _lead(row, at=at))]
    stage = Stage(
        at,
        lurah,
        second,
        grant.place,
        grant.organisation,
        known,
        _drawn(),
    )
    _stopped(stage)
    _done(stage)
    _draft(stage)
    _running(stage)
    _open(stage)
    if known:
        _waits_for_consent(stage, *known[0])
    # The pictures are drawn and few: to look at them would accuse everybody and keep the worker busy for minutes.
    Proof.objects.filter(flagged=None).update(flagged=False, findings=[{"code": "NEW"}])
    Photo.objects.filter(subject__startswith="initiatives.").update(is_marked=True)


def _drawn() -> dict[str, Iterator[Path]]:
    """Pictures without end, by whether they show the place before or after the work."""
    pool = sorted(pictures.pool().items())
    return {
        wanted: cycle([one.full for (_scene, moment), several in pool for one in several if moment == wanted])
        for wanted in ("before", "after")
    }


def _person(slug: str, at: datetime) -> Person:
    account = people.add_account(email=f"{slug}@{DOMAIN}", name=slug)
    return people.person(account, on=local_date(at, get_city().tz))


def _lead(row: Partner, *, at: datetime) -> Person | None:
    found = Member.objects.filter(partner=row, role=Role.LEAD, state="ACTIVE").first()
    return people.person(found.account_id, on=local_date(at, get_city().tz)) if found else None


def _begin(
    stage: Stage, template: str, title: str, purpose: str, theme: str, *, since: int, until: int
) -> Initiative:
    """An office's initiative from a template, opened so many days ago."""
    plan = drafting.Plan(title, purpose, theme, (stage.place,), stage.day(-since), stage.day(until))
    at = stage.ago(since)
    row = drafting.draft(plan=plan, by=stage.lurah, at=at, office=stage.office, template=template)
    drafting.open_up(initiative=row.pk, by=stage.lurah, at=at)
    return row


def _line(row: Initiative, resource: str) -> Line:
    found = Line.objects.filter(initiative=row, resource=resource).first()
    assert found is not None
    return found


def _pledge(
    stage: Stage,
    line: Line,
    amount: int,
    giver: tuple[Partner | None, Person],
    *,
    ago: int,
    due: int,
    conflict: str = "",
    accept: bool = True,
) -> int:
    partner, who = giver
    key = pledging.pledge(
        line=line.pk,
        amount=amount,
        due_on=stage.day(due),
        by=who,
        at=stage.ago(ago),
        partner=partner.pk if partner else None,
        conflict=conflict,
    )
    if accept:
        pledging.accept(pledge=key, by=stage.lurah, at=stage.ago(ago - 1))
    return key


def _bring(stage: Stage, pledge: int, amount: int, who: Person, *, ago: int, verify: bool = True) -> None:
    said = Brings(amount, stage.day(-ago), "Penerima Contoh", words="Diserahkan di lokasi.")
    made = delivering.deliver(pledge=pledge, said=said, photos=[stage.photo()], by=who, at=stage.ago(ago))
    delivering.receive(delivery=made.pk, at=stage.ago(ago))
    if verify:
        delivering.verify(delivery=made.pk, found=amount, by=stage.second, at=stage.ago(ago - 1))


def _call(stage: Stage, row: Initiative, giver: tuple[Partner, Person], role: str, *, ago: int) -> None:
    partner, who = giver
    partnering.invite(initiative=row.pk, partner=partner.pk, role=role, by=stage.lurah, at=stage.ago(ago))
    partnering.answer(initiative=row.pk, partner=partner.pk, is_accepted=True, by=who, at=stage.ago(ago - 1))


def _prove(stage: Stage, task: Task, words: str, *, ago: int) -> None:
    working.prove(task=task.pk, words=words, photos=[stage.photo()], by=stage.second, at=stage.ago(ago))
    working.verify_task(task=task.pk, by=stage.lurah, at=stage.ago(ago - 1))


def _running(stage: Stage) -> None:
    """Partners promised: one kept it, one is late, one failed; a resident gives hours; reports wait for a task."""
    row = _begin(
        stage,
        "taman",
        "Taman Contoh di Tepi Kali",
        "Lahan kosong yang sering menjadi tempat sampah menjadi taman yang teduh dan dirawat warga.",
        "ruang-publik",
        since=40,
        until=50,
    )
    lines.state_exemption(initiative=row.pk, code="gotong-royong", by=stage.lurah, at=stage.ago(39))
    hours = _line(row, "HOURS")
    for n, giver in enumerate(stage.partners[:3]):
        _call(stage, row, giver, ("MITRA", "PELAKSANA", "PENDUKUNG")[n], ago=38)
    if len(stage.partners) >= 3:
        kept, late, failed = stage.partners[:3]
        money = _line(row, "MONEY")
        given = _pledge(stage, money, 5_000_000, kept, ago=36, due=-20)
        _bring(stage, given, 5_000_000, kept[1], ago=22)
        pledging.thank(
            pledge=given,
            words="Terima kasih, pupuk dan tanah sudah dibeli.",
            by=stage.lurah,
            at=stage.ago(18),
        )
        delivering.spend(
            line=money.pk,
            amount=3_200_000,
            what="Tanah subur dan pupuk",
            on=stage.day(-16),
            by=stage.lurah,
            at=stage.ago(16),
        )
        if get_city().slug == THROUGHOUT:
            later = _pledge(stage, money, 1_500_000, late, ago=14, due=-8)
            _bring(stage, later, 1_500_000, late[1], ago=9, verify=False)
            show_statement(
                office=stage.office, lurah=stage.lurah, known=given, giver=late[0].name, at=stage.now
            )
        waiting = _pledge(stage, hours, 60, late, ago=35, due=-6)
        _bring(stage, waiting, 24, late[1], ago=12)
        broken = _pledge(stage, hours, 40, failed, ago=34, due=-10)
        pledging.withdraw(
            pledge=broken, words="Pengurus berganti; tenaganya belum ada.", by=failed[1], at=stage.ago(15)
        )
    _pledge(stage, hours, 8, (None, _person("ketua-rt", stage.now)), ago=20, due=10)
    drafting.start(initiative=row.pk, by=stage.lurah, at=stage.ago(30))
    working.show_scene(
        initiative=row.pk, when="before", photos=[stage.photo("before")], by=stage.lurah, at=stage.ago(30)
    )
    working.post_update(
        initiative=row.pk,
        words="Rembuk warga sepakat: pohon peneduh di sisi barat, bangku menghadap kali.",
        photos=[stage.photo()],
        by=stage.lurah,
        at=stage.ago(28),
    )
    first, second, *_more, last = list(Task.objects.filter(initiative=row))
    _prove(stage, first, "Rembuk dihadiri warga tiga RT; gambar taman ditempel di balai RW.", ago=27)
    numbers = list(
        joining.joinable(stage.lurah)
        .filter(place_code=stage.place)
        .order_by("-pk")
        .values_list("number", flat=True)[:MOST_CASES]
    )
    joining.join_many(task=last.pk, numbers=numbers, by=stage.lurah, at=stage.ago(1))
    if get_city().slug == THROUGHOUT:
        show_answered(
            initiative=row,
            task=second,
            lurah=stage.lurah,
            second=stage.second,
            resident=_person("warga", stage.now),
            at=stage.now,
        )


def _open(stage: Stage) -> None:
    """Just opened: a promise waits whose giver has a permit pending."""
    row = _begin(
        stage,
        "rawat-sungai",
        "Rawat Kali Contoh",
        "Ruas kali di kelurahan ini bersih dan tetap bersih, dijaga warga di kedua tepinya.",
        "sungai-air",
        since=4,
        until=56,
    )
    lines.state_exemption(initiative=row.pk, code="gotong-royong", by=stage.lurah, at=stage.ago(4))
    if stage.partners:
        words = "Izin bangunan gudang sedang diproses."
        _pledge(
            stage, _line(row, "GOODS"), 30, stage.partners[-1], ago=3, due=14, conflict=words, accept=False
        )
    _pledge(stage, _line(row, "HOURS"), 6, (None, _person("warga", stage.now)), ago=2, due=12, accept=False)


def _done(stage: Stage) -> None:
    row = _begin(
        stage,
        "pelatihan",
        "Pelatihan Contoh: Foto Produk UMKM",
        "Pelaku UMKM pulang dengan foto produk yang layak jual.",
        "umkm",
        since=120,
        until=-70,
    )
    drafting.start(initiative=row.pk, by=stage.lurah, at=stage.ago(115))
    if stage.partners:
        giver = stage.partners[0]
        given = _pledge(stage, _line(row, "SKILL"), 40, giver, ago=112, due=-90)
        _bring(stage, given, 40, giver[1], ago=92)
        pledging.thank(
            pledge=given, words="Terima kasih atas pelatihannya.", by=stage.lurah, at=stage.ago(89)
        )
    for task in Task.objects.filter(initiative=row):
        _prove(stage, task, f"{task.title}: selesai.", ago=86)
    for when in ("before", "after"):
        working.show_scene(
            initiative=row.pk, when=when, photos=[stage.photo(when)], by=stage.lurah, at=stage.ago(80)
        )
    drafting.finish(
        initiative=row.pk,
        words="Tiga puluh peserta selesai; dua puluh sudah memakai fotonya di lapak daring.",
        by=stage.lurah,
        at=stage.ago(75),
    )


def _stopped(stage: Stage) -> None:
    row = _begin(
        stage,
        "festival",
        "Festival Contoh Kampung Kreatif",
        "Merayakan karya warga dan membuka pasar bagi usaha kecil.",
        "seni-budaya",
        since=150,
        until=-100,
    )
    drafting.stop(
        initiative=row.pk,
        words="Lapangan dipakai untuk perbaikan saluran; diusulkan lagi tahun depan.",
        by=stage.lurah,
        at=stage.ago(130),
    )


def _draft(stage: Stage) -> None:
    plan = drafting.Plan(
        "Jama-PAI Contoh",
        "Tidak ada ibu dan anak yang berjalan sendiri.",
        "ibu-anak",
        (stage.place,),
        stage.day(7),
        stage.day(370),
    )
    drafting.draft(plan=plan, by=stage.lurah, at=stage.ago(2), office=stage.office, template="jama-pai")


def _waits_for_consent(stage: Stage, partner: Partner, who: Person) -> None:
    plan = drafting.Plan(
        "Kebun Contoh di Lahan Umum",
        "Kebun sayur bersama di lahan milik umum.",
        "lingkungan",
        (stage.place,),
        stage.day(14),
        stage.day(90),
        True,
    )
    row = drafting.draft(plan=plan, by=who, at=stage.ago(3), partner=partner.pk, template="bank-waktu")
    drafting.ask_consent(initiative=row.pk, by=who, at=stage.ago(3))

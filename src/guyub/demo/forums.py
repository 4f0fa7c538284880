"""Standing forums with two meetings held, made by the rooms' own actions: what is undone and late is there to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from guyub.demo.people import DOMAIN
from guyub.kernel import parties
from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import get_city
from guyub.rooms.conversation import threads
from guyub.rooms.conversation.speaking import RESIDENT, voices_of
from guyub.rooms.forums import actions as forums
from guyub.rooms.forums.models import Forum
from guyub.rooms.forums.rules import Seat
from guyub.rooms.meetings import actions as meetings
from guyub.rooms.meetings import queries
from guyub.rooms.meetings.models import How
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account

KINDS = (partners.Kind.COMMUNITY, partners.Kind.COMPANY, partners.Kind.UNIVERSITY, partners.Kind.MEDIA)
RULES = "1. Rapat sedikitnya empat kali setahun.\n2. Keputusan diambil dengan musyawarah mufakat.\n3. Rapat dibuka dengan tindak lanjut yang belum selesai."


@dataclass(frozen=True, slots=True)
class Story:
    """What a demo forum talked about: names and words are invented."""

    kind: str
    name: str
    first: str
    second: str
    decided: str
    voted: str
    late: str
    open: str
    done: str
    asked: str
    answered: str


STORIES = {
    "bandung": Story(
        "kota-cerdas",
        "Forum Kota Cerdas Bandung (contoh)",
        "Data terbuka tingkat kecamatan",
        "Taman yang dirawat bersama",
        "Setiap kecamatan memuat data laporan dan taman dalam satu halaman.",
        "Rapat berikutnya diadakan di kantor kecamatan.",
        "Memasang papan pemilahan sampah di lima taman",
        "Menyusun daftar taman yang siap dirawat komunitas",
        "Membagikan berita acara kepada semua kecamatan",
        "Kapan papan pemilahan di taman terpasang?",
        "Papan dipasang sebelum akhir bulan; dinas melaporkan di rapat berikutnya.",
    ),
    "pekalongan": Story(
        "jejaring-komunitas",
        "Forum Jejaring Komunitas Pekalongan (contoh)",
        "Rob di utara kota",
        "Posko dan dapur umum",
        "Tiap kelurahan rawan rob punya posko dengan penanggung jawab yang jelas.",
        "Dapur umum dikelola bergiliran.",
        "Memeriksa pompa dan pintu air di tiga kelurahan",
        "Mendata perahu dan tempat berkumpul milik komunitas",
        "Mengumumkan nomor posko kepada RT dan RW",
        "Warga bertanya: pompa mana yang sudah diperiksa?",
        "Dua dari tiga pompa sudah diperiksa. Yang terakhir menunggu suku cadang.",
    ),
}


def add_demo_forum(*, at: datetime) -> None:
    """The forum of the entered city, if the demo has one for it; running it again changes nothing."""
    story = STORIES.get(get_city().slug)
    if story is None or Forum.objects.exists():
        return
    keeper = _person("kemitraan", at)
    row = _found(story, keeper, at - timedelta(days=88))
    members = _seat(row, keeper, at - timedelta(days=86))
    _meet(row, story, members, keeper, at)
    _talk(row, story, keeper, at - timedelta(days=6))


def _person(slug: str, at: datetime) -> Person:
    account = Account.objects.get(email=f"{slug}@{DOMAIN}").pk
    return people.person(account, on=at.astimezone(get_city().tz).date())


def _found(story: Story, keeper: Person, at: datetime) -> Forum:
    office = people.directory().of_kind(people.OrganisationKind.SECRETARIAT)[0]
    charter = forums.Charter(
        name=story.name,
        purpose="Empat unsur kota membahas masalah bersama, membagi pekerjaan, dan memeriksa hasilnya.",
        decree_number="SK percontohan 188/45",
        decree_on=at.date(),
        term_from=at.date(),
        term_until=at.date() + timedelta(days=3 * 365),
        secretariat=office.id,
        house_rules=RULES,
    )
    return forums.found_forum(kind=story.kind, charter=charter, by=keeper, at=at)


def _seat(row: Forum, keeper: Person, at: datetime) -> list[str]:
    """Offices, the council and partners of every kind; returns their codes."""
    known = people.directory()
    offices = [
        known.of_kind(people.OrganisationKind.SECRETARIAT)[0].id,
        *(one.id for key in ("lh", "pu") if (one := known.find_key(key))),
    ]
    codes = [parties.party("office", key) for key in offices]
    if council := known.find_key("dprd"):
        codes.append(parties.party("office", council.id))
    codes += [parties.party("partner", key) for key in _partners()]
    seats = [Seat.CHAIR, Seat.DEPUTY, Seat.SECRETARY]
    for position, code in enumerate(codes):
        forums.seat_member(
            forum=row.pk,
            party=code,
            seat=seats[position] if position < len(seats) else Seat.MEMBER,
            representative="Wakil Contoh, sekretariat",
            by=keeper,
            at=at,
        )
    return codes


def _partners() -> list[int]:
    """Some verified partners of each kind."""
    rows = [partners.Partner.objects.verified().filter(kind=kind).order_by("pk")[:2] for kind in KINDS]
    return [row.pk for some in rows for row in some]


def _meet(row: Forum, story: Story, members: list[str], keeper: Person, at: datetime) -> None:
    """Two meetings that were held and one that is planned; of what the first agreed one thing is late."""
    owners = [code for code in members if code.startswith("office:")]
    partner = next((code for code in members if code.startswith("partner:")), owners[0])
    first = _hold(row, story.first, members[:-1], keeper, _day(at, -75), (story.decided, None))
    agreed = [
        (story.late, owners[1], at - timedelta(days=20)),
        (story.done, owners[0], at - timedelta(days=50)),
        (story.open, partner, at + timedelta(days=25)),
    ]
    made = [
        meetings.follow_up(
            subject=row.subject,
            what=what,
            owner=owner,
            due_on=due.date(),
            meeting=first,
            by=keeper,
            at=_day(at, -75) + timedelta(hours=2),
        )
        for what, owner, due in agreed
    ]
    meetings.done(
        follow_up=made[1].uuid, note="Sudah dibagikan lewat surat.", by=keeper, at=at - timedelta(days=60)
    )
    _hold(row, story.second, members, keeper, _day(at, -14), (story.voted, (len(members) - 2, 1, 1)))
    begins = _day(at, 16)
    meetings.plan(
        subject=row.subject,
        title="Rapat berikutnya",
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        venue="Balai pertemuan contoh",
        agenda=["Laporan semua unsur", "Lain-lain"],
        by=keeper,
        at=at - timedelta(days=2),
        tell=False,
    )


def _hold(
    row: Forum,
    title: str,
    came: list[str],
    keeper: Person,
    begins: datetime,
    decided: tuple[str, tuple[int, int, int] | None],
) -> UUID:
    ends = begins + timedelta(hours=2)
    meeting = meetings.plan(
        subject=row.subject,
        title=title,
        starts_at=begins,
        ends_at=ends,
        venue="Balai pertemuan contoh",
        agenda=[title],
        by=keeper,
        at=begins - timedelta(days=10),
        tell=False,
    )
    who: dict[str, Any] = {"meeting": meeting.uuid, "by": keeper, "at": ends}
    held = meetings.hold(came=came, **who)
    items = {item.id: f"Dibahas bersama: {item.title.lower()}." for item in queries.agenda_of(held)}
    meetings.record_minutes(bodies=items, **who)
    body, votes = decided
    meetings.decide(body=body, how=How.VOTE if votes else How.CONSENSUS, votes=votes, **who)
    meetings.approve(**who)
    return meeting.uuid


def _day(at: datetime, days: int) -> datetime:
    """Ten o'clock of the day that lies so many days away."""
    day = at.astimezone(get_city().tz).date() + timedelta(days=days)
    return datetime.combine(day, time(10), tzinfo=get_city().tz)


def _talk(row: Forum, story: Story, keeper: Person, at: datetime) -> None:
    """A resident asks, the head of the region answers, and the answer becomes a decision."""
    resident, head = _person("warga", at), _person("kepala-daerah", at)
    thread = threads.open_thread(
        subject=row.subject,
        title=story.asked,
        body=f"{story.asked} Kami siap membantu memeriksa di lapangan.",
        voice=RESIDENT,
        by=resident,
        at=at,
    )
    answer = threads.say(
        thread=thread.uuid,
        body=story.answered,
        voice=voices_of(head)[0].code,
        by=head,
        at=at + timedelta(hours=5),
    )
    threads.mark_decision(post=answer.pk, by=keeper, at=at + timedelta(hours=6))

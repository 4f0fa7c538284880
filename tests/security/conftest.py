"""The scene of an attack: the people of the demo, reports of every kind, and a browser for each person."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone, translation

from guyub.kernel import parties
from guyub.kernel.access.api import roles
from guyub.kernel.cities import api as cities
from guyub.kernel.cities import current
from guyub.kernel.cities.api import City
from guyub.kernel.files import api as files
from guyub.rooms.agreements import api as agreements
from guyub.rooms.areafunds import api as areafunds
from guyub.rooms.casework.api import Case, State, changes, crew
from guyub.rooms.conversation import threads
from guyub.rooms.floods import api as floods
from guyub.rooms.floods.models import Cluster
from guyub.rooms.floods.receiving import add_photo as add_flood_photo
from guyub.rooms.forums import actions as forums
from guyub.rooms.incidents import opening, playing, situation, tasking
from guyub.rooms.initiatives import delivering, drafting, lines, pledging, working
from guyub.rooms.initiatives.models import Line, Pledge, Task
from guyub.rooms.meetings import actions as meetings
from guyub.rooms.needs import asking, offering, publishing
from guyub.rooms.partners import api as partners
from guyub.rooms.partners import membership, merging
from guyub.rooms.partners.models import Document, Invitation, Member, Partner
from guyub.rooms.people import support
from guyub.rooms.places import api as places
from guyub.rooms.reports import actions, following, lapor
from guyub.rooms.reports.models import Report
from guyub.rooms.sensing import api as sensing
from guyub.rooms.sensing import managing
from guyub.rooms.tides import api as tides
from guyub.rooms.warnings import api as warnings
from guyub.rooms.warnings import issuing, roster
from tests.factories import BACKEND, HOST, People, add_people, bring_to, picture, send

PERSONS = {
    "nobody": "",
    "warga": "warga",
    "ketua_rt": "ketua-rt",
    "lurah": "lurah",
    "kasi": "kasi",
    "camat": "camat",
    "koordinator": "koordinator",
    "penghubung": "penghubung",
    "kepala_opd": "kepala-dinas",
    "inspektur": "inspektorat",
    "sekda": "sekda",
    "kepala_daerah": "kepala-daerah",
    "dewan": "dewan",
    "tapem": "tapem",
    "operator": "pusdalops",
    "peringatan": "kalaksa",
    "kemitraan": "kemitraan",
    "admin_kota": "admin",
    "dukungan": "dukungan",
}
NAME, EMAIL, PHONE, NIK = (
    "Suharti Wijayakusuma",
    "suharti.wk@rahasia.test",
    "0813-5550-7777",
    "3273024505900003",
)
# Another than the reporter's: a partner's board and the verifier see theirs.
PARTNER_CONTACT = {
    "contact_name": "Kontak Mitra",
    "contact_email": "mitra@uji.test",
    "contact_phone": "022-5550-1111",
}
CONTACT = {"name": NAME, "email": EMAIL, "phone": PHONE}
SECRETS = (NAME, "Suharti", EMAIL, "suharti.wk", PHONE, NIK)


class Browser(Client):
    """A browser at one city's address that leaves the test where it was and shows a failure as a page does."""

    def __init__(self, host: str = HOST["host"], **more: Any) -> None:
        super().__init__(raise_request_exception=False, **more)
        self.host = host

    def request(self, **request: Any) -> Any:
        request.setdefault("HTTP_HOST", self.host)
        with current.returning():
            answer = super().request(**request)
            if answer.streaming:
                answer.whole = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
            return answer


def count_rows(*, besides: tuple[str, ...] = ("django_session",)) -> dict[str, int]:
    """How many rows each table holds that the city sees; that a list or a copy of one's data was taken away is a fact which looking may add."""
    told = {"ledger_fact": " WHERE name NOT IN ('casework.cases_exported', 'reports.data_given')"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname IN (%s, 'commons') "
            "AND tablename NOT LIKE 'django_migrations'",
            [current.get_city().schema],
        )
        names = sorted({row[0] for row in cursor.fetchall()} - {*besides, "limits_count", "limits_cache"})
        parts = " UNION ALL ".join(
            f"SELECT '{name}', count(*) FROM {name}{told.get(name, '')}" for name in names
        )
        cursor.execute(parts)
        return {name: n for name, n in cursor.fetchall() if n}


@dataclass
class Scene:
    """Reports in the kelurahan of the demo's lurah, who leads the office that has them."""

    people: People
    now: datetime
    reports: dict[str, tuple[Report, Case]] = field(default_factory=dict)
    photo: uuid.UUID = field(default_factory=uuid.uuid4)
    access: int = 0
    follower: str = ""
    change: uuid.UUID = field(default_factory=uuid.uuid4)
    flood: dict[str, str] = field(default_factory=dict)
    partner: Partner = field(default_factory=Partner)
    known: str = ""
    invitation: str = ""
    paper: int = 0
    member: int = 0
    invited: int = 0
    merge: int = 0
    need: str = ""
    shared: str = ""
    warning: str = ""
    incident: dict[str, Any] = field(default_factory=dict)
    cap: str = ""
    waiting: str = ""
    offer: uuid.UUID = field(default_factory=uuid.uuid4)
    question: uuid.UUID = field(default_factory=uuid.uuid4)
    forum: dict[str, Any] = field(default_factory=dict)
    initiative: dict[str, Any] = field(default_factory=dict)
    ceiling: int = 0
    activity: str = ""
    step: str = ""
    agreement: str = ""
    agreed: str = ""
    paper_draft: str = ""
    paper_party: int = 0
    paper_duty: int = 0
    sensor: int = 0
    desk_sensor: int = 0
    value: int = 0
    words: dict[str, object] = field(default_factory=dict)

    def crew(self) -> str:
        """The key of a crew's link, made by the head of the office that has the case."""
        return crew.key_of(crew.links_of(self.reports["published"][1])[0].uuid)

    def report(self, name: str) -> Report:
        return self.reports[name][0]

    def case(self, name: str) -> Case:
        return Case.objects.get(pk=self.reports[name][1].pk)

    def number(self, name: str) -> str:
        return self.reports[name][0].number

    def key(self, name: str) -> str:
        return actions.follow_key(self.reports[name][0].uuid)

    def browser(self, person: str, **more: Any) -> Browser:
        made = Browser(**more)
        if person != "nobody":
            made.force_login(self.people.account(PERSONS[person]), backend=BACKEND)
        return made


def _flood(place: str, now: datetime) -> dict[str, str]:
    """A report of a flood with a photo that nobody has looked at."""
    said = floods.Said(submission=uuid.uuid4(), place=place, depth=50, words="Air sampai lutut.", in_need=2)
    receipt = floods.submit(said=said, at=now)
    add_flood_photo(report=receipt.report, upload=picture(), at=now)
    cluster = Cluster.objects.get(members=receipt.report)
    return {
        "flood": cluster.number,
        "flood_report": receipt.number,
        "flood_key": receipt.follow_key,
        "flood_photo": str(files.Photo.objects.get(subject=f"floods.report:{receipt.report}").uuid),
    }


@pytest.fixture(scope="module")
def set_up(django_db_setup, django_db_blocker, now, pages_clock, forget) -> Iterator[Scene]:
    """The scene, made once for a file's tests in a transaction around theirs: what each does is taken back to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        city = cities.get_city_by_slug("bandung")
        with cities.inside(city), translation.override("id"), pages_clock():
            made = _make(now)
        forget()
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def city(set_up, city) -> City:
    """With its scene for every test, in whatever order they come."""
    return city


@pytest.fixture
def scene(set_up, city) -> Scene:
    """A copy for each test: what one writes down in it no other reads."""
    return copy.deepcopy(set_up)


def _make(now: datetime) -> Scene:
    cache.clear()  # what other tests sent from this address counts against none of these
    people = add_people()
    EmailAddress.objects.update(verified=True)
    made = Scene(people, now)
    lurah, day = people["lurah"], timedelta(days=1)

    def add(name: str, *, state: State = State.RECEIVED, **changes: Any) -> None:
        row, case = send(at=now - day, place=people.place, **{**CONTACT, **changes})
        if state is not State.RECEIVED:
            case = bring_to(state, row, case, by=lurah, at=now)
        made.reports[name] = (row, case)

    add("fresh", body=f"Lampu mati. NIK saya {NIK}.", landmark="dekat pos ronda")
    add("published", state=State.FORWARDED, body="Sampah menumpuk di tepi jalan.")
    add("done", state=State.WORK_DONE)
    add("rejected", state=State.REJECTED)
    add("anonymous", state=State.FORWARDED, is_anonymous=True)
    add("secret", state=State.IN_PROGRESS, is_confidential=True, body="Ini hanya untuk petugas kelurahan.")
    add("conduct", about_conduct=True, body="Petugas meminta uang untuk surat.")
    entered = lapor.enter_item(
        item=lapor.Wanted(
            external_id="9876543",
            body="Sampah menumpuk di tepi jalan, kata pelapor di sana.",
            report_class="PENGADUAN",
            category="sampah",
            place=people.place,
            received_at=now - day,
        ),
        by=people["koordinator"],
        at=now,
    )
    case = Case.objects.get(number=entered.number)
    made.reports["lapor"] = (Report.objects.get(number=entered.number), case)
    row = following.follower_of_device(mark="0" * 64, language="id", at=now)
    following.follow(follower=row, thing=following.Thing(place=people.place), at=now)
    made.follower = following.key_of(following.FOLLOWER, row.uuid)
    made.change = changes.draft_change(
        title="Sampah ke kecamatan",
        legal_basis="Perwal percontohan",
        legal_date=now.date(),
        effective_from=now.date() + 400 * day,
        by=people["koordinator"],
        at=now,
    ).uuid
    made.flood = _flood(people.place, now)
    made.photo = files.store_photo(picture(), at=now, subject=actions.subject_of(made.report("fresh"))).uuid
    crew.make_link(
        case=made.reports["published"][1].uuid,
        crew="Regu contoh",
        instruction="Angkut sampahnya.",
        by=lurah,
        at=timezone.now(),
    )
    made.access = support.open_support(
        by=people["admin"],
        account=people["dukungan"].account or 0,
        reason="Daftar tidak tampil.",
        hours=1,
        at=now - timedelta(days=2),
    )
    _add_partners(made)
    _add_needs(made)
    _add_forum(made)
    _add_initiatives(made)
    _add_funds(made)
    _add_agreements(made)
    _add_warnings(made)
    _add_sensors(made)
    _add_sea(made)
    _add_incident(made)
    return made


def _add_warnings(made: Scene) -> None:
    """A warning that is in force, and the second person's link to one that waits."""
    by, second, at = made.people["pusdalops"], made.people["kalaksa"], timezone.now()
    roster.put(account=second.acting, from_hour=0, until_hour=24, by=second, at=at)
    given = {
        "level": "SIAGA",
        "areas": [made.people.place],
        "onset": at,
        "expires": at + timedelta(hours=5),
        "facts": {},
        "by": by,
        "at": at,
    }
    held = warnings.draft_warning(source="uji:1", hazard="angin", **given)
    issuing.ask_approval(message=held.message, by=by, at=at)
    issuing.approve(message=held.message, texts=1, by=second, at=at)
    made.warning, made.cap = held.number, f"ID-32.73-{held.number}-1"


def _add_sensors(made: Scene) -> None:
    """A sensor that everyone may read and one of the desk's, both of the contact officer's agency; one value."""
    at, middle = timezone.now(), places.gazetteer().get(made.people.place)
    owner = min(made.people["penghubung"].offices(roles.SENSORS))
    where = {"lat": middle.lat, "lon": middle.lon, "owner": owner}
    for is_public in (False, True):
        what = managing.Plan(kind="rain", name="Hujan uji", is_public=is_public, **where)
        row = managing.add_sensor(what=what, by=None, at=at)
        made.sensor, made.desk_sensor = row.pk, made.sensor or row.pk
    (stored,) = sensing.ingest([sensing.Row(made.desk_sensor, at, 1.5)], at=at)
    made.value = stored.id


def _add_sea(made: Scene) -> None:
    """A tide station, and thresholds in the lurah's kelurahan."""
    by, at, today = made.people["pusdalops"], timezone.now(), timezone.localdate()
    middle = places.gazetteer().get(made.people.place)
    assert middle.lat is not None
    assert middle.lon is not None
    owner = min(by.offices(roles.SENSORS))
    gauge = managing.Plan(kind="sea_level", name="Laut uji", lat=middle.lat, lon=middle.lon, owner=owner)
    station = tides.add_station(
        datastream=managing.add_sensor(what=gauge, by=None, at=at).pk,
        name="Pelabuhan Uji",
        port="Uji",
        latitude=middle.lat,
        longitude=middle.lon,
        by=by,
        at=at,
    )
    survey = tides.Survey(
        place=made.people.place,
        station=station.pk,
        datum="Nol alat",
        heights={level: 1 + level / 10 for level in tides.Level if level},
        surveyed_on=today,
        valid_until=today + timedelta(days=99),
        basis="SK uji",
        effective_from=today,
    )
    tides.set_thresholds(said=survey, by=by, at=at)


def _add_incident(made: Scene) -> None:
    """An incident that everyone may read of, a task in it for the public works, a proposal, and a step of the city's own."""
    by, at, place = made.people["pusdalops"], timezone.now(), made.people.place
    said = opening.Opening(kind="lain", title="Insiden uji", places=(place,))
    row = opening.open_incident(said=said, by=by, at=at)
    opening.show(incident=row.pk, is_public=True, words="Uji saja.", contact="", by=by, at=at)
    office = parties.party("office", made.people["penghubung"].grants[0].organisation)
    task = tasking.set_task(
        incident=row.pk, party=office, what="Uji saja", due_at=at + timedelta(hours=1), by=by, at=at
    )
    own = playing.add_own_step(
        kind="lain",
        level="SIAGA",
        step="DO",
        what="Uji",
        party="",
        template="",
        minutes=1,
        by=by,
        at=at,
    )
    given = {"kind": "rob", "level": "SIAGA", "mode": "ACTUAL", "areas": [place], "at": at}
    proposal = opening.propose(warning=999, number="PRG-2026-000999", **given)
    situation.make(incident=row.pk, by=by, at=at)
    made.incident = {
        "incident": row.number,
        "incident_task": task.uuid,
        "own_step": own.pk,
        "proposal": proposal.pk,
    }


def _add_agreements(made: Scene) -> None:
    """A cooperation with an offer that was signed and a draft of which the resident's community is a side."""
    by, at, today = made.people["kemitraan"], timezone.now(), timezone.localdate()
    row = agreements.begin(
        title="Kerja sama uji", kind="KSDPK", purpose="Uji.", framework="Uji.", office=None, by=by, at=at
    )
    made.agreement, made.agreed = str(row.uuid), row.slug
    paper = agreements.draft(cooperation=row.pk, kind="KB", title="Naskah uji", under=None, by=by, at=at)
    side = agreements.Side(name="Komunitas Uji", partner=made.partner.pk)
    made.paper_draft = str(paper.uuid)
    made.paper_party = agreements.set_party(document=paper.pk, said=side, by=by).pk
    made.paper_duty = agreements.add_duty(
        document=paper.pk, party=made.paper_party, what="Uji saja", due_on=today, by=by, at=at
    ).pk


def _add_funds(made: Scene) -> None:
    """A body's ceiling in the lurah's kelurahan, an activity of it, and its first step."""
    at, today = timezone.now(), timezone.localdate()
    given = {"place": made.people.place, "scheme": "PIPPK", "year": today.year, "basis": "SK uji", "at": at}
    for body in ("PKK", "LPM"):
        made.ceiling = areafunds.set_ceiling(body=body, amount=1000, by=made.people["tapem"], **given).pk
    said = areafunds.Plan(
        name="Uji", volume=Decimal(1), unit_word="m", amount=9, begins_on=today, ends_on=today
    )
    activity = areafunds.plan(ceiling=made.ceiling, said=said, by=made.people["lurah"], at=at)
    shown = areafunds.Shown(percent=0, amount=0, on=today, photos=[picture()])
    step = areafunds.show_step(activity=activity.pk, said=shown, by=made.people["lurah"], at=at)
    made.activity, made.step = str(activity.uuid), str(step.uuid)


def _add_partners(made: Scene) -> None:
    """A community that the resident founded, one that the city verified, one that was merged into that."""
    warga, officer, at = made.people["warga"], made.people["kemitraan"], timezone.now()

    def found(name: str) -> Partner:
        said = partners.Profile(name=name, themes=("sampah",), places=(made.people.place,), **PARTNER_CONTACT)
        return partners.found(profile=said, by=warga, at=at)

    made.partner, known, double = (
        found(name) for name in ("Komunitas Uji", "Bank Sampah Contoh", "Kembarannya")
    )
    partners.verify(partner=known.pk, by=officer, at=at)
    made.known = known.slug
    made.merge = merging.merge(
        kept=known.pk, gone=double.pk, words="Keduanya ternyata sama.", by=officer, at=at
    )
    membership.invite(
        partner=made.partner.pk, email="tamu@uji.test", role=partners.Role.MEMBER, by=warga, at=at
    )
    invitation = Invitation.objects.get()
    made.invitation, made.invited = membership.key_of(invitation), invitation.pk
    member = Member.objects.create(
        partner=made.partner, account_id=made.people["kasi"].acting, words="Saya ingin ikut.", asked_at=at
    )
    made.member = member.pk
    # A second member, so that who answers for it cannot simply leave.
    Member.objects.create(
        partner=made.partner, account_id=made.people["ketua-rt"].acting, state="ACTIVE", asked_at=at
    )
    made.paper = Document.objects.create(partner=made.partner, kind="PENGURUS", added_at=at).pk


def _add_needs(made: Scene) -> None:
    """A need of the kelurahan, a verified partner's, one that waits to be read, a neighbour's offer, a question."""
    at, place = made.now, made.people.place
    lurah, warga = made.people["lurah"], made.people["warga"]
    line = publishing.LineSaid("HOURS", "Kerja bakti", 20)
    wish = publishing.Wish("Tenaga kerja bakti", "Saluran penuh lumpur.", place, "sampah", (line,))
    known = Partner.objects.get(slug=made.known)
    asked = []
    for by, owner in (
        (lurah, {"office": lurah.grants[0].organisation}),
        (warga, {"partner": known.pk}),
        (warga, {"partner": made.partner.pk}),
    ):
        row = publishing.draft(wish=wish, by=by, at=at, **owner)
        publishing.publish(need=row.pk, by=by, at=at)
        asked.append(row)
    made.need, made.shared, made.waiting = (row.number for row in asked)
    gift = offering.Gift("HOURS", "Tenaga hari Minggu", 6, "jam", themes=("sampah",), places=(place,))
    made.offer = offering.offer(gift=gift, by=made.people["ketua-rt"], at=at).uuid
    made.question = asking.ask(need=asked[0].pk, partner=known.pk, by=lurah, at=at).uuid


def _add_forum(made: Scene) -> None:
    """A forum with one member, a meeting that began, something to do for the resident's community, and a thread."""
    officer, warga, at = made.people["kemitraan"], made.people["warga"], timezone.now()
    charter = forums.Charter(
        name="Forum Uji",
        purpose="Menguji.",
        decree_number="SK 1",
        decree_on=at.date(),
        term_from=at.date(),
        secretariat=officer.grants[0].organisation,
    )
    row = forums.found_forum(kind="lain", charter=charter, by=officer, at=at)
    party = f"partner:{made.partner.pk}"
    seat = forums.seat_member(
        forum=row.pk,
        party=party,
        seat="CHAIR",
        representative="Perwakilan Contoh, 0800-1-000",
        by=officer,
        at=at,
    )
    meeting = meetings.plan(
        subject=row.subject,
        title="Rapat uji",
        starts_at=at - timedelta(hours=1),
        ends_at=at + timedelta(hours=1),
        venue="Aula",
        by=officer,
        at=at,
    )
    task = meetings.follow_up(
        subject=row.subject, what="Menguji", owner=party, due_on=at.date(), by=officer, at=at
    )
    thread = threads.open_thread(
        subject=row.subject,
        title="Percakapan uji",
        body="NIK saya 3273010101900001.",
        voice="warga",
        by=warga,
        at=at,
    )
    made.forum = {
        "forum": row.slug,
        "forum_subject": row.subject,
        "seat": seat.pk,
        "meeting": meeting.uuid,
        "task": task.uuid,
        "thread": thread.uuid,
        "post": thread.posts.get().pk,
    }


def _add_initiatives(made: Scene) -> None:
    """An initiative of the kelurahan with a resident's promise and delivery, and a partner's draft that waits for
    the kelurahan's consent."""
    lurah, warga, at = made.people["lurah"], made.people["warga"], timezone.now()
    today, place = timezone.localdate(), made.people.place
    plan = drafting.Plan("Prakarsa Uji", "Menguji.", "sosial", (place,), on_public_ground=True)
    row = drafting.draft(plan=plan, by=lurah, at=at, office=lurah.grants[0].organisation)
    wanted = lines.Wanted("HOURS", "Kerja bakti", "jam", 100)
    line = lines.add_line(initiative=row.pk, wanted=wanted, by=lurah, at=at)
    task = working.set_task(initiative=row.pk, title="Uji", by=lurah, at=at)
    drafting.open_up(initiative=row.pk, by=lurah, at=at)
    pledge = pledging.pledge(line=line, amount=10, due_on=today, by=warga, at=at, words="Pemberi Contoh")
    pledging.accept(pledge=pledge, by=lurah, at=at)
    said = delivering.Brings(4, today, "Penerima Contoh")
    brought = delivering.deliver(pledge=pledge, said=said, photos=[picture()], by=warga, at=at)
    known = Partner.objects.get(slug=made.known)
    draft = drafting.draft(plan=plan, by=warga, at=at, partner=known.pk, template="taman")
    drafting.ask_consent(initiative=draft.pk, by=warga, at=at)
    made.initiative = {
        "initiative": row.slug,
        "draft": draft.slug,
        "line": Line.objects.get(pk=line).uuid,
        "pledge": Pledge.objects.get(pk=pledge).uuid,
        "work": Task.objects.get(pk=task).uuid,
        "receipt": delivering.key_of(brought.uuid),
        "joinable": made.case("published").uuid,
        "office": row.office_id,
    }

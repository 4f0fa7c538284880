"""What comes from beyond the form: a few items of SP4N-LAPOR! and a few followers, by the same actions as anybody's."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from guyub.demo.closing import show_closing
from guyub.demo.ground import add_demo_roads
from guyub.demo.people import DOMAIN
from guyub.demo.profiles import demo_profiles
from guyub.demo.simulator import officer_of
from guyub.kernel.access.api import Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities import api as cities
from guyub.kernel.cities.api import fingerprint, get_city
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.reports import actions, following, lapor, merging
from guyub.rooms.reports.following import Thing
from guyub.rooms.reports.models import Follow, Follower, Frequency, Origin, Report

ITEMS = (
    ("LPR-DEMO-1001", "lampu-jalan", 12, "Lampu jalan padam di depan pos ronda sejak dua minggu. Malam gelap sekali."),
    ("LPR-DEMO-1002", "sampah", 6, "Sampah di TPS meluber sampai ke jalan dan belum diangkut."),
    ("LPR-DEMO-1003", "jalan-berlubang", 4, "Jalan berlubang di tikungan dekat pasar, sudah dua motor jatuh."),
    ("LPR-DEMO-1004", "saluran-tersumbat", 1, "Selokan tersumbat, air meluap setiap hujan."),
)  # fmt: skip
ANSWER = "Terima kasih. Petugas sudah memeriksa tempatnya dan pekerjaan dimulai minggu ini."


def add_from_beyond() -> None:
    """For each demo city that has none yet; running it again changes nothing."""
    wanted = {profile["slug"] for profile in demo_profiles()}
    for city in cities.each_city():
        if city.slug in wanted and not Origin.objects.exists():
            with transaction.atomic():
                _items(timezone.now())
                _followers(timezone.now())
                _duplicates(timezone.now())
                _on_roads(timezone.now())
                _under_another_name(timezone.now())
                at = timezone.now()
                show_closing(lurah=_person("lurah", at), place=_place(at), at=at)


def _person(slug: str, at: datetime) -> Person:
    account = people.add_account(email=f"{slug}@{DOMAIN}", name="")
    return people.person(account, on=local_date(at, get_city().tz))


def _items(at: datetime) -> None:
    """Four items: one new, one answered and waiting to be copied, one copied, and one answered again after it."""
    coordinator, place = _person("koordinator", at), _place(at)
    for position, (number, category, days, words) in enumerate(ITEMS):
        item = lapor.Wanted(
            external_id=number,
            body=words,
            report_class="PENGADUAN",
            category=category,
            place=place,
            received_at=at - timedelta(days=days),
        )
        entered = lapor.enter_item(item=item, by=coordinator, at=at)
        if position == len(ITEMS) - 1:
            return
        case, report = Case.objects.get(number=entered.number), Report.objects.get(number=entered.number)
        _answer(case, report, ANSWER, at)
        if position != 1:
            through = lapor.answer_of(report, Origin.objects.get(report=report)).through
            lapor.mark_copied(case=case.uuid, through=through, by=coordinator, at=at)
        if position == 2:
            _answer(case, report, "Tambahan: lubang sudah diberi tanda sambil menunggu aspal.", at)


def _answer(case: Case, report: Report, words: str, at: datetime) -> None:
    case.refresh_from_db()
    officer = officer_of(case)
    if case.mode == casework.Mode.REQUEST and case.accepted_at is None:
        casework.actions.accept_request(case=case.uuid, by=officer, at=at)
    if report.published_at is None and case.state == casework.State.RECEIVED:
        actions.verify_report(case=case.uuid, public_body=report.body, photos=[], by=officer, at=at)
    actions.answer_report(case=case.uuid, words=words, by=officer, at=at)


def _place(at: datetime) -> str:
    """The kelurahan of the demo's lurah, so that the desk of every demo account shows something."""
    return _person("lurah", at).grants[0].place


ON_ROADS = (  # where the report lies on the demo's roads, and what it says
    ("provinsi", "Jalan berlubang di tikungan, motor sering oleng."),
    ("kota", "Aspal mengelupas di depan deretan toko, sudah dua minggu."),
    ("simpang", "Lubang besar tepat di persimpangan, airnya menggenang."),
)


def _on_roads(at: datetime) -> None:
    """Three potholes: on a road of the province, on one of the city, and where both meet."""
    place = _place(at)
    spots = add_demo_roads(place, at=at)
    for n, (spot, words) in enumerate(ON_ROADS):
        if spot in spots:
            lat, lon = spots[spot]
            actions.submit_report(
                what=actions.Submission(
                    submission=UUID(fingerprint("demo-road", str(n))[:32]),
                    report_class="PENGADUAN",
                    category="jalan-berlubang",
                    body=words,
                    place=place,
                    lat=lat,
                    lon=lon,
                ),
                at=at - timedelta(hours=n + 1),
            )


def _under_another_name(at: datetime) -> None:
    """A dark lamp, sent as a park: whoever verifies reads what its words are more like."""
    actions.submit_report(
        what=actions.Submission(
            submission=UUID(fingerprint("demo-name", "0")[:32]),
            report_class="PENGADUAN",
            category="taman",
            body="Lampu jalan mati di tepi taman sejak Senin, jalan gelap sekali kalau malam.",
            place=_place(at),
        ),
        at=at - timedelta(hours=5),
    )


SAID_AGAIN = (
    "Lampu jalan dekat pos ronda belum menyala juga, gelap kalau pulang malam.",
    "PJU di depan pos ronda padam sudah lama.",
    "Lampu jalan di ujung gang berkedip, sudah seminggu.",
)


def _duplicates(at: datetime) -> None:
    """Three more reports about the first item's lamp: one merged into it, one merged and parted again, one to find."""
    first = Origin.objects.get(external_id=ITEMS[0][0])
    into = Report.objects.select_related("place").get(pk=first.pk)
    officer = officer_of(Case.objects.get(number=into.number))
    found = []
    for n, words in enumerate(SAID_AGAIN):
        what = actions.Submission(
            submission=UUID(fingerprint("demo-again", str(n))[:32]),
            report_class="PENGADUAN",
            category=ITEMS[0][1],
            body=words,
            place=into.place.code,
        )
        number = actions.submit_report(what=what, at=at - timedelta(days=2, hours=n)).number
        found.append(Report.objects.select_related("place").get(number=number))
    for report in found[:2]:
        merging.merge_report(
            report=report, into=into, reason=casework.MergeReason.SAME_THING, by=officer, at=at
        )
    merging.separate_report(report=found[1], by=officer, at=at)


def _followers(at: datetime) -> None:
    """The demo's resident with an account, a neighbour by address, and one who has not confirmed yet."""
    place = _place(at)
    district = places.gazetteer().get(place).parent_code
    report = Report.objects.get(pk=Origin.objects.order_by("external_id").first().pk)  # type: ignore[union-attr]
    resident = _person("warga", at).account
    assert resident is not None
    row = following.follower_of_account(account=resident, language="id", at=at)
    for thing in (Thing(report=report.pk), Thing(place=place), Thing(place=district, category="banjir")):
        following.follow(follower=row, thing=thing, at=at)
    for slug, frequency in (("tetangga", Frequency.DAILY), ("belum-yakin", Frequency.NOW)):
        email = f"{slug}@{DOMAIN}"
        following.ask_to_follow(
            thing=Thing(place=place), email=email, frequency=frequency, language="id", at=at
        )
    neighbour = Follower.objects.get(mark=following.mark_of(f"tetangga@{DOMAIN}"))
    following.confirm(follow=Follow.objects.get(follower=neighbour).uuid, at=at)

"""What the demo's offices and partners look for and offer, set up by the actions themselves: among it a need of many
reports of water, one that waits to be read, one that was met, and somebody who said yes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count
from django.db.models.functions import Substr

from guyub.demo.people import DOMAIN
from guyub.kernel.access.api import Person, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework.api import Case
from guyub.rooms.needs import asking, offering, publishing, suggesting
from guyub.rooms.needs.models import Need
from guyub.rooms.needs.offering import Gift
from guyub.rooms.needs.publishing import LineSaid, Wish
from guyub.rooms.partners.models import Member, Partner
from guyub.rooms.partners.rules import Kind, Role
from guyub.rooms.people import api as people

MOST = 34
DISTRICT = 8  # signs of a kecamatan's code
WATER = ("banjir", "rob", "saluran-tersumbat", "tanggul-rusak")
# What each kind of partner has to give: resource, words, amount, unit, how often, conditions.
GIFTS: dict[str, tuple[tuple[str, str, int, str, str, str], ...]] = {
    Kind.COMMUNITY: (
        (
            "HOURS",
            "Relawan untuk kerja bakti akhir pekan",
            60,
            "jam",
            "MONTH",
            "Diberi tahu seminggu sebelumnya.",
        ),
        ("GOODS", "Alat kerja bakti: sekop, sarung tangan, gerobak", 40, "buah", "ONCE", "Dikembalikan."),
    ),
    Kind.COMPANY: (
        (
            "MONEY",
            "Dana program sosial perusahaan",
            25_000_000,
            "",
            "YEAR",
            "Dibayar langsung kepada pelaksana.",
        ),
        ("GOODS", "Karung, semen, dan pasir", 300, "karung", "YEAR", "Diantar ke lokasi di dalam daerah."),
    ),
    Kind.UNIVERSITY: (
        (
            "DATA",
            "Pengukuran dan peta lapangan oleh mahasiswa",
            4,
            "kali",
            "YEAR",
            "Pada masa kuliah kerja nyata.",
        ),
        ("SKILL", "Pendampingan teknis dosen dan mahasiswa", 24, "jam", "MONTH", ""),
    ),
    Kind.MEDIA: (("PUBLICITY", "Pengumuman dan liputan kegiatan warga", 2, "kali", "MONTH", ""),),
}


def show_needs(*, at: datetime) -> None:
    """Set the examples up in the entered city, as far as it has partners and reports for them; once."""
    if Need.objects.exists():
        return
    known = [(row, who) for row in Partner.objects.verified().order_by("pk") if (who := _lead(row, at=at))]
    for n, (row, who) in enumerate(known):
        _offers(row, who, at=at - timedelta(days=60 - n))
    _of_residents(at=at - timedelta(days=20))
    _of_the_kelurahan(at=at - timedelta(days=12))
    wet = _of_many_reports([row for row, _who in known], at=at - timedelta(days=6))
    if wet is not None:
        _somebody_says_yes(wet, dict((row.pk, who) for row, who in known), at=at - timedelta(days=5))
    if known:
        _of_a_partner(*known[0], at=at - timedelta(days=9))
    fresh = Partner.objects.active().filter(is_verified=False).order_by("pk")
    waiting = next(((row, who) for row in fresh if (who := _lead(row, at=at))), None)
    if waiting:
        _waits(*waiting, at=at - timedelta(days=1))


def _person(slug: str, at: datetime) -> Person:
    account = people.add_account(email=f"{slug}@{DOMAIN}", name=slug)
    return people.person(account, on=local_date(at, get_city().tz))


def _lead(row: Partner, *, at: datetime) -> Person | None:
    """Who answers for a partner; bodies of a kelurahan have nobody yet."""
    found = Member.objects.filter(partner=row, role=Role.LEAD, state="ACTIVE").first()
    return people.person(found.account_id, on=local_date(at, get_city().tz)) if found else None


def _offers(row: Partner, who: Person, *, at: datetime) -> None:
    for resource, what, amount, unit, every, conditions in GIFTS.get(row.kind, ()):
        # Tools are lent to whoever needs them; hands and funds go where a partner works, to what it works on.
        lent = resource == "GOODS"
        themes, places = ((), (get_city().code,)) if lent else (tuple(row.themes), tuple(row.places))
        gift = Gift(resource, what, amount, unit, every, themes, places, conditions)
        offering.offer(gift=gift, partner=row.pk, by=who, at=at)


def _of_residents(*, at: datetime) -> None:
    place = _place(at)
    skill = Gift(
        "SKILL", "Mengajar komputer dasar", 4, "jam", "WEEK", ("pendidikan", "umkm"), (place,), "Sore hari."
    )
    hands = Gift("HOURS", "Tenaga kerja bakti hari Minggu", 6, "jam", "MONTH", (), (place,), "")
    offering.offer(gift=skill, by=_person("warga", at), at=at)
    offering.offer(gift=hands, by=_person("ketua-rt", at), at=at)


def _place(at: datetime) -> str:
    return _person("lurah", at).places(roles.COLLABORATE)[0]


def _publish(wish: Wish, slug: str, *, at: datetime, cases: tuple[str, ...] = ()) -> Need:
    by = _person(slug, at)
    office = min(by.offices(roles.COLLABORATE))
    row = publishing.draft(wish=wish, by=by, office=office, cases=cases, at=at)
    publishing.publish(need=row.pk, by=by, at=at + timedelta(hours=1))
    return row


def _of_the_kelurahan(*, at: datetime) -> None:
    """One that is looked for, and one that was met."""
    place = _place(at)
    lines = (
        LineSaid("SKILL", "Mengajar anak membaca, dua kali seminggu", 16, "jam"),
        LineSaid("GOODS", "Buku bacaan anak", 150, "buku"),
        LineSaid("PLACE", "Ruang baca sementara selama balai diperbaiki", 30, "hari"),
    )
    why = "Taman baca di balai RW ramai sepulang sekolah, sedangkan bukunya sedikit dan pengajarnya satu."
    _publish(Wish("Pengajar dan buku untuk taman baca", why, place, "pendidikan", lines), "lurah", at=at)
    hours = (LineSaid("HOURS", "Menimbang dan mencatat sampah kering", 24),)
    why = "Bank sampah kekurangan orang pada hari timbang, sehingga warga mengantre lama."
    row = _publish(
        Wish("Tenaga hari timbang bank sampah", why, place, "sampah", hours),
        "lurah",
        at=at - timedelta(days=30),
    )
    words = "Enam warga mengisi jadwal tetap."
    publishing.met(need=row.pk, by=_person("lurah", at), at=at - timedelta(days=2), words=words)


def _of_many_reports(known: list[Partner], *, at: datetime) -> Need | None:
    """The kecamatan where most report water, as a need of the agency that drains the streets."""
    rows = Case.objects.filter(category__in=WATER, is_restricted=False, part=1)
    near = rows.annotate(district=Substr("place_code", 1, DISTRICT)).order_by()
    most = near.values("district").annotate(n=Count("pk")).order_by("-n", "district").first()
    if most is None:
        return None
    place = most["district"]
    numbers = rows.filter(place_code__startswith=place).order_by("-received_at", "-pk")
    cases = tuple(numbers.values_list("number", flat=True)[:MOST])
    theme = "bencana" if any("bencana" in row.themes for row in known) else "sungai-air"
    lines = (
        LineSaid("GOODS", "Karung pasir untuk tanggul darurat di tepi jalan", 200, "karung"),
        LineSaid("HOURS", "Membersihkan saluran dan menyusun karung", 40),
        LineSaid("DATA", "Mengukur tinggi jalan dan saluran", 1, "kali"),
        LineSaid("MONEY", "Sewa pompa selama musim hujan", 15_000_000),
    )
    why = (
        "Air menggenang di jalan yang sama setiap hujan deras. Saluran sedang diperlebar dan baru selesai tahun depan; "
        "sampai itu jalan perlu tanggul kecil, pompa, dan saluran yang bersih."
    )
    title = "Jalan yang tergenang: tanggul kecil dan saluran bersih"
    return _publish(Wish(title, why, place, theme, lines), "penghubung", cases=cases, at=at)


def _somebody_says_yes(row: Need, leads: dict[int, Person], *, at: datetime) -> None:
    """The first two that fit are asked; one says yes, one has not answered yet."""
    found = [one for one in suggesting.offers_for(row, at=at) if one.offer.partner in leads]
    whom = list({one.offer.partner: one for one in reversed(found)}.values())[::-1][:2]
    for n, one in enumerate(whom):
        asked = asking.ask(
            need=row.pk,
            offer=one.match.offer,
            line=one.match.line,
            words="Dapatkah dibantu sebelum akhir bulan?",
            by=_person("penghubung", at),
            at=at,
        )
        if n == 0:
            by = leads[one.offer.partner or 0]
            words = "Bisa, mulai Sabtu depan."
            asking.answer(
                ask=asked.pk,
                yes=True,
                amount=min(one.left, 20),
                words=words,
                by=by,
                at=at + timedelta(days=1),
            )


def _of_a_partner(row: Partner, who: Person, *, at: datetime) -> None:
    lines = (
        LineSaid("GOODS", "Sarung tangan dan sepatu kerja", 30, "pasang"),
        LineSaid("PUBLICITY", "Mengabarkan jadwal kerja bakti", 2, "kali"),
    )
    why = "Peserta bertambah, sedangkan alat pelindung yang ada hanya cukup untuk separuhnya."
    place = row.places[0]
    wish = Wish("Alat pelindung untuk kerja bakti bulanan", why, place, row.themes[0], lines)
    need = publishing.draft(wish=wish, by=who, partner=row.pk, at=at)
    publishing.publish(need=need.pk, by=who, at=at + timedelta(hours=1))


def _waits(row: Partner, who: Person, *, at: datetime) -> None:
    lines = (LineSaid("PLACE", "Ruang untuk latihan tiap Sabtu sore", 4, "hari"),)
    why = "Kami berlatih di teras rumah dan bubar setiap kali hujan."
    wish = Wish("Ruang latihan Sabtu sore", why, _place(at), row.themes[0], lines)
    need = publishing.draft(wish=wish, by=who, partner=row.pk, at=at)
    publishing.publish(need=need.pk, by=who, at=at + timedelta(hours=1))

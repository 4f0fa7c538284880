"""The scene of an attack: the people of the demo, reports of every kind, and a browser for each person."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from guyub.kernel.cities import current
from guyub.kernel.files import api as files
from guyub.rooms.casework.api import Case, State, changes, crew
from guyub.rooms.people import support
from guyub.rooms.reports import actions, following, lapor
from guyub.rooms.reports.models import Report
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
    "tapem": "tapem",
    "operator": "pusdalops",
    "admin_kota": "admin",
    "dukungan": "dukungan",
}
NAME, EMAIL, PHONE, NIK = (
    "Suharti Wijayakusuma",
    "suharti.wk@rahasia.test",
    "0813-5550-7777",
    "3273024505900003",
)
CONTACT = {"name": NAME, "email": EMAIL, "phone": PHONE}
SECRETS = (NAME, "Suharti", EMAIL, "suharti.wk", PHONE, NIK)


class Browser(Client):
    """A browser at one city's address that leaves the test where it was and shows a failure as a page does."""

    def __init__(self, host: str = HOST["host"], **more: Any) -> None:
        super().__init__(raise_request_exception=False, **more)
        self.host = host

    def request(self, **request: Any) -> Any:
        before = current._city.get(), current._path.get()
        request.setdefault("HTTP_HOST", self.host)
        try:
            answer = super().request(**request)
            if answer.streaming:
                answer.whole = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
            return answer
        finally:
            current._city.set(before[0])
            current._path.set(before[1])


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


@pytest.fixture
def scene(city, now) -> Scene:
    from allauth.account.models import EmailAddress

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
    return made

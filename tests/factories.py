"""Reports, cases in any state, and the people of the demo, for the tests of several rooms."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guyub.demo.people import DOMAIN, add_demo_people
from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case, State
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account, Grant, Organisation
from guyub.rooms.people.queries import NEIGHBOURHOOD
from guyub.rooms.reports import actions, merging
from guyub.rooms.reports.api import Submission
from guyub.rooms.reports.models import Report

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HOST = {"host": "bandung.localhost"}
SLUGS = (
    "warga",
    "ketua-rt",
    "lurah",
    "kasi",
    "camat",
    "koordinator",
    "penghubung",
    "kepala-dinas",
    "inspektorat",
    "sekda",
    "kepala-daerah",
    "dewan",
    "tapem",
    "pusdalops",
    "kalaksa",
    "kemitraan",
    "admin",
    "dukungan",
)
WORDS = "Petugas akan datang besok pagi untuk memeriksa."


class People(Mapping[str, Person]):
    """The people of the demo by the first part of their address, and the place of the demo's lurah.

    Each is looked up when a test first asks for them.
    """

    def __init__(self, on: date) -> None:
        self.on, self.found = on, dict[str, Person]()

    def __getitem__(self, slug: str) -> Person:
        if slug not in SLUGS:
            raise KeyError(slug)
        if slug not in self.found:
            self.found[slug] = people.person(self.account(slug).pk, on=self.on)
        return self.found[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(SLUGS)

    def __len__(self) -> int:
        return len(SLUGS)

    @property
    def place(self) -> str:
        return self["lurah"].grants[0].place

    def account(self, slug: str) -> Account:
        return Account.objects.get(email=f"{slug}@{DOMAIN}")


# What the demo's own actions made of its people, by city: they are slow to ask for it before each test.
_made: dict[str, list[list[Any]]] = {}


def add_people(*, on: date = date(2026, 11, 20)) -> People:
    """The demo's people: made by its own actions once a process and city, written down again for later tests.

    Their numbers were given out in a transaction that was taken back, so nothing else has them.
    """
    schema = get_city().schema
    if Account.objects.filter(email=f"warga@{DOMAIN}").exists():
        _add_demo_people()
    elif schema not in _made:
        _add_demo_people()
        _made[schema] = [
            list(Account.objects.order_by("pk")),
            list(EmailAddress.objects.order_by("pk")),
            list(Organisation.objects.filter(kind__in=NEIGHBOURHOOD).order_by("pk")),
            list(Grant.objects.order_by("pk")),
        ]
    else:
        for rows in _made[schema]:
            type(rows[0]).objects.bulk_create(rows, ignore_conflicts=True)
        people.forget()
    return People(on)


def _add_demo_people() -> None:
    """What one lent another holds on the tests' own days and on the day of the run: pages are looked at on either."""
    add_demo_people()
    lent = Grant.objects.filter(until__isnull=False)
    lent.update(since=date(2026, 11, 1), until=date.today() + timedelta(days=14))
    people.forget()


def send(*, at: datetime, by: Person | None = None, **changes: Any) -> tuple[Report, Case]:
    """A report as a resident sends it, and its case."""
    values: dict[str, Any] = {
        "submission": uuid.uuid4(),
        "report_class": "PENGADUAN",
        "category": "sampah",
        "body": "Sampah menumpuk di depan gang sejak tiga hari, baunya sampai ke rumah.",
        "place": "32.73.02.1004",
        "landmark": "depan gang",
    }
    given = {"by": by} if by else {}
    receipt = actions.submit_report(what=Submission(**{**values, **changes}), at=at, **given)
    return Report.objects.get(number=receipt.number), Case.objects.get(number=receipt.number)


def picture(name: str = "foto.jpg", colour: str = "teal") -> SimpleUploadedFile:
    """A small photo as a phone sends it."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def finished(case: Case, *, by: Person, at: datetime) -> None:
    """The office shows a photo of the finished work."""
    draft = uuid.uuid4()
    files.store_photo(picture(), at=at, draft=draft)
    actions.complete_report(case=case.uuid, words="Sampah sudah diangkut.", photos=draft, by=by, at=at)


def appealed(report: Report, case: Case, *, by: Person, at: datetime) -> Any:
    """Finished work, disputed, finished again, and the reporter's appeal against that."""
    actions.dispute(report=report, words="Belum diangkut.", at=at)
    finished(case, by=by, at=at)
    actions.appeal(report=report, words="Masih menumpuk seperti semula.", at=at)
    found = casework.appeals.find(case)
    assert found is not None
    return found


def refused(report: Report, case: Case, *, by: Person, at: datetime) -> None:
    """The head of the office above lets the completion stand."""
    asked = appealed(report, case, by=by, at=at)
    heads = people.accounts_with(roles=frozenset({"camat"}), organisation=asked.to_office_id, on=at.date())
    judge = people.person(heads[0], on=at.date())
    actions.judge_appeal(
        appeal=asked, decision="REFUSED", words="Sudah diperiksa di tempat: bersih.", by=judge, at=at
    )


def letter_for(case: Case, *, by: Person, at: datetime, body: str = "luar:pln") -> Any:
    """A letter to a body outside the city, prepared and not sent."""
    office = people.directory().find_key(body)
    assert office is not None
    return casework.referring.prepare_letter(
        case=case.uuid, body=office.id, title="Kabel rendah", words="Mohon diperbaiki.", by=by, at=at
    )


def verify(report: Report, case: Case, *, by: Person, at: datetime) -> None:
    actions.verify_report(case=case.uuid, public_body=report.body, photos=[], by=by, at=at)


def merge(report: Report, into: Report, *, by: Person, at: datetime) -> Any:
    """`into` stands for `report` from now on."""
    return merging.merge_report(
        report=report, into=into, reason=casework.MergeReason.SAME_THING, by=by, at=at
    )


def bring_to(state: State, report: Report, case: Case, *, by: Person, at: datetime) -> Case:
    """Take a fresh case to a state by the actions of its own office; `by` must head that office."""
    if state is State.REJECTED:
        actions.reject_report(case=case.uuid, reason="ganda", words=WORDS, by=by, at=at)
    elif state is not State.RECEIVED:
        actions.verify_report(case=case.uuid, public_body=report.body, photos=[], by=by, at=at)
    if state is State.IN_PROGRESS:
        actions.answer_report(case=case.uuid, words=WORDS, by=by, at=at)
    elif state in (State.WAITING_REPORTER, State.UNANSWERED):
        actions.ask_reporter(case=case.uuid, words="Di sebelah mana tepatnya?", by=by, at=at)
    elif state is State.SCHEDULED:
        casework.actions.propose_schedule(
            case=case.uuid, reason="Menunggu anggaran.", target_month=date(2027, 3, 1), by=by, at=at
        )
    elif state in (State.WORK_DONE, State.CONFIRMED, State.NO_RESPONSE, State.APPEAL_REFUSED):
        finished(case, by=by, at=at)
    elif state is State.EXTERNAL:
        letter_for(case, by=by, at=at)
        casework.referring.send_letter(case=case.uuid, number="600/12", dated=at.date(), by=by, at=at)
    elif state is State.MERGED:
        other, _case = send(at=report.submitted_at - timedelta(minutes=1), place=report.place.code)
        verify(other, _case, by=by, at=at)
        merge(report, other, by=by, at=at)
    report.refresh_from_db()
    if state is State.CONFIRMED:
        actions.confirm(report=report, at=at)
    elif state is State.APPEAL_REFUSED:
        refused(report, case, by=by, at=at)
    elif state in (State.NO_RESPONSE, State.UNANSWERED):
        casework.actions.expire_due(at=at + timedelta(days=40))
    case.refresh_from_db()
    assert case.state == state
    return case

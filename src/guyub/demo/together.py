"""Two ends of a promise in the demo's initiative: a bank's statement beside the money that was brought, and residents'
reports that a task answers, so that their reporter is asked once it is found done. By the rooms' own actions.
"""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from uuid import UUID

from guyub.demo.pictures import drawn
from guyub.kernel.access.api import Person, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import fingerprint, get_city
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.initiatives import banking, joining, matching, owning, working
from guyub.rooms.initiatives.bank_rules import code_of
from guyub.rooms.initiatives.models import Initiative, Task
from guyub.rooms.reports import actions
from guyub.rooms.reports.models import Report

DAY = timedelta(days=1)
LAYOUT = banking.Layout("Tanggal", "Jumlah", kind="Jenis", remark="Keterangan", name="Nama")
# Answered by a task that was found done, and by one whose proof waits for somebody to look at it.
ANSWERED = (
    "Lahan kosong di tepi kali penuh sampah dan semak, tolong dibersihkan.",
    "Sampah di lahan kosong tepi kali tercium sampai ke rumah.",
)
WAITS = "Tumpukan sampah di bantaran kali dekat jembatan kecil."
CLEANED = "Lahan sudah dibersihkan bersama warga; sampahnya diangkut dua kali jalan."
CARRIED = "Sampah bantaran diangkut dan tempatnya disapu."
PLACES = {words: n for n, words in enumerate((*ANSWERED, WAITS), 100)}
PLACES |= {CLEANED: PLACES[ANSWERED[0]], CARRIED: PLACES[WAITS]}


def show_statement(*, office: int, lurah: Person, known: int, giver: str, at: datetime) -> None:
    """A statement of the office's account: a transfer that names its promise, one that only looks like another, one of
    somebody unknown, and money that went out. What is certain is taken; the rest waits for the office."""
    owner = owning.office_books(lurah, office)
    banking.set_layout(owner=owner, layout=LAYOUT, by=lurah, at=at - 6 * DAY)
    rows = (
        (21, f"TRSF {code_of(known)} taman", "NASABAH UMPAMA", "CR", "5.000.000,00"),
        (16, "Tanah subur dan pupuk", "TOKO KHAYALAN", "DB", "3.200.000,00"),
        (8, "Iuran papan nama", giver.upper(), "CR", "1.500.000,00"),
        (7, "Untuk taman", "PENDERMA REKAAN", "CR", "250.000,00"),
    )
    lines = [f"{_day(at, ago)};{what};{who};{kind};{amount}" for ago, what, who, kind, amount in rows]
    content = "\n".join(["Tanggal;Keterangan;Nama;Jenis;Jumlah", *lines])
    draft = banking.keep(content.encode(), owner=owner, by=lurah, at=at - 6 * DAY)
    banking.take_over(draft=draft, owner=owner, by=lurah, at=at - 6 * DAY)
    matching.match_certain(owner=owner, by=lurah, at=at - 6 * DAY)


def _picture(moment: str, words: str) -> io.BytesIO:
    """A place of its own for each report, so that nobody is told that a photo was used before."""
    out = io.BytesIO()
    drawn("rubbish", moment, PLACES[words]).save(out, "JPEG", quality=70)
    out.seek(0)
    return out


def _day(at: datetime, ago: int) -> date:
    return local_date(at - ago * DAY, get_city().tz)


def show_answered(
    *,
    initiative: Initiative,
    task: Task,
    lurah: Person,
    second: Person,
    resident: Person,
    at: datetime,
) -> None:
    """Reports of the demo's resident: two are answered by a task that was found done, one by a task that is proved."""
    place = initiative.places[0]
    _join(task.pk, ANSWERED, place=place, lurah=lurah, resident=resident, at=at)
    _prove(task.pk, CLEANED, by=second, at=at - 3 * DAY)
    working.verify_task(task=task.pk, by=lurah, at=at - 2 * DAY)
    joining.complete_cases(task=task.pk, at=at - 2 * DAY)
    other = working.set_task(
        initiative=initiative.pk,
        title="Sampah bantaran kali diangkut",
        due_on=_day(at, -5),
        by=lurah,
        at=at - 11 * DAY,
    )
    _join(other, (WAITS,), place=place, lurah=lurah, resident=resident, at=at)
    _prove(other, CARRIED, by=second, at=at - DAY)


def _prove(task: int, words: str, *, by: Person, at: datetime) -> None:
    working.prove(task=task, words=words, photos=[_picture("after", words)], by=by, at=at)


def _join(
    task: int,
    bodies: tuple[str, ...],
    *,
    place: str,
    lurah: Person,
    resident: Person,
    at: datetime,
) -> None:
    numbers = [_sent(body, place=place, lurah=lurah, resident=resident, at=at - 12 * DAY) for body in bodies]
    # What a case allows depends on its office and its state: what cannot be joined stays an ordinary report.
    joining.join_many(task=task, numbers=numbers, by=lurah, at=at - 10 * DAY)


def _sent(
    body: str,
    *,
    place: str,
    lurah: Person,
    resident: Person,
    at: datetime,
) -> str:
    """A report that its office read and published; its number."""
    what = actions.Submission(
        submission=UUID(fingerprint("demo-together", body)[:32]),
        report_class="PENGADUAN",
        category="sampah",
        body=body,
        place=place,
        rw="003",
        rt="002",
    )
    number = actions.submit_report(what=what, by=resident, at=at).number
    report, case = Report.objects.get(number=number), Case.objects.get(number=number)
    kept = files.store_photo(_picture("before", body), at=at, subject=case.subject)
    if casework.access.may(lurah, roles.VERIFY, case):
        actions.verify_report(
            case=case.uuid, public_body=report.body, photos=[kept.uuid], by=lurah, at=at + DAY / 2
        )
    return number

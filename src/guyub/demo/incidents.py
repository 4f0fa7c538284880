"""What the demo's coast has seen of incidents: one of rob with everything in it, closed long ago, and an exercise, closed too.
Nothing is open when the demo starts. All of it is invented, and says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from guyub.demo.people import DOMAIN
from guyub.kernel import parties
from guyub.kernel.access.api import Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.incidents import caring, commanding, opening, playing, situation, tasking
from guyub.rooms.incidents.caring import Counted
from guyub.rooms.incidents.models import Incident, RunStep, Task
from guyub.rooms.incidents.opening import Opening
from guyub.rooms.incidents.rules import Move, StepKind, StepState
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account
from guyub.rooms.places import api as places

COAST = ("33.75",)
BY_THE_SEA = ("Panjang Wetan", "Kandang Panjang", "Bandengan", "Degayu")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def show_incidents(*, at: datetime) -> None:
    """Set the examples up in the entered city, if it lies at the sea; once."""
    if get_city().code not in COAST or Incident.objects.exists():
        return
    first, second = _person("posko", at), _person("pusdalops", at)
    _flood(first, second, at=_afternoon(at - 40 * DAY))
    _exercise(first, at=_afternoon(at - 20 * DAY))


def _afternoon(at: datetime) -> datetime:
    return at.astimezone(get_city().tz).replace(hour=15, minute=0, second=0, microsecond=0)


def _person(slug: str, at: datetime) -> Person:
    account = Account.objects.get(email=f"{slug}@{DOMAIN}").pk
    return people.person(account, on=local_date(at, get_city().tz))


def _areas() -> tuple[str, ...]:
    known = places.gazetteer().settlements
    named = tuple(row.code for row in known if row.name in BY_THE_SEA)
    return named or tuple(row.code for row in known[:3])


def _office(*keys: str) -> str:
    known = people.directory()
    found = next((one for key in keys if (one := known.find_key(key))), known.offices[0])
    return parties.party("office", found.id)


def _flood(by: Person, night: Person, *, at: datetime) -> None:
    """Opened at Siaga, handed over for the night, counted, supplied, decreed, reported twice, closed."""
    said = Opening(kind="rob", title="Rob pesisir utara (contoh)", places=_areas(), level="SIAGA")
    row = opening.open_incident(said=said, by=by, at=at)
    _walk(row, by, at + HOUR, then={"posko-rob": "Warga sudah membuka posko sendiri (contoh)."})
    commanding.assign(incident=row.pk, post="OPERASI", account=night.acting, by=by, at=at + HOUR)
    line = tasking.write(
        incident=row.pk, words="Air 45 cm di jalan utama (data simulasi).", by=by, at=at + 2 * HOUR
    )
    tasking.write(
        incident=row.pk, words="Yang benar 35 cm (data simulasi).", corrects=line.pk, by=by, at=at + 2 * HOUR
    )
    _shelters(row, by, at + 2 * HOUR)
    _supplies(row, by, at + 3 * HOUR)
    situation.make(incident=row.pk, by=by, at=at + 4 * HOUR)
    made = commanding.write_hand_over(
        incident=row.pk,
        post="KOMANDAN",
        incoming=night.acting,
        words="Pantau pintu air tiap jam. Dua keluarga masih menolak mengungsi.",
        by=by,
        at=at + 5 * HOUR,
    )
    commanding.accept(incident=row.pk, hand_over=made.pk, by=night, at=at + 6 * HOUR)
    day = local_date(at, get_city().tz)
    caring.decree(
        incident=row.pk,
        status="TANGGAP_DARURAT",
        number="contoh 360/01",
        signed_on=day,
        first=day,
        last=day + 6 * DAY,
        by=night,
        at=at + 6 * HOUR,
    )
    playing.raise_level(incident=row.pk, level="AWAS", by=night, at=at + 7 * HOUR)
    caring.assess(
        incident=row.pk,
        figures={"keluarga_terdampak": 210, "jiwa_terdampak": 790, "mengungsi": 118, "tinggi_air": 35},
        counted_at=at + 7 * HOUR,
        source="Kelurahan dan posko (data simulasi)",
        unknown="Rumah rusak belum didata.",
        by=night,
        at=at + 7 * HOUR,
    )
    _walk(row, night, at + 8 * HOUR, then={})
    _finish(row, night, at + 20 * HOUR)


def _walk(row: Incident, by: Person, at: datetime, *, then: dict[str, str]) -> None:
    """Tasks and what the post does itself are carried out; what this demo cannot do is skipped with its reason."""
    for step in RunStep.objects.filter(incident=row, state=StepState.OPEN).order_by("pk"):
        can = step.step == StepKind.DO or (step.step == StepKind.TASK and step.party)
        if can and step.code not in then:
            playing.do_step(incident=row.pk, step=step.pk, by=by, at=at)
        else:
            reason = then.get(step.code, "Dilakukan lewat radio komunitas (contoh).")
            playing.skip_step(incident=row.pk, step=step.pk, reason=reason, by=by, at=at)


def _shelters(row: Incident, by: Person, at: datetime) -> None:
    for position, (name, capacity) in enumerate((("Aula kelurahan (contoh)", 120), ("Masjid (contoh)", 80))):
        made = caring.open_shelter(
            incident=row.pk,
            name=name,
            place=row.places[position % len(row.places)],
            address="Jalan Contoh",
            capacity=capacity,
            by=by,
            at=at,
        )
        for hours, number in ((1, 40 + 20 * position), (4, 53 + 12 * position)):
            said = Counted(
                families=number // 4,
                people=number,
                vulnerable={"babies": 2, "toddlers": 5, "pregnant": 1, "elderly": 9, "disabled": 2},
                needs="Selimut dan susu bayi",
            )
            moment = at + hours * HOUR
            caring.count(incident=row.pk, shelter=made.pk, said=said, counted_at=moment, by=by, at=moment)


def _supplies(row: Incident, by: Person, at: datetime) -> None:
    for name, unit, needed, came, went in (
        ("Selimut", "lembar", 150, 120, 90),
        ("Nasi bungkus", "bungkus", 400, 400, 360),
        ("Air minum", "dus", 60, 40, 25),
    ):
        item = caring.state_need(incident=row.pk, name=name, unit=unit, needed=needed, by=by, at=at)
        for amount, words in ((came, "Dari gudang (contoh)"), (-went, "Ke titik pengungsian (contoh)")):
            caring.move_stock(incident=row.pk, item=item.pk, amount=amount, words=words, by=by, at=at)


def _finish(row: Incident, by: Person, at: datetime) -> None:
    for task in Task.objects.filter(incident=row, state="OPEN"):
        tasking.finish(task=task.pk, proof="Sudah dikerjakan (contoh).", by=by, at=at)
    tasking.call(
        incident=row.pk,
        party=_office("sos", "kes"),
        words="Bantu pemulangan pengungsi (contoh).",
        by=by,
        at=at,
    )
    empty = Counted(families=0, people=0, vulnerable={})
    for shelter in row.shelters.all():
        caring.count(incident=row.pk, shelter=shelter.pk, said=empty, counted_at=at, by=by, at=at)
        caring.close_shelter(incident=row.pk, shelter=shelter.pk, by=by, at=at)
    situation.make(incident=row.pk, by=by, at=at)
    opening.show(
        incident=row.pk,
        is_public=True,
        words="Rob merendam pesisir utara (contoh, data simulasi). Warga sudah kembali ke rumah.",
        contact="Posko contoh",
        by=by,
        at=at,
    )
    opening.move(incident=row.pk, to=Move.CONTAIN, reason="Air surut di semua kelurahan.", by=by, at=at)
    opening.move(incident=row.pk, to=Move.CLOSE, reason="Pengungsi sudah pulang.", by=by, at=at + DAY)


def _exercise(by: Person, *, at: datetime) -> None:
    """A rehearsal whose messages all said so."""
    said = Opening(
        kind="rob",
        title="Latihan evakuasi rob (contoh)",
        places=_areas()[:1],
        level="WASPADA",
        mode="LATIHAN",
    )
    row = opening.open_incident(said=said, by=by, at=at)
    tasking.write(incident=row.pk, words="Latihan dimulai, 40 warga ikut (contoh).", by=by, at=at + HOUR)
    _walk(row, by, at + HOUR, then={})
    for task in Task.objects.filter(incident=row, state="OPEN"):
        tasking.drop(incident=row.pk, task=task.pk, reason="Latihan selesai.", by=by, at=at + 2 * HOUR)
    opening.move(incident=row.pk, to=Move.CONTAIN, reason="Latihan selesai.", by=by, at=at + 3 * HOUR)
    opening.move(incident=row.pk, to=Move.CLOSE, reason="Latihan selesai.", by=by, at=at + 3 * HOUR)

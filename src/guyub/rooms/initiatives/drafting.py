"""An initiative begins, is agreed to, runs, and is done or stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import initiatives as events
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.rooms.initiatives import ending, lines, reference, taking_up
from guyub.rooms.initiatives.acting import (
    Refused,
    address_of,
    as_organiser,
    guard,
    locked,
    manage_address,
    may_run,
    office_of_place,
    officers_of,
    organisers,
    record,
    tell,
    today_of,
)
from guyub.rooms.initiatives.models import (
    Appeal,
    BudgetItem,
    Initiative,
    Line,
    Participant,
    Risk,
    Task,
)
from guyub.rooms.initiatives.reference import Template
from guyub.rooms.initiatives.rules import LIVE, Consent, Likelihood, Part, Role, State, Undone, needs_consent
from guyub.rooms.partners import api as partners
from guyub.rooms.places import api as places

RESERVED = frozenset(
    {"baru", "saya", "janji", "tugas", "terima", "templat", "kasus"}
    | {"mitra", "rekening", "surat", "sertifikat", "data"}
)
_LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """What an initiative says of itself. `places` are codes; the city's own stands for all of it."""

    title: str
    purpose: str
    theme: str
    places: tuple[str, ...]
    starts_on: date | None = None
    ends_on: date | None = None
    on_public_ground: bool = False


@transaction.atomic
def draft(
    *,
    plan: Plan,
    by: Person,
    at: datetime,
    office: int | None = None,
    partner: int | None = None,
    template: str = "",
    cause: str = "",
    need: int | None = None,
) -> Initiative:
    """Begin an initiative in the name of an office or of a verified partner; nobody else reads it yet.

    What the template says of lines, tasks and risks is copied into it, and the lines of a need that it is to take up.
    Raises `NotAllowed`, `Refused`.
    """
    _may_begin(by, office=office, partner=partner, codes=plan.places)
    found = reference.find_template(template, at=at) if template else None
    cause = f"{taking_up.PREFIX}:{need}" if need is not None else cause
    row = Initiative(
        office_id=office,
        partner_id=partner,
        template=found.code if found else "",
        figures_only=bool(found and found.figures_only),
        cause=cause,
        created_by_id=by.acting,
        created_at=at,
    )
    guard(row, plan.title, plan.purpose)
    _write(row, plan, at=at)
    row.slug = _free_slug(plan.title)
    row.save(force_insert=True)
    if partner is not None:
        _join_own(row, partner, by=by.acting, at=at)
    fact = events.InitiativeDrafted(initiative=row.pk, template=row.template, cause=cause)
    record(fact, initiative=row, by=by.acting, at=at, office=office)
    if found:
        _fill(row, found, by=by.acting, at=at, with_lines=need is None)
    if need is not None:
        taking_up.copy_lines(row, need, by=by.acting, at=at)
    return row


def _may_begin(by: Person, *, office: int | None, partner: int | None, codes: tuple[str, ...]) -> None:
    if (office is None) == (partner is None):
        raise NotAllowed("An initiative has one organiser.")
    if not codes or any(code not in places.gazetteer().by_code for code in codes):
        raise Refused(_("Pilih wilayah yang ada di daerah ini."), field="places")
    if office is not None and not may_run(by, office=office, places=codes):
        raise NotAllowed("This office does not act in all of these places.")
    if partner is not None:
        if not partners.may_act(account=by.acting, partner=partner):
            raise NotAllowed("This person does not act for this partner.")
        if not partners.get(id=partner).counts_as_verified:
            raise Refused(_("Hanya mitra yang sudah diverifikasi dapat menyelenggarakan prakarsa."))


def _write(row: Initiative, plan: Plan, *, at: datetime) -> None:
    if plan.starts_on and plan.ends_on and plan.ends_on < plan.starts_on:
        raise Refused(_("Hari terakhir tidak boleh sebelum hari pertama."), field="ends_on")
    row.title, row.purpose, row.theme = plan.title, plan.purpose, plan.theme
    row.places = sorted(set(plan.places))
    row.starts_on, row.ends_on, row.on_public_ground = plan.starts_on, plan.ends_on, plan.on_public_ground
    row.changed_at = at


def _free_slug(title: str) -> str:
    """An address made of the title. One name at a time: whoever takes one holds the others back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ':initiatives.slug'))")
    base = slugify(title)[:_LONGEST_SLUG].strip("-") or "prakarsa"
    taken = RESERVED | set(Initiative.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 2, base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def _join_own(row: Initiative, partner: int, *, by: int, at: datetime) -> None:
    Participant.objects.create(
        initiative=row,
        partner_id=partner,
        role=Role.ORGANISER,
        state=Part.ACCEPTED,
        invited_by_id=by,
        invited_at=at,
        answered_by_id=by,
        answered_at=at,
    )


def _fill(row: Initiative, template: Template, *, by: int, at: datetime, with_lines: bool = True) -> None:
    first = row.starts_on or today_of(at)
    for plan in template.lines if with_lines else ():
        wanted = lines.Wanted(
            resource=plan.resource,
            what=plan.what,
            unit=plan.unit,
            amount=plan.amount,
            needed_on=first + timedelta(days=plan.days) if plan.days else None,
            for_government=plan.for_government,
        )
        lines.add(row, wanted, by=by, at=at)
    for position, (title, days) in enumerate(template.tasks):
        task = Task.objects.create(
            initiative=row,
            position=position,
            title=title,
            due_on=first + timedelta(days=days),
            office_id=row.office_id,
            partner_id=row.partner_id,
        )
        record(events.TaskSet(initiative=row.pk, task=task.pk), initiative=row, by=by, at=at)
    Risk.objects.bulk_create(
        Risk(initiative=row, what=what, likelihood=Likelihood(likely), response=response)
        for what, likely, response in template.risks
    )


@transaction.atomic
def open_from_template(
    *, template: str, place: str, by: Person, at: datetime, office: int | None = None, cause: str = ""
) -> Initiative:
    """Begin and open an initiative as its template has it, and call the partners of its theme in the place.

    `cause` is the subject that made it necessary (an alert); for the same one a second call returns the first
    initiative. Raises `NotAllowed`, `Refused` for a template that is not in force.
    """
    found = reference.find_template(template, at=at)
    if found is None:
        raise Refused(_("Templat ini tidak ada atau sudah tidak berlaku."), field="template")
    if cause and (
        before := Initiative.objects.filter(cause=cause, template=template)
        .exclude(state=State.STOPPED)
        .first()
    ):
        return before
    chosen = office if office is not None else _office_for(by, place)
    starts = today_of(at)
    plan = Plan(
        title=f"{found.label}: {places.gazetteer().get(place).label}"[:120],
        purpose=found.purpose,
        theme=found.theme,
        places=(place,),
        starts_on=starts,
        ends_on=starts + timedelta(days=found.days),
        on_public_ground=found.on_public_ground,
    )
    row = draft(plan=plan, by=by, at=at, office=chosen, template=template, cause=cause)
    open_up(initiative=row.pk, by=by, at=at)
    _call_partners(row, found, by=by.acting, at=at)
    return Initiative.objects.get(pk=row.pk)


def _office_for(by: Person, place: str) -> int:
    """The office in whose name a person acts in a place. Raises `NotAllowed` for whoever has none."""
    able = [one for one in by.offices(roles.COLLABORATE) if may_run(by, office=one, places=[place])]
    if not able:
        raise NotAllowed("This person runs no initiatives here.")
    return min(able)


def _call_partners(row: Initiative, template: Template, *, by: int, at: datetime) -> None:
    """Those who work on the theme in the place hear that it began, and how they can take part."""
    called = partners.active_in(place=row.places[0], theme=template.theme)
    with override("id"):
        subject = _("Dibutuhkan: %(title)s") % {"title": row.title}
        body = _(
            "Anda terdaftar bergerak di tema dan wilayah ini. Lihat yang dibutuhkan, lalu janjikan yang dapat dibantu."
        )
        for card in called:
            told = partners.representatives(partner=card.id)
            tell(
                told,
                key=f"{row.pk}:called",
                subject=subject,
                body=body,
                link=address_of(row),
                at=at,
                besides=by,
            )


@transaction.atomic
def change(*, initiative: int, plan: Plan, by: Person, at: datetime) -> None:
    """Its organiser changes what it says of itself. What an office agreed to is asked anew if places change."""
    row = locked(initiative, states=(State.DRAFT, *LIVE))
    account = as_organiser(by, row)
    _may_begin(by, office=row.office_id, partner=row.partner_id, codes=plan.places)
    guard(row, plan.title, plan.purpose)
    moved = sorted(set(plan.places)) != row.places or (plan.on_public_ground and not row.on_public_ground)
    if moved and row.state != State.DRAFT:
        raise Refused(
            _("Wilayah dan jenis lahan tidak dapat diubah sesudah prakarsa dibuka."), field="places"
        )
    if moved:
        row.consent, row.consent_office_id, row.consent_by_id, row.consent_at = (
            Consent.NOT_NEEDED,
            None,
            None,
            None,
        )
    _write(row, plan, at=at)
    row.save()
    record(
        events.InitiativeChanged(initiative=row.pk), initiative=row, by=account, at=at, office=row.office_id
    )


@transaction.atomic
def add_risk(*, initiative: int, what: str, likelihood: str, response: str, by: Person, at: datetime) -> None:
    """What may go wrong, and what is done about it; everyone reads it."""
    row = locked(initiative, states=(State.DRAFT, *LIVE))
    account = as_organiser(by, row)
    guard(row, what, response)
    Risk.objects.create(initiative=row, what=what, likelihood=Likelihood(likelihood), response=response)
    record(
        events.InitiativeChanged(initiative=row.pk), initiative=row, by=account, at=at, office=row.office_id
    )


@transaction.atomic
def add_budget_item(
    *, initiative: int, what: str, amount: int, source: str, by: Person, at: datetime
) -> None:
    """One more line of the budget, in whole rupiah."""
    row = locked(initiative, states=(State.DRAFT, *LIVE))
    account = as_organiser(by, row)
    BudgetItem.objects.create(initiative=row, what=what, amount=amount, source=BudgetItem.Source(source))
    record(
        events.InitiativeChanged(initiative=row.pk), initiative=row, by=account, at=at, office=row.office_id
    )


def wants_consent(row: Initiative) -> bool:
    """Whether the office of the place has to agree before everyone is asked."""
    return needs_consent(
        organiser_is_partner=row.partner_id is not None,
        on_public_ground=row.on_public_ground,
        has_appeal=Appeal.objects.filter(initiative=row).exists(),
    )


@transaction.atomic
def ask_consent(*, initiative: int, by: Person, at: datetime) -> None:
    """A partner asks the office of the place. Raises `NotAllowed`, `Refused`."""
    row = locked(initiative, states=(State.DRAFT,))
    account = as_organiser(by, row)
    if not wants_consent(row):
        raise Refused(_("Prakarsa ini tidak memerlukan persetujuan kantor wilayah."))
    office = office_of_place(row.places)
    row.consent, row.consent_office_id, row.consent_words = Consent.ASKED, office, ""
    row.save(update_fields=["consent", "consent_office", "consent_words"])
    fact = record(events.ConsentAsked(initiative=row.pk, office=office), initiative=row, by=account, at=at)
    with override("id"):
        tell(
            officers_of(office, at=at),
            key=f"{row.pk}:consent:{fact}",
            subject=_("Mohon persetujuan: %(title)s") % {"title": row.title},
            body=_("Mitra meminta persetujuan kantor Anda untuk prakarsa di wilayah Anda."),
            link="/petugas/prakarsa/",
            at=at,
        )


@transaction.atomic
def decide_consent(*, initiative: int, is_given: bool, words: str, by: Person, at: datetime) -> None:
    """The office of the place agrees, or says why not. Raises `NotAllowed`."""
    row = locked(initiative, states=(State.DRAFT,))
    if row.consent != Consent.ASKED or row.consent_office_id not in by.offices(roles.COLLABORATE):
        raise NotAllowed("This office was not asked.")
    row.consent = Consent.GIVEN if is_given else Consent.REFUSED
    row.consent_words, row.consent_by_id, row.consent_at = words, by.acting, at
    row.save(update_fields=["consent", "consent_words", "consent_by", "consent_at"])
    office = row.consent_office_id
    fact = events.ConsentDecided(initiative=row.pk, office=office, is_given=is_given)
    key = record(fact, initiative=row, by=by.acting, at=at, office=office)
    with override("id"):
        said = (
            _("Kantor wilayah menyetujui: %(title)s")
            if is_given
            else _("Kantor wilayah belum menyetujui: %(title)s")
        )
        tell(
            organisers(row, at=at),
            key=f"{row.pk}:consent:{key}",
            subject=said % {"title": row.title},
            body=words or _("Prakarsa dapat dibuka sekarang."),
            link=manage_address(row),
            at=at,
        )


@transaction.atomic
def open_up(*, initiative: int, by: Person, at: datetime) -> None:
    """From now on everyone reads it and promises are taken. Raises `NotAllowed`, `Refused`."""
    row = locked(initiative, states=(State.DRAFT,))
    account = as_organiser(by, row)
    if wants_consent(row) and row.consent != Consent.GIVEN:
        raise Refused(
            _(
                "Mintalah dahulu persetujuan kantor wilayah: prakarsa ini di lahan umum atau menghimpun dari umum."
            )
        )
    if not Line.objects.filter(initiative=row).exists() and not Task.objects.filter(initiative=row).exists():
        raise Refused(_("Tulis dahulu apa yang dibutuhkan atau apa yang akan dikerjakan."))
    row.state, row.opened_at, row.changed_at = State.OPEN, at, at
    row.save(update_fields=["state", "opened_at", "changed_at"])
    record(
        events.InitiativeOpened(initiative=row.pk), initiative=row, by=account, at=at, office=row.office_id
    )
    taking_up.take_up(row, by=account, at=at)


@transaction.atomic
def start(*, initiative: int, by: Person, at: datetime) -> None:
    """The work begins; promises are still taken."""
    row = locked(initiative, states=(State.OPEN,))
    account = as_organiser(by, row)
    row.state, row.changed_at = State.RUNNING, at
    row.save(update_fields=["state", "changed_at"])
    record(
        events.InitiativeStarted(initiative=row.pk), initiative=row, by=account, at=at, office=row.office_id
    )


@transaction.atomic
def finish(*, initiative: int, words: str, by: Person, at: datetime) -> None:
    """Done: every task verified, every promise kept or ended. Raises `NotAllowed`, `Refused` with what is lacking."""
    row = locked(initiative, states=(State.RUNNING,))
    account = as_organiser(by, row)
    guard(row, words)
    if lacking := ending.undone_of(row):
        raise Refused(" ".join(str(_LACKING[one]()) for one in lacking))
    _end(row, State.DONE, words, at=at)
    record(events.InitiativeDone(initiative=row.pk), initiative=row, by=account, at=at, office=row.office_id)
    taking_up.met(row, by=account, at=at)


_LACKING = {
    Undone.NO_WORK: lambda: _("Belum ada pekerjaan yang terbukti selesai."),
    Undone.TASKS: lambda: _("Masih ada pekerjaan yang belum diperiksa selesai."),
    Undone.PLEDGES: lambda: _("Masih ada janji yang belum dipenuhi, ditolak, atau ditarik."),
    Undone.CASES: lambda: _("Masih ada laporan warga yang menunggu prakarsa ini."),
}


@transaction.atomic
def stop(*, initiative: int, words: str, by: Person, at: datetime) -> None:
    """It does not go on, and everyone reads why: open promises are released, cases go back to their desks."""
    row = locked(initiative, states=(State.DRAFT, *LIVE))
    account = as_organiser(by, row)
    guard(row, words)
    _end(row, State.STOPPED, words, at=at)
    record(
        events.InitiativeStopped(initiative=row.pk), initiative=row, by=account, at=at, office=row.office_id
    )
    ending.release_pledges(row, by=account, at=at)
    ending.return_cases(row, at=at)
    taking_up.give_back(row, by=account, at=at)


def _end(row: Initiative, state: State, words: str, *, at: datetime) -> None:
    if not words.strip():
        raise Refused(_("Tulis apa hasilnya, atau mengapa dihentikan."), field="words")
    row.state, row.closing_words, row.ended_at, row.changed_at = state, words, at, at
    row.save(update_fields=["state", "closing_words", "ended_at", "changed_at"])

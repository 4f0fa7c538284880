"""Whom casework tells. Each may run again; each tells a person once."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import casework as events
from guyub.kernel import tasks
from guyub.kernel.access.api import roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger.api import RecordedFact, subscribe
from guyub.kernel.notices import api as notices
from guyub.rooms.casework import queries, second_look
from guyub.rooms.casework.kinds import kind_of
from guyub.rooms.casework.models import Case, CrewProof, RouteChange
from guyub.rooms.people import api as people


@subscribe(
    events.RouteChangeSubmitted,
    events.RouteChangeApproved,
    events.RouteChangeDeclined,
    consumer="casework.tell_of_change",
)
def tell_of_change(fact: RecordedFact) -> None:
    """Whoever approves hears of a submitted change, and its authors of the decision."""
    change = RouteChange.objects.get(pk=fact.payload["change"])
    today = local_date(timezone.now(), get_city().tz)
    told = change.authors
    if fact.name == events.RouteChangeSubmitted.name:
        approvers = people.accounts_with(
            roles=queries.holders(roles.ROUTE_APPROVE), organisation=None, on=today
        )
        told = [account for account in approvers if account not in change.authors]
    with override("id"):
        subject = {
            events.RouteChangeSubmitted.name: _("Usul perubahan kewenangan menunggu persetujuan"),
            events.RouteChangeApproved.name: _("Usul perubahan kewenangan disetujui"),
            events.RouteChangeDeclined.name: _("Usul perubahan kewenangan dikembalikan"),
        }[fact.name]
        for account in told:
            notices.notify(
                key=f"route_change:{fact.id}:{account}",
                recipient=f"account:{account}",
                subject=subject,
                body=change.title,
                link=f"/petugas/kewenangan/usul/{change.uuid}/",
                at=timezone.now(),
            )


@subscribe(events.CaseEscalated, consumer="casework.tell_of_escalation")
def tell_of_escalation(fact: RecordedFact) -> None:
    """The heads of the office to which a case rose are told."""
    case = Case.objects.get(pk=fact.payload["case"])
    today = local_date(timezone.now(), get_city().tz)
    heads = people.accounts_with(
        roles=queries.holders(roles.ESCALATED), organisation=fact.payload["to_office"], on=today
    )
    with override("id"):
        subject = _("Dinaikkan kepada Anda: laporan %(number)s") % {"number": case.number}
        body = _("%(office)s melewati tenggat atau meminta bantuan.") % {
            "office": people.directory().get(fact.payload["from_office"]).name
        }
        for account in heads:
            notices.notify(
                key=f"escalated:{fact.id}:{account}",
                recipient=f"account:{account}",
                subject=subject,
                body=body,
                link=kind_of(case.kind).desk_url(case.number),
                at=timezone.now(),
            )


@subscribe(events.WorkCompleted, consumer="casework.check_evidence")
def check_evidence(fact: RecordedFact) -> None:
    """The photos of the proof are looked at by a job: that takes seconds and memory."""
    tasks.enqueue("casework.check_evidence", evidence=fact.payload["evidence"])


@subscribe(events.CrewProofSent, consumer="casework.tell_of_crew")
def tell_of_crew(fact: RecordedFact) -> None:
    """Whoever sent a crew out hears that its proof is here."""
    proof = CrewProof.objects.select_related("case", "link").get(pk=fact.payload["proof"])
    with override("id"):
        notices.notify(
            key=f"crew_proof:{fact.id}",
            recipient=f"account:{proof.link.made_by}",
            subject=_("Regu mengirim bukti untuk %(number)s") % {"number": proof.case.number},
            body=_("Periksa lalu terima, atau kembalikan dengan alasan."),
            link=f"/petugas/laporan/{proof.case.number}/regu/?kasus={proof.case.part}",
            at=timezone.now(),
        )


@subscribe(events.SecondLookAsked, consumer="casework.tell_of_look")
def tell_of_look(fact: RecordedFact) -> None:
    """Who may give the second look at the office hears of it; the office above finds it in its list."""
    case = Case.objects.get(pk=fact.payload["case"])
    today = local_date(timezone.now(), get_city().tz)
    told = people.accounts_with(
        roles=queries.holders(roles.SECOND_LOOK), organisation=case.office_id, on=today
    )
    with override("id"):
        for account in told:
            if not second_look.waiting(people.person(account, on=today)).filter(case=case).exists():
                continue
            notices.notify(
                key=f"second_look:{fact.id}:{account}",
                recipient=f"account:{account}",
                subject=_("Mohon tinjau bukti pekerjaan %(number)s") % {"number": case.number},
                body=_("Bandingkan foto sebelum dan sesudah, lalu nyatakan sesuai atau tidak sesuai."),
                link="/petugas/tinjauan/",
                at=timezone.now(),
            )


@subscribe(events.AppealMade, events.AppealRisen, consumer="casework.tell_of_appeal")
def tell_of_appeal(fact: RecordedFact) -> None:
    """The heads of the office above hear that they have to judge, and those above them if it has risen."""
    case = Case.objects.get(pk=fact.payload["case"])
    today = local_date(timezone.now(), get_city().tz)
    heads = people.accounts_with(
        roles=queries.holders(roles.ESCALATED), organisation=fact.payload["to_office"], on=today
    )
    with override("id"):
        for account in heads:
            notices.notify(
                key=f"appeal:{fact.id}:{account}",
                recipient=f"account:{account}",
                subject=_("Keberatan pelapor menunggu keputusan Anda: %(number)s") % {"number": case.number},
                body=_("Putuskan: pekerjaan diulang, atau keberatan ditolak dengan alasan."),
                link="/petugas/tinjauan/",
                at=timezone.now(),
            )

"""An initiative: what it is for, who takes part, what may go wrong, what has become of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from guyub.rooms.initiatives.rules import OVER, Consent, Likelihood, Part, Role, State

_SOMEBODY = {"on_delete": models.SET_NULL, "null": True, "related_name": "+"}
_OVER = [one.value for one in OVER]


def _choices(kind: type) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in kind]  # type: ignore[attr-defined]


class Initiative(models.Model):
    """Work that several promise, do and prove together. Its row is the lock of all that belongs to it."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    purpose = models.TextField()
    template = models.CharField(max_length=40, blank=True, help_text="The key of the template it began from.")
    theme = models.CharField(max_length=40)
    places = ArrayField(models.CharField(max_length=13), help_text="Codes; the city's own for all of it.")
    office = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, related_name="+", help_text="Organiser."
    )
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, related_name="+", help_text="Organiser."
    )
    on_public_ground = models.BooleanField(default=False)
    consent = models.CharField(max_length=12, choices=_choices(Consent), default=Consent.NOT_NEEDED)
    consent_office = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    consent_words = models.TextField(blank=True)
    consent_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    consent_at = models.DateTimeField(null=True)
    figures_only = models.BooleanField(
        default=False, help_text="Keeps figures of many and refuses whatever says who somebody is."
    )
    cause = models.CharField(
        max_length=60, blank=True, help_text="The subject that it answers: a need, an alert."
    )
    state = models.CharField(max_length=8, choices=_choices(State), default=State.DRAFT)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True, help_text="The last day.")
    closing_words = models.TextField(blank=True, help_text="What came of it, or why it was stopped.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_initiative"
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=False, partner__isnull=True)
                | Q(office__isnull=True, partner__isnull=False),
                name="initiatives_one_organiser",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_OVER, ended_at__isnull=False) & ~Q(closing_words="")
                | ~Q(state__in=_OVER) & Q(ended_at__isnull=True),
                name="initiatives_ended_with_words",
            ),
            models.CheckConstraint(
                condition=Q(state="DRAFT")
                | Q(opened_at__isnull=False, consent__in=["NOT_NEEDED", "GIVEN"])
                | Q(state="STOPPED"),
                name="initiatives_open_with_consent",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="initiatives_ends_after_it_starts",
            ),
        ]
        indexes = [
            GinIndex(fields=["places"], name="initiatives_places"),
            models.Index(fields=["state", "-opened_at"], name="initiatives_listed"),
            models.Index(fields=["office", "state"], name="initiatives_of_office"),
            models.Index(fields=["partner", "state"], name="initiatives_of_partner"),
            models.Index(fields=["cause"], name="initiatives_cause", condition=~Q(cause="")),
            models.Index(fields=["consent_office"], name="initiatives_consent", condition=Q(consent="ASKED")),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def subject(self) -> str:
        return f"initiatives.initiative:{self.pk}"


class Participant(models.Model):
    """A partner's part: as what, invited or asked by whom, and what it answered."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=14, choices=_choices(Role))
    state = models.CharField(max_length=8, choices=_choices(Part), default=Part.INVITED)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    invited_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "initiatives_participant"
        constraints = [
            models.UniqueConstraint(fields=["initiative", "partner"], name="initiatives_part_once"),
            models.CheckConstraint(
                condition=Q(state="INVITED", answered_at__isnull=True)
                | (~Q(state="INVITED") & Q(answered_at__isnull=False)),
                name="initiatives_part_answered",
            ),
        ]
        indexes = [models.Index(fields=["partner", "state"], name="initiatives_parts_of")]

    def __str__(self) -> str:
        return f"{self.partner_id} in {self.initiative_id}"


class Risk(models.Model):
    """What may go wrong, how likely, and what is done about it."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=200)
    likelihood = models.CharField(max_length=6, choices=_choices(Likelihood))
    response = models.CharField(max_length=300)

    class Meta:
        db_table = "initiatives_risk"

    def __str__(self) -> str:
        return f"risk {self.pk}"


class BudgetItem(models.Model):
    """A line of the budget: what money is meant for, and from where it is to come. Whole rupiah."""

    class Source(models.TextChoices):
        PLEDGES = "JANJI"
        OFFICE = "ANGGARAN"
        OWN = "SWADAYA"

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=160)
    amount = models.BigIntegerField()
    source = models.CharField(max_length=8, choices=Source.choices)

    class Meta:
        db_table = "initiatives_budgetitem"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="initiatives_budget_of_something")
        ]

    def __str__(self) -> str:
        return f"budget item {self.pk}"


class Update(models.Model):
    """*Kabar*: what happened, told in public; its photos lie under `initiatives.update:<id>`."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    words = models.TextField()
    public_words = models.TextField(help_text="As everyone may read them: masked.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_update"
        indexes = [models.Index(fields=["initiative", "-at"], name="initiatives_updates")]

    def __str__(self) -> str:
        return f"update {self.pk}"


class Figure(models.Model):
    """A figure of many people in a month, by a code of the initiative's template; nobody is named by it."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    month = models.DateField(help_text="The first day of the month.")
    count = models.IntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, **_SOMEBODY)  # type: ignore[arg-type, misc]
    at = models.DateTimeField()

    class Meta:
        db_table = "initiatives_figure"
        constraints = [
            models.UniqueConstraint(fields=["initiative", "code", "month"], name="initiatives_figure_once"),
            models.CheckConstraint(condition=Q(count__gte=0), name="initiatives_figure_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.month:%Y-%m}"


from guyub.rooms.initiatives.models_money import (  # noqa: E402, F401
    BankLine,
    Match,
    MatchPart,
    Paper,
    Statement,
    StatementDraft,
    StatementLayout,
)
from guyub.rooms.initiatives.models_pledges import (  # noqa: E402, F401
    Appeal,
    Delivery,
    HandOver,
    Line,
    Note,
    Pledge,
    Spending,
)
from guyub.rooms.initiatives.models_work import JoinedCase, Proof, Task  # noqa: E402, F401

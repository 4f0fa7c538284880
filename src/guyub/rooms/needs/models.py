"""Needs, what lies behind them, offers that stand, and who was asked."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from guyub.rooms.needs.rules import ENDED, LARGEST, Answer, Every, Standing, State, number_of

_OVER = sorted(state.value for state in ENDED)


class NeedQuerySet(models.QuerySet["Need"]):
    def shown(self) -> NeedQuerySet:
        """What everyone may read: what was published, also when it is over, unless an office hid it."""
        rows = self.filter(published_at__isnull=False, is_hidden=False)
        return rows.exclude(state__in=[State.DRAFT, State.PROPOSED])

    def in_places(self, codes: Iterable[str]) -> NeedQuerySet:
        return self.filter(place_code__in=list(codes))


class Need(models.Model):
    """What is missing somewhere, in lines that can be given. An office or a partner stands behind it."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    year = models.SmallIntegerField(help_text="The year of its number, by the city's calendar.")
    title = models.CharField(max_length=120)
    why = models.TextField(help_text="Why it is needed, in the publisher's words.")
    place_code = models.CharField(max_length=13, help_text="The city's own code for all of it.")
    theme = models.CharField(max_length=40)
    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, default=State.DRAFT.value)
    until_on = models.DateField(
        null=True, help_text="The last day on which it is looked for; the city's calendar."
    )
    look_due_on = models.DateField(null=True, help_text="By when the office of the place reads it.")
    published_at = models.DateTimeField(null=True, help_text="When everyone could first read it.")
    taken_by = models.CharField(max_length=60, blank=True, help_text="Subject of what took it up.")
    taken_address = models.CharField(max_length=200, blank=True, help_text="Page of what took it up.")
    ended_at = models.DateTimeField(null=True)
    is_hidden = models.BooleanField(
        default=False, help_text="Found unfit by an office after it was published."
    )
    reminded_on = models.DateField(null=True, help_text="When its publisher was last told that it ends soon.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = NeedQuerySet.as_manager()

    class Meta:
        db_table = "needs_need"
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=False, partner__isnull=True)
                | Q(office__isnull=True, partner__isnull=False),
                name="needs_one_publisher",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_OVER, ended_at__isnull=False)
                | (~Q(state__in=_OVER) & Q(ended_at__isnull=True)),
                name="needs_ended_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["PUBLISHED", "TAKEN_UP", "MET", "EXPIRED"])
                | Q(published_at__isnull=False, until_on__isnull=False),
                name="needs_published_until_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.TAKEN_UP.value) | ~Q(taken_by=""), name="needs_taken_up_by_something"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                name="needs_listed",
                condition=Q(published_at__isnull=False, is_hidden=False),
            ),
            models.Index(fields=["place_code", "state"], name="needs_in_place"),
            models.Index(fields=["until_on"], name="needs_ending", condition=Q(state="PUBLISHED")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As people say it and as its page is found."""
        return number_of(self.year, self.pk)

    @property
    def subject(self) -> str:
        """As the ledger and other rooms name it."""
        return f"needs.need:{self.pk}"


class Line(models.Model):
    """One thing that is needed: so much of it, for this, until then."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="+")
    position = models.SmallIntegerField()
    resource = models.CharField(max_length=12)
    purpose = models.CharField(max_length=160, help_text="What exactly, and what for.")
    amount = models.BigIntegerField()
    unit = models.CharField(max_length=20)
    until_on = models.DateField(
        null=True, help_text="The last day on which it is of use; none: the need's own."
    )

    class Meta:
        db_table = "needs_line"
        constraints = [
            models.UniqueConstraint(fields=["need", "position"], name="needs_line_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=LARGEST), name="needs_line_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.position} of need {self.need_id}"


class Ground(models.Model):
    """A case that lies behind a need."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey("casework.Case", on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "needs_ground"
        constraints = [models.UniqueConstraint(fields=["need", "case"], name="needs_case_once")]

    def __str__(self) -> str:
        return f"case {self.case_id} behind need {self.need_id}"


class OfferQuerySet(models.QuerySet["Offer"]):
    def shown(self) -> OfferQuerySet:
        """Offers that stand, of verified partners and of residents."""
        known = Q(partner__isnull=True) | Q(partner__is_verified=True, partner__status="ACTIVE")
        return self.filter(known, state=Standing.ACTIVE)

    def in_places(self, codes: Iterable[str]) -> OfferQuerySet:
        return self.filter(places__overlap=list(codes))


class Offer(models.Model):
    """What a partner, or a resident, gives to whoever needs it, until further notice. A resident is named to nobody."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    resource = models.CharField(max_length=12)
    what = models.CharField(max_length=160)
    amount = models.BigIntegerField()
    unit = models.CharField(max_length=20)
    every = models.CharField(max_length=8, default=Every.ONCE.value)
    themes = ArrayField(models.CharField(max_length=40), default=list, help_text="Empty: any.")
    places = ArrayField(
        models.CharField(max_length=13), default=list, help_text="Codes; the city's own for all."
    )
    conditions = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=8, default=Standing.ACTIVE.value)
    valid_until = models.DateField(help_text="The last day on which it stands, unless renewed.")
    reminded_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        db_table = "needs_offer"
        constraints = [
            models.CheckConstraint(
                condition=Q(partner__isnull=False, account__isnull=True)
                | Q(partner__isnull=True, account__isnull=False, resource__in=["HOURS", "SKILL"]),
                name="needs_offer_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=LARGEST), name="needs_offer_of_something"
            ),
            models.CheckConstraint(
                condition=Q(state="ENDED", ended_at__isnull=False)
                | (~Q(state="ENDED") & Q(ended_at__isnull=True)),
                name="needs_offer_ended_when_over",
            ),
        ]
        indexes = [
            GinIndex(fields=["places"], name="needs_offer_places", condition=Q(state="ACTIVE")),
            GinIndex(fields=["themes"], name="needs_offer_themes", condition=Q(state="ACTIVE")),
            models.Index(
                fields=["-changed_at", "-id"], name="needs_offer_listed", condition=Q(state="ACTIVE")
            ),
            models.Index(
                fields=["resource", "-changed_at"], name="needs_offer_resource", condition=Q(state="ACTIVE")
            ),
            models.Index(fields=["valid_until"], name="needs_offer_ending", condition=Q(state="ACTIVE")),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"

    @property
    def subject(self) -> str:
        return f"needs.offer:{self.pk}"


class Ask(models.Model):
    """Somebody was asked to help with a need, because of an offer or because they work there; and what they said."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="+")
    line = models.ForeignKey(Line, on_delete=models.SET_NULL, null=True, related_name="+")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, null=True, related_name="+")
    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, null=True, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    words = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=8, default=Answer.OPEN.value, blank=True)
    amount = models.BigIntegerField(
        null=True, help_text="How much was said yes to, in the line's or offer's unit."
    )
    answer_words = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "needs_ask"
        constraints = [
            models.UniqueConstraint(
                fields=["need", "partner"],
                condition=Q(answer="", partner__isnull=False),
                name="needs_partner_asked_once",
            ),
            models.UniqueConstraint(
                fields=["need", "account"],
                condition=Q(answer="", account__isnull=False),
                name="needs_person_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(partner__isnull=False, account__isnull=True)
                | Q(partner__isnull=True, account__isnull=False, offer__isnull=False),
                name="needs_asked_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="needs_answered_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"ask {self.pk}"


class Note(models.Model):
    """Why something was decided: the words beside the ledger's fact."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, null=True, related_name="+")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "needs_note"

    def __str__(self) -> str:
        return f"note {self.pk}"

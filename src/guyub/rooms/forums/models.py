"""Standing forums and who sits in them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guyub.kernel.cities.fields import EncryptedTextField
from guyub.rooms.forums.rules import Seat

SEATS = [
    (Seat.CHAIR.value, _("Ketua")),
    (Seat.DEPUTY.value, _("Wakil ketua")),
    (Seat.SECRETARY.value, _("Sekretaris")),
    (Seat.MEMBER.value, _("Anggota")),
]


class Forum(models.Model):
    """A forum that stays, by the decree that made it. `kind` is a code of the rulebook's list."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=160)
    purpose = models.TextField()
    decree_number = models.CharField(max_length=120)
    decree_on = models.DateField()
    term_from = models.DateField()
    term_until = models.DateField(null=True, help_text="The first day on which the decree no longer holds.")
    house_rules = models.TextField(blank=True, help_text="Tata tertib.")
    secretariat = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        db_table = "forums_forum"
        constraints = [
            models.CheckConstraint(
                condition=Q(term_until__isnull=True) | Q(term_until__gt=F("term_from")),
                name="forums_term_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"forums.forum:{self.pk}"


class Member(models.Model):
    """A seat of a partner or of an office. Who stands for it is private: the public sees the organisation."""

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="members")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    seat = models.CharField(max_length=9, choices=SEATS, default=Seat.MEMBER.value)
    representative = EncryptedTextField(blank=True, help_text="Name and how to reach them; never public.")
    since = models.DateField()
    until = models.DateField(null=True, help_text="The first day on which it no longer sits.")

    class Meta:
        db_table = "forums_member"
        constraints = [
            models.CheckConstraint(
                condition=Q(partner__isnull=True, office__isnull=False)
                | Q(partner__isnull=False, office__isnull=True),
                name="forums_member_is_one_of_two",
            ),
            models.UniqueConstraint(
                fields=["forum", "partner"], condition=Q(until__isnull=True), name="forums_partner_sits_once"
            ),
            models.UniqueConstraint(
                fields=["forum", "office"], condition=Q(until__isnull=True), name="forums_office_sits_once"
            ),
            models.UniqueConstraint(
                fields=["forum", "seat"],
                condition=Q(until__isnull=True, seat__in=[Seat.CHAIR.value, Seat.SECRETARY.value]),
                name="forums_one_chair_and_secretary",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat} of {self.forum_id}"

    @property
    def party(self) -> str:
        return f"partner:{self.partner_id}" if self.partner_id else f"office:{self.office_id}"

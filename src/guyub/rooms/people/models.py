"""Accounts, contacts, organisations and grants: role × organisation × place."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q

from guyub.kernel.cities.fields import EncryptedTextField
from guyub.kernel.compiled import Compiled
from guyub.rooms.people.rules import ACTING, WITHOUT_OFFICE, Kind


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, **fields: Any) -> Account:
        """An account that signs in by code; it has no password."""
        account = self.model(email=self.normalize_email(email).lower(), **fields)
        account.set_unusable_password()
        account.save()
        return account

    def get(self, *conditions: Any, **named: Any) -> Account:
        """By the id, as Django asks at each request of somebody who is signed in, the query is made once."""
        if not conditions and named.keys() == {"pk"} and type(named["pk"]) is int:
            for account in _account.rows(pk=named["pk"]):
                return account
        return super().get(*conditions, **named)


_account: Compiled[Account] = Compiled(lambda pk: Account.objects.filter(pk=pk))


class Account(AbstractBaseUser):
    """A person who can sign in to this city, and to no other by it."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = AccountManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        db_table = "people_account"

    def __str__(self) -> str:
        return f"account {self.pk}"


class Contact(models.Model):
    """How a reporter without an account (or with one) can be told: encrypted under the city's key."""

    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    name = EncryptedTextField(blank=True)
    email = EncryptedTextField(blank=True)
    phone = EncryptedTextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "people_contact"

    def __str__(self) -> str:
        return f"contact {self.pk}"


class OrganisationKind(models.TextChoices):
    AGENCY = "AGENCY", "Perangkat daerah"
    DISTRICT = "DISTRICT", "Kecamatan"
    WARD = "WARD", "Kelurahan"
    VILLAGE = "VILLAGE", "Pemerintah desa"
    RW = "RW", "RW"
    RT = "RT", "RT"
    INSPECTORATE = "INSPECTORATE", "Inspektorat"
    COORDINATOR = "COORDINATOR", "Koordinator pengaduan"
    SECRETARIAT = "SECRETARIAT", "Sekretariat Daerah"
    COMMAND_CENTRE = "COMMAND_CENTRE", "Pusdalops"
    EXTERNAL = "EXTERNAL", "Instansi luar"
    COUNCIL = "COUNCIL", "DPRD"


class Organisation(models.Model):
    """An office or a neighbourhood body. A desa is no office of the city: it is asked, never ordered."""

    key = models.CharField(
        max_length=60, unique=True, help_text="Stable: agency key, or kind and place code."
    )
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    place_code = models.CharField(max_length=13, help_text="Where it acts; the city's own code for agencies.")
    address = models.CharField(max_length=200, blank=True, help_text="Where people find it.")
    phone = models.CharField(max_length=40, blank=True)
    hours = models.CharField(max_length=120, blank=True, help_text="When it is open, in words.")
    unit = models.CharField(max_length=12, blank=True, help_text="RW 003 or RT 002/003 inside its kelurahan.")
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "people_organisation"
        indexes = [models.Index(fields=["kind", "place_code"], name="people_office_of_place")]

    def __str__(self) -> str:
        return self.name


class GrantQuerySet(models.QuerySet["Grant"]):
    def in_force(self, on: date) -> GrantQuerySet:
        """Those that hold on a day of the city's calendar, each by its own days and by what it rests on.

        A delegation or Plh rests on the grant of the head (`source`); an acting head further on a definitive
        role of their own in the same or a higher office. When that ends, so does this, without any sweep.
        """
        own = Grant.objects.filter(
            _holds(on),
            Q(organisation=OuterRef("organisation"))
            | Q(organisation=OuterRef("organisation__parent"))
            | Q(organisation=OuterRef("organisation__parent__parent"))
            | Q(organisation__kind=OrganisationKind.SECRETARIAT),
            account=OuterRef("account"),
            kind=Kind.DEFINITIVE,
        ).exclude(role__in=WITHOUT_OFFICE)
        at_inspectorate = Q(organisation__kind=OrganisationKind.INSPECTORATE)
        same = own.filter(organisation=OuterRef("organisation"))
        return self.filter(
            _holds(on),
            Q(source__isnull=True) | _holds(on, "source__"),
            ~Q(kind__in=ACTING) | (~at_inspectorate & Exists(own)) | (at_inspectorate & Exists(same)),
        )


def _holds(on: date, prefix: str = "") -> Q:
    """Begun, not ended by its date, and not revoked."""
    return Q(
        Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": on}),
        **{f"{prefix}since__lte": on, f"{prefix}ended_at__isnull": True},
    )


class Grant(models.Model):
    """A role held for an organisation over a place ('' is the whole city), citing its legal basis.

    Rows stay for ever: they are the history of who could do what, when and by which decree.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    place_code = models.CharField(max_length=13, blank=True)
    kind = models.CharField(max_length=12, default=Kind.DEFINITIVE.value)
    powers = models.JSONField(default=list, help_text="The part that a delegation gives; empty otherwise.")
    source = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", help_text="The head's own grant."
    )
    legal_basis = models.CharField(max_length=160)
    basis_on = models.DateField(null=True)
    basis_about = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, help_text="The first day on which it no longer holds.")
    given_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="Revoked at this moment, before its date.")
    ended_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    end_reason = models.CharField(max_length=400, blank=True)
    told = models.CharField(max_length=8, blank=True, help_text="How far the two people have been told.")

    objects = GrantQuerySet.as_manager()

    class Meta:
        db_table = "people_grant"
        constraints = [
            # Periods that overlap are refused by the action, which locks the account; the same day twice, here.
            models.UniqueConstraint(
                fields=["account", "role", "organisation", "place_code", "kind", "since"],
                condition=Q(ended_at__isnull=True),
                name="people_grant_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")),
                name="people_grant_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.DEFINITIVE.value) | Q(until__isnull=False),
                name="people_grant_lent_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[Kind.PLH.value, Kind.DELEGATION.value], source__isnull=False)
                | Q(kind__in=[Kind.DEFINITIVE.value, Kind.PLT.value], source__isnull=True),
                name="people_grant_rests_on_a_head",
            ),
        ]
        indexes = [models.Index(fields=["role", "organisation"], name="people_grant_of_office")]

    def __str__(self) -> str:
        return f"{self.role} at {self.organisation_id}"


class AccountNote(models.Model):
    """Why an account was closed or its second factor reset: the words beside the ledger's fact."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "people_account_note"

    def __str__(self) -> str:
        return f"{self.kind} of account {self.account_id}"


class SupportAccess(models.Model):
    """Hours in which a support person may look, opened by an admin and ending by themselves."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=400)
    opened_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    is_told = models.BooleanField(default=False, help_text="Whether its end has been recorded and told.")

    class Meta:
        db_table = "people_support_access"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=models.F("opened_at")), name="people_support_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(is_told=False), name="people_support_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"support access {self.pk}"


class SupportPage(models.Model):
    """A page that a support person opened: which route, and the number it was about; nothing of what it said."""

    access = models.ForeignKey(SupportAccess, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    route = models.CharField(max_length=80)
    subject = models.CharField(max_length=40, blank=True)
    refused = models.BooleanField(default=False)

    class Meta:
        db_table = "people_support_page"

    def __str__(self) -> str:
        return self.route


class Upload(models.Model):
    """A table that was checked and waits to be applied; encrypted, because it names people."""

    uuid = models.UUIDField(unique=True)
    table = models.CharField(max_length=12)
    rows = EncryptedTextField()
    by = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "people_upload"

    def __str__(self) -> str:
        return f"{self.table} {self.uuid}"


from guyub.rooms.people.models_clients import ApiClient  # noqa: E402, F401

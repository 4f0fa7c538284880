"""Accounts, contacts, organisations and grants: role × organisation × place."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from guyub.kernel.cities.fields import EncryptedTextField


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, **fields: Any) -> Account:
        """An account that signs in by code; it has no password."""
        account = self.model(email=self.normalize_email(email).lower(), **fields)
        account.set_unusable_password()
        account.save()
        return account


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
    unit = models.CharField(max_length=12, blank=True, help_text="RW 003 or RT 002/003 inside its kelurahan.")
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "people_organisation"
        indexes = [models.Index(fields=["kind", "place_code"], name="people_office_of_place")]

    def __str__(self) -> str:
        return self.name


class GrantQuerySet(models.QuerySet["Grant"]):
    def in_force(self, on: date) -> GrantQuerySet:
        return self.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)


class Grant(models.Model):
    """A role held for an organisation over a place ('' is the whole city), citing its legal basis."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    place_code = models.CharField(max_length=13, blank=True)
    legal_basis = models.CharField(max_length=160)
    since = models.DateField()
    until = models.DateField(null=True, help_text="The first day on which it no longer holds.")

    objects = GrantQuerySet.as_manager()

    class Meta:
        db_table = "people_grant"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "organisation", "place_code"], name="people_grant_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")),
                name="people_grant_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.organisation_id}"

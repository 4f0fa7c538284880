"""Programs of others that send reports for residents."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ApiClient(models.Model):
    """A program with a key: of an office, or of a partner outside. The key itself is stored nowhere."""

    name = models.CharField(max_length=80)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    partner = models.CharField(max_length=120, blank=True, help_text="Who answers for it, if no office does.")
    fingerprint = models.CharField(max_length=64, unique=True, help_text="Of its key, under the city's own.")
    begins = models.CharField(max_length=6, help_text="How its key begins, to tell keys apart.")
    made_by = models.ForeignKey("people.Account", on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey("people.Account", on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    used_on = models.DateField(null=True, help_text="The last day on which something was sent with it.")

    class Meta:
        db_table = "people_api_client"
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) | Q(partner=""), name="people_client_of_one"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(partner=""), name="people_client_of_someone"
            ),
        ]

    def __str__(self) -> str:
        return f"client {self.pk}"

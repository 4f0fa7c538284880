"""The ledger's tables: facts, the pump's cursor, receipts and seals. All in the city's own schema."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.expressions import RawSQL


class Xid8Field(models.Field):
    """PostgreSQL's 64-bit transaction id, read as text and compared by the server."""

    def db_type(self, connection: object) -> str:
        return "xid8"


class Era(models.Model):
    """One row: which life of the database this is. Restoring a city on another server raises it."""

    only = models.BooleanField(primary_key=True, default=True)
    era = models.IntegerField(default=1)

    class Meta:
        db_table = "ledger_era"

    def __str__(self) -> str:
        return str(self.era)


class Fact(models.Model):
    """Something that happened. Rows are only ever added."""

    id = models.BigAutoField(primary_key=True)
    era = models.IntegerField()
    txid = Xid8Field(db_default=RawSQL("pg_current_xact_id()", []))
    name = models.CharField(max_length=80)
    version = models.SmallIntegerField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=RawSQL("clock_timestamp()", []))
    actor = models.BigIntegerField(null=True)
    on_behalf_of = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=60)
    place = models.CharField(max_length=13, blank=True)
    cause = models.BigIntegerField(null=True)
    imported = models.BooleanField(
        db_default=False, help_text="History brought in: counted, never reacted to."
    )
    salt = models.UUIDField(
        db_default=RawSQL("gen_random_uuid()", []), help_text="So that nobody guesses a fact from its hash."
    )
    payload = models.JSONField()

    class Meta:
        db_table = "ledger_fact"
        indexes = [
            models.Index(fields=["era", "txid", "id"], name="ledger_fact_order"),
            models.Index(fields=["subject", "id"], name="ledger_fact_subject"),
            models.Index(
                fields=["actor", "occurred_at"],
                name="ledger_fact_actor",
                condition=models.Q(actor__isnull=False),
            ),
            # Costs a write next to nothing: facts come nearly in the order of their time.
            BrinIndex(fields=["occurred_at"], name="ledger_fact_time", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"


class Cursor(models.Model):
    """How far the city's pump has read."""

    name = models.CharField(primary_key=True, max_length=40)
    era = models.IntegerField(default=0)
    txid = Xid8Field(db_default=RawSQL("'0'::xid8", []))
    fact_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "ledger_cursor"

    def __str__(self) -> str:
        return self.name


class Receipt(models.Model):
    """A consumer has done what a fact asked of it. Committed together with the effect."""

    id = models.BigAutoField(primary_key=True)
    consumer = models.CharField(max_length=80)
    fact_id = models.BigIntegerField()

    class Meta:
        db_table = "ledger_receipt"
        constraints = [models.UniqueConstraint(fields=["consumer", "fact_id"], name="ledger_receipt_once")]

    def __str__(self) -> str:
        return f"{self.consumer}:{self.fact_id}"


class Seal(models.Model):
    """A Merkle root over the facts between two horizons, chained to the seal before it."""

    number = models.IntegerField(primary_key=True)
    from_era = models.IntegerField()
    from_txid = Xid8Field()
    from_id = models.BigIntegerField()
    to_era = models.IntegerField()
    to_txid = Xid8Field()
    to_id = models.BigIntegerField()
    count = models.IntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_seal"

    def __str__(self) -> str:
        return f"seal {self.number}"

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "guyub.kernel.ledger"
    label = "ledger"

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "guyub.rooms.agreements"
    label = "agreements"

    def ready(self) -> None:
        from guyub.rooms.agreements import wiring  # noqa: F401

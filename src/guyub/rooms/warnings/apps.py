from django.apps import AppConfig


class WarningsConfig(AppConfig):
    name = "guyub.rooms.warnings"
    label = "warnings"

    def ready(self) -> None:
        from guyub.rooms.warnings import wiring  # noqa: F401

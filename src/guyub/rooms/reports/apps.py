from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "guyub.rooms.reports"
    label = "reports"

    def ready(self) -> None:
        from guyub.rooms.reports import wiring  # noqa: F401

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "guyub.rooms.incidents"
    label = "incidents"

    def ready(self) -> None:
        from guyub.rooms.incidents import wiring  # noqa: F401

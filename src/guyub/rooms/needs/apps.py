from django.apps import AppConfig


class NeedsConfig(AppConfig):
    name = "guyub.rooms.needs"
    label = "needs"

    def ready(self) -> None:
        from guyub.rooms.needs import wiring  # noqa: F401

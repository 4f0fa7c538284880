from django.apps import AppConfig


class TidesConfig(AppConfig):
    name = "guyub.rooms.tides"
    label = "tides"

    def ready(self) -> None:
        from guyub.rooms.tides import wiring  # noqa: F401

from django.apps import AppConfig


class SensingConfig(AppConfig):
    name = "guyub.rooms.sensing"
    label = "sensing"

    def ready(self) -> None:
        from guyub.rooms.sensing import wiring  # noqa: F401

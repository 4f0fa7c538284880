from django.apps import AppConfig


class AreaFundsConfig(AppConfig):
    name = "guyub.rooms.areafunds"
    label = "areafunds"

    def ready(self) -> None:
        from guyub.rooms.areafunds import wiring  # noqa: F401

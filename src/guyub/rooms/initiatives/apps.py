from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "guyub.rooms.initiatives"
    label = "initiatives"

    def ready(self) -> None:
        from guyub.rooms.initiatives import wiring  # noqa: F401

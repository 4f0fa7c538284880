from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "guyub.rooms.partners"
    label = "partners"

    def ready(self) -> None:
        from guyub.rooms.partners import wiring  # noqa: F401

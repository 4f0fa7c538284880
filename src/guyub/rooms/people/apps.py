from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "guyub.rooms.people"
    label = "people"

    def ready(self) -> None:
        from guyub.rooms.people import wiring  # noqa: F401

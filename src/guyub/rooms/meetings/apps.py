from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "guyub.rooms.meetings"
    label = "meetings"

    def ready(self) -> None:
        from guyub.rooms.meetings import wiring  # noqa: F401

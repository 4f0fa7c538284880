from django.apps import AppConfig


class CommandConfig(AppConfig):
    name = "guyub.rooms.command"
    label = "command"

    def ready(self) -> None:
        from guyub.rooms.command import wiring  # noqa: F401

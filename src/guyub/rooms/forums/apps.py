from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "guyub.rooms.forums"
    label = "forums"

    def ready(self) -> None:
        from guyub.rooms.forums import wiring  # noqa: F401

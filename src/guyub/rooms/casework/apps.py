from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "guyub.rooms.casework"
    label = "casework"

    def ready(self) -> None:
        from guyub.rooms.casework import wiring  # noqa: F401

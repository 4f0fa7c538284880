from django.apps import AppConfig


class FloodsConfig(AppConfig):
    name = "guyub.rooms.floods"
    label = "floods"

    def ready(self) -> None:
        from guyub.rooms.floods import wiring  # noqa: F401

from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    name = "guyub.rooms.performance"
    label = "performance"

    def ready(self) -> None:
        from guyub.rooms.performance import checks, subscribers  # noqa: F401

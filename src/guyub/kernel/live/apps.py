from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "guyub.kernel.live"
    label = "live"

    def ready(self) -> None:
        from guyub.kernel.live import api  # noqa: F401

from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "guyub.kernel.limits"
    label = "limits"

    def ready(self) -> None:
        from guyub.kernel.limits import api  # noqa: F401

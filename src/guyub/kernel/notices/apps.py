from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "guyub.kernel.notices"
    label = "notices"

    def ready(self) -> None:
        from guyub.kernel.notices import keeping  # noqa: F401

from django.apps import AppConfig


class ChecksConfig(AppConfig):
    name = "guyub.kernel.checks"
    label = "guyub_checks"

    def ready(self) -> None:
        """The kernel's own checks; rooms add theirs in their wiring."""
        from guyub.kernel.checks import city, database, installation, queue  # noqa: F401

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "guyub.kernel.rulebook"
    label = "rulebook"

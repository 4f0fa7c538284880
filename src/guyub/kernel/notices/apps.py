from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "guyub.kernel.notices"
    label = "notices"

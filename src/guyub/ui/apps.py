from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "guyub.ui"
    label = "ui"

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "guyub.sites.desk"
    label = "desk"

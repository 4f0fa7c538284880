from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "guyub.sites.portal"
    label = "portal"

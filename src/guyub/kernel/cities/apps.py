from django.apps import AppConfig


class CitiesConfig(AppConfig):
    name = "guyub.kernel.cities"
    label = "cities"

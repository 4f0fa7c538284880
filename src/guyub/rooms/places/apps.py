from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "guyub.rooms.places"
    label = "places"

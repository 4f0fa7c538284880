from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "guyub.rooms.places"
    label = "places"

    def ready(self) -> None:
        from guyub.rooms.places import wiring  # noqa: F401

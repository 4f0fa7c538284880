"""Addresses of the SensorThings API; the path below the root is its own language."""

from django.urls import path

from guyub.rooms.sensing.sta import views

urlpatterns = [
    path("v1.1", views.serve, name="sta"),
    path("v1.1/", views.serve),
    path("v1.1/<path:path>", views.serve, name="sta_below"),
]

"""Addresses of sensors, for everyone."""

from django.urls import path

from guyub.rooms.sensing.web import pages

urlpatterns = [
    path("sensor/", pages.listed, name="sensor_list"),
    path("sensor/<int:key>/", pages.page, name="sensor"),
]

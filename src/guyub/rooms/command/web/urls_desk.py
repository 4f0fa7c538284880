"""Addresses of screens, at the officers' desk."""

from django.urls import path

from guyub.rooms.command.web import screens

urlpatterns = [
    path("layar/", screens.screen_list, name="screen_list"),
    path("layar/<int:screen>/akhiri/", screens.screen_end, name="screen_end"),
]

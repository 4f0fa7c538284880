"""Addresses of the second look."""

from django.urls import path

from guyub.rooms.reports.web import looks

urlpatterns = [
    path("", looks.look_list, name="second_looks"),
    path("keberatan/<int:appeal>/", looks.appeal, name="appeal"),
    path("<int:look>/", looks.look, name="second_look"),
]

"""Addresses of the inbox."""

from django.urls import path

from guyub.rooms.casework.web import desk

urlpatterns = [
    path("", desk.inbox, name="desk_inbox"),
    path("semua/", desk.all_cases, name="desk_cases"),
]

"""Addresses of the inbox."""

from django.urls import path

from guyub.rooms.casework.web import desk, sheets

urlpatterns = [
    path("", desk.inbox, name="desk_inbox"),
    path("semua/", desk.all_cases, name="desk_cases"),
    path("lembar/", sheets.index, name="desk_sheets"),
    path("lembar/apel/", sheets.apel, name="desk_sheet_apel"),
]

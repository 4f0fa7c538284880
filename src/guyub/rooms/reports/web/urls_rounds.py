"""Addresses of the round in the field."""

from django.urls import path

from guyub.rooms.reports.web import rounds

urlpatterns = [
    path("", rounds.todays_round, name="round"),
    path("kirim/", rounds.send, name="round_send"),
]

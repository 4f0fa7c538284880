"""Addresses of acting on many reports at once."""

from django.urls import path

from guyub.rooms.reports.web import bulk

urlpatterns = [
    path("", bulk.many, name="desk_bulk"),
    path("lakukan/", bulk.do, name="desk_bulk_do"),
    path("<uuid:batch>/", bulk.result, name="desk_bulk_result"),
]

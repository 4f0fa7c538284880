"""Addresses that know no language: a browser keeps a worker by its address and its place at the root."""

from django.urls import path

from guyub.rooms.reports.web import followers, workers

urlpatterns = [
    path("pemberitahuan.js", followers.worker, name="push_worker"),
    path("lapangan.js", workers.field_worker, name="field_worker"),
]

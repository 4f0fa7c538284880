"""Addresses of the counter on the officers' desk."""

from django.urls import path

from guyub.rooms.reports.web import counter

urlpatterns = [
    path("", counter.counter, name="counter"),
    path("dekat/", counter.near, name="counter_near"),
    path("tanda-terima/<uuid:draft>/", counter.receipt, name="counter_receipt"),
]

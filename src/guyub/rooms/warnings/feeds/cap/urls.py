"""Addresses of alerts for programs: a feed, and one document each."""

from django.urls import path

from guyub.rooms.warnings.feeds.cap import views

urlpatterns = [
    path("", views.feed, name="cap_feed"),
    path("<str:identifier>.xml", views.document, name="cap_document"),
]

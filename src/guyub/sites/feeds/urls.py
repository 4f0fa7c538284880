"""The addresses of programs."""

from django.urls import include, path

urlpatterns = [
    path("open311/", include("guyub.rooms.reports.feeds.open311.urls")),
    path("kiriman/", include("guyub.rooms.reports.feeds.sending.urls")),
]

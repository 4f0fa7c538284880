"""The addresses of programs."""

from django.urls import include, path

from guyub.sites.feeds import openapi

urlpatterns = [
    path("api/v1/openapi.json", openapi.openapi, name="openapi"),
    path("cap/", include("guyub.rooms.warnings.feeds.cap.urls")),
    path("open311/", include("guyub.rooms.reports.feeds.open311.urls")),
    path("kiriman/", include("guyub.rooms.reports.feeds.sending.urls")),
    path("kiriman/", include("guyub.rooms.reports.feeds.chat.urls")),
    path("sta/", include("guyub.rooms.sensing.sta.urls")),
]

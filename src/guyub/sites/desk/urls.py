"""The officers' addresses."""

from django.urls import include, path

urlpatterns = [
    path("", include("guyub.rooms.casework.web.urls")),
    path("lapor/", include("guyub.rooms.reports.web.urls_lapor")),
    path("laporan/", include("guyub.rooms.reports.web.urls_desk")),
]

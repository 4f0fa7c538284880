"""The residents' addresses."""

from django.urls import include, path

from guyub.sites.portal import home

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("guyub.rooms.people.web.urls")),
    path("", include("guyub.rooms.reports.web.urls_intake")),
    path("", include("guyub.rooms.reports.web.urls_public")),
]

"""The officers' addresses."""

from django.urls import include, path

from guyub.sites.desk.menu import menu

urlpatterns = [
    path("menu/", menu, name="desk_menu"),
    path("", include("guyub.rooms.casework.web.urls")),
    path("", include("guyub.rooms.people.web.urls_desk")),
    path("putaran/", include("guyub.rooms.reports.web.urls_rounds")),
    path("tinjauan/", include("guyub.rooms.reports.web.urls_looks")),
    path("sekaligus/", include("guyub.rooms.reports.web.urls_bulk")),
    path("lapor/", include("guyub.rooms.reports.web.urls_lapor")),
    path("laporan/", include("guyub.rooms.reports.web.urls_desk")),
]

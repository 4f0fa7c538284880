"""The residents' addresses."""

from django.urls import include, path

from guyub.sites.portal import about, home, machines, proof

urlpatterns = [
    path("", home.home, name="home"),
    path("tentang/", about.about, name="about"),
    path("bukti/", proof.proof, name="proof"),
    path("bukti/<int:number>.json", proof.proof_leaves, name="proof_leaves"),
    path("robots.txt", machines.robots),
    path("favicon.ico", machines.favicon),
    path("", include("guyub.rooms.people.web.urls")),
    path("", include("guyub.rooms.reports.web.urls_intake")),
    path("", include("guyub.rooms.reports.web.urls_following")),
    path("", include("guyub.rooms.reports.web.urls_public")),
]

"""The residents' addresses."""

from django.urls import include, path

from guyub.sites.portal import about, developers, draw, guides, home, machines, personal_data, places, proof

urlpatterns = [
    path("", home.home, name="home"),
    path("tentang/", about.about, name="about"),
    path("pengembang/", developers.developers, name="developers"),
    path("data-pribadi/", personal_data.personal_data, name="personal_data"),
    path("panduan/", guides.guide_list, name="guide_list"),
    path("panduan/<slug:role>/", guides.guide, name="guide"),
    path("bukti/", proof.proof, name="proof"),
    path("bukti/undian/", draw.draw, name="draw"),
    path("bukti/undian/<int:seal>.json", draw.draw_entries, name="draw_entries"),
    path("bukti/<int:number>.json", proof.proof_leaves, name="proof_leaves"),
    path("wilayah/", places.place_list, name="place_list"),
    path("wilayah/batas.json", places.place_outline, name="place_outline"),
    path("wilayah/di/", places.place_at, name="place_at"),
    path("wilayah/<str:code>/", places.place_page, name="place_page"),
    path("robots.txt", machines.robots),
    path("favicon.ico", machines.favicon),
    path("", include("guyub.rooms.people.web.urls")),
    path("", include("guyub.rooms.reports.web.urls_intake")),
    path("", include("guyub.rooms.reports.web.urls_following")),
    path("", include("guyub.rooms.reports.web.urls_public")),
    path("", include("guyub.rooms.performance.web.urls")),
]

"""Addresses of sending a report and following one's own."""

from django.urls import path

from guyub.rooms.reports.web import following, guess, intake

urlpatterns = [
    path("laporan/baru/", intake.new_report, name="report_new"),
    path("laporan/baru/dekat/", intake.near, name="report_near"),
    path("laporan/baru/kategori/", guess.guess, name="report_guess"),
    path("laporan/baru/mirip/<uuid:draft>/", intake.similar, name="report_similar"),
    path("laporan/ikuti/<str:key>/", following.follow, name="report_follow"),
    path("laporan/ikuti/<str:key>/foto/", following.add_photo, name="report_add_photo"),
    path("laporan/<str:number>/dukung/", intake.support, name="report_support"),
    path("saya/", following.own_reports, name="own_reports"),
]

"""Addresses of sending a report and following one's own."""

from django.urls import path

from guyub.rooms.reports.web import (
    blurring,
    chat_demo,
    counter,
    crew,
    following,
    guess,
    intake,
    own_data,
    questions,
)

urlpatterns = [
    path("laporan/baru/", intake.new_report, name="report_new"),
    path("laporan/baru/dekat/", intake.near, name="report_near"),
    path("laporan/baru/kategori/", guess.guess, name="report_guess"),
    path("laporan/baru/pertanyaan/", questions.unfold, name="report_questions"),
    path("laporan/baru/mirip/<uuid:draft>/", intake.similar, name="report_similar"),
    path("obrolan-uji/", chat_demo.chat, name="chat_demo"),
    path("laporan/kode/", counter.by_code, name="report_by_code"),
    path("laporan/ikuti/<str:key>/", following.follow, name="report_follow"),
    path("laporan/ikuti/<str:key>/foto/", following.add_photo, name="report_add_photo"),
    path("laporan/ikuti/<str:key>/foto/<uuid:photo>/", blurring.own_blur, name="report_blur"),
    path("laporan/ikuti/<str:key>/data/", own_data.own_page, name="own_data"),
    path("laporan/ikuti/<str:key>/data.zip", own_data.own_file, name="own_data_file"),
    path("akun/data/", own_data.account_data, name="account_data"),
    path("akun/data.zip", own_data.account_file, name="account_data_file"),
    path("tugas/<str:key>/", crew.errand, name="crew_errand"),
    path("laporan/<str:number>/saksi/", intake.witness, name="report_witness"),
    path("laporan/<str:number>/dukung/", intake.support, name="report_support"),
    path("saya/", following.own_reports, name="own_reports"),
]

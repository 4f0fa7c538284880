"""Addresses of warnings on the officers' desk."""

from django.urls import path

from guyub.rooms.warnings.web import desk

urlpatterns = [
    path("", desk.listed, name="desk_warnings"),
    path("baru/", desk.new, name="desk_warning_new"),
    path("daftar/", desk.roster_page, name="warning_roster"),
    path("catatan/", desk.log, name="warning_log"),
    path("<str:number>/", desk.page, name="desk_warning"),
    path("<str:number>/ubah/", desk.edit, name="desk_warning_edit"),
    path("<str:number>/teks/", desk.texts, name="desk_warning_texts"),
    path("<str:number>/<str:act>/", desk.act, name="desk_warning_act"),
]

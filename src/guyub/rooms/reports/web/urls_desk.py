"""Addresses of a report on the officers' desk."""

from django.urls import path

from guyub.rooms.reports.web import desk, letter

urlpatterns = [
    path("<str:number>/", desk.report, name="desk_report"),
    path("<str:number>/surat.pdf", letter.letter, name="desk_letter"),
    path("<str:number>/<str:verb>/", desk.act, name="desk_act"),
]

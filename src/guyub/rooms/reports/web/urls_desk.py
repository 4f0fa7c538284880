"""Addresses of a report on the officers' desk."""

from django.urls import path

from guyub.rooms.reports.web import crew_desk, desk, letter

urlpatterns = [
    path("<str:number>/", desk.report, name="desk_report"),
    path("<str:number>/surat.pdf", letter.letter, name="desk_letter"),
    path("<str:number>/regu/", crew_desk.crew_page, name="desk_crew"),
    path("<str:number>/<str:verb>/", desk.act, name="desk_act"),
]

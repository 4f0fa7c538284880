"""Addresses of a report on the officers' desk."""

from django.urls import path

from guyub.rooms.reports.web import blurring, category, crew_desk, desk, letter, redacting

urlpatterns = [
    path("<str:number>/", desk.report, name="desk_report"),
    path("<str:number>/surat.pdf", letter.letter, name="desk_letter"),
    path("<str:number>/foto/<uuid:photo>/", blurring.desk_blur, name="desk_blur"),
    path("<str:number>/samaran/", redacting.masking_page, name="desk_masking"),
    path("<str:number>/kategori/", category.correct, name="desk_category"),
    path("<str:number>/regu/", crew_desk.crew_page, name="desk_crew"),
    path("<str:number>/<str:verb>/", desk.act, name="desk_act"),
]

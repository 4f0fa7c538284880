"""Addresses of agreements on the officers' desk."""

from django.urls import path

from guyub.rooms.agreements.web import desk

urlpatterns = [
    path("", desk.listed, name="desk_agreements"),
    path("baru/", desk.new, name="desk_agreement_new"),
    path("naskah/<uuid:uuid>/", desk.document, name="desk_agreement_document"),
    path("naskah/<uuid:uuid>/versi/", desk.versions, name="desk_agreement_versions"),
    path("naskah/<uuid:uuid>/pihak/<int:key>/", desk.party, name="desk_agreement_party"),
    path("naskah/<uuid:uuid>/kewajiban/<int:key>/", desk.duty, name="desk_agreement_duty"),
    path("naskah/<uuid:uuid>/<str:act>/", desk.act, name="desk_agreement_act"),
    path("<uuid:uuid>/", desk.page, name="desk_agreement"),
    path("<uuid:uuid>/ubah/", desk.describe, name="desk_agreement_describe"),
    path("<uuid:uuid>/persetujuan/", desk.approve, name="desk_agreement_approve"),
    path("<uuid:uuid>/naskah/", desk.draft, name="desk_agreement_draft"),
    path("<uuid:uuid>/tahap/", desk.advance, name="desk_agreement_advance"),
]

"""Addresses of agreements, for everyone and for the people of their parties."""

from django.urls import path

from guyub.rooms.agreements.web import public

urlpatterns = [
    path("kerja-sama/", public.listed, name="agreement_list"),
    path("kerja-sama/saya/", public.own, name="own_agreements"),
    path("kerja-sama/naskah/<uuid:uuid>/", public.document, name="agreement_document"),
    path("kerja-sama/naskah/<uuid:uuid>.pdf", public.pdf, name="agreement_pdf"),
    path("kerja-sama/<slug:slug>/", public.page, name="agreement_page"),
]

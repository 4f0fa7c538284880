"""Addresses of warnings for everyone, and of the second person's link."""

from django.urls import path

from guyub.rooms.warnings.web import approving, public

urlpatterns = [
    path("peringatan/", public.warning_list, name="warning_list"),
    path("peringatan/ketepatan/", public.accuracy, name="warning_accuracy"),
    path("peringatan/setuju/<str:key>/", approving.approve, name="warning_approve"),
    path("peringatan/<str:number>/", public.warning_page, name="warning_page"),
]

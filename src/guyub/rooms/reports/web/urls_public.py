"""Addresses of what everyone may read: list, map, report."""

from django.urls import path

from guyub.rooms.reports.web import public

urlpatterns = [
    path("laporan/", public.report_list, name="report_list"),
    path("laporan/peta.json", public.report_map, name="report_map"),
    path("laporan/<str:number>/", public.report_page, name="report_page"),
]

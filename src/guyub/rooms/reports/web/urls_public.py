"""Addresses of what everyone may read: list, map, report, places."""

from django.urls import path

from guyub.rooms.reports.web import public

urlpatterns = [
    path("laporan/", public.report_list, name="report_list"),
    path("laporan/peta.json", public.report_map, name="report_map"),
    path("laporan/<str:number>/", public.report_page, name="report_page"),
    path("wilayah/", public.place_list, name="place_list"),
    path("wilayah/batas.json", public.place_outline, name="place_outline"),
    path("wilayah/<str:code>/", public.place_page, name="place_page"),
]

"""Addresses of what everyone may read: list, map, report."""

from django.urls import path

from guyub.rooms.reports.web import exports, public

urlpatterns = [
    path("laporan/", public.report_list, name="report_list"),
    path("laporan/peta.json", public.report_map, name="report_map"),
    path("laporan/unduh/", exports.choose, name="report_export"),
    path("laporan/unduh.csv", exports.as_csv, name="report_export_csv"),
    path("laporan/unduh.geojson", exports.as_geojson, name="report_export_geojson"),
    path("laporan/<str:number>/", public.report_page, name="report_page"),
]

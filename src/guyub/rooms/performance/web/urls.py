"""Addresses of the figures: of the city, of a place, an office or a category, each with lists and files."""

from django.urls import path

from guyub.rooms.performance.web import files, pages

urlpatterns = [
    path("kinerja/", pages.page, name="performance"),
    path("kinerja/cara-hitung/", pages.how, name="performance_how"),
    path("kinerja/laporan/", pages.behind, name="performance_behind"),
    path("kinerja/angka.csv", files.as_csv, name="performance_csv"),
    path("kinerja/angka.json", files.as_json, name="performance_json"),
    path("kinerja/<slug:kind>/<str:code>/", pages.page, name="performance_of"),
    path("kinerja/<slug:kind>/<str:code>/laporan/", pages.behind, name="performance_of_behind"),
    path("kinerja/<slug:kind>/<str:code>/angka.csv", files.as_csv, name="performance_of_csv"),
    path("kinerja/<slug:kind>/<str:code>/angka.json", files.as_json, name="performance_of_json"),
]

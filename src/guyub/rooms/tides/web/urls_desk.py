"""Addresses of the sea on the officers' desk."""

from django.urls import path

from guyub.rooms.tides.web import desk, keeping

urlpatterns = [
    path("", desk.outlook, name="desk_tides"),
    path("ketepatan/", desk.verification, name="desk_tides_verification"),
    path("stasiun/baru/", keeping.station_new, name="desk_tides_station_new"),
    path("stasiun/<slug:slug>/", keeping.station, name="desk_tides_station"),
    path("stasiun/<slug:slug>/datum/", keeping.datum, name="desk_tides_datum"),
    path("stasiun/<slug:slug>/konstanta/", keeping.constants, name="desk_tides_constants"),
    path("ambang/", keeping.threshold_list, name="desk_tides_thresholds"),
    path("ambang/baru/", keeping.threshold_new, name="desk_tides_threshold_new"),
    path("ambang/impor/", keeping.import_begin, name="desk_tides_import"),
    path("ambang/impor/contoh.<str:form>", keeping.import_sample, name="desk_tides_import_sample"),
    path("ambang/impor/<uuid:uuid>/", keeping.import_try, name="desk_tides_import_try"),
    path("<str:code>/", desk.place, name="desk_tides_place"),
]

"""Addresses of the inbox and of the decision table."""

from django.urls import path

from guyub.rooms.casework.web import bodies, changes, desk, exports, map, phrases, saved, standing, table
from guyub.rooms.casework.web.sheets import apel, deeds, leaders, meeting, page

urlpatterns = [
    path("", desk.inbox, name="desk_inbox"),
    path("semua/", desk.all_cases, name="desk_cases"),
    path("peta/", map.inbox_map, name="desk_map"),
    path("peta.json", map.map_json, name="desk_map_json"),
    path("semua/unduh/", exports.choose, name="desk_export"),
    path("semua/unduh.csv", exports.as_csv, name="desk_export_csv"),
    path("semua/unduh.geojson", exports.as_geojson, name="desk_export_geojson"),
    path("tampilan/", saved.views, name="desk_views"),
    path("tampilan/<int:view>/", saved.view, name="desk_view"),
    path("templat/", phrases.shelf, name="desk_templates"),
    path("templat/baru/", phrases.edit, name="desk_template_new"),
    path("templat/<int:template>/", phrases.edit, name="desk_template_edit"),
    path("templat/<int:template>/hapus/", phrases.remove, name="desk_template_remove"),
    path("lembar/", page.index, name="desk_sheets"),
    path("lembar/apel/", apel.apel, name="desk_sheet_apel"),
    path("lembar/rapat/", meeting.meeting, name="desk_sheet_meeting"),
    path("lembar/rapim/", leaders.leaders, name="desk_sheet_leaders"),
    path("lembar/kinerja/", deeds.deeds, name="desk_sheet_deeds"),
    path("disposisi/", standing.standing, name="standing_dispositions"),
    path("disposisi/<int:standing>/akhiri/", standing.end, name="standing_end"),
    path("instansi/", bodies.listed, name="desk_bodies"),
    path("instansi/<int:body>/", bodies.edit, name="desk_body"),
    path("kewenangan/", table.decision_table, name="route_table"),
    path("kewenangan/tabel.csv", table.as_file, name="route_table_file"),
    path("kewenangan/riwayat/<str:category>/", table.history, name="route_history"),
    path("kewenangan/usul/", changes.new, name="route_change_new"),
    path("kewenangan/usul/<uuid:uuid>/", changes.change, name="route_change"),
    path("kewenangan/usul/<uuid:uuid>/<str:verb>/", changes.act, name="route_change_act"),
]

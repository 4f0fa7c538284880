"""Addresses of the inbox and of the decision table."""

from django.urls import path

from guyub.rooms.casework.web import changes, desk, standing, table

urlpatterns = [
    path("", desk.inbox, name="desk_inbox"),
    path("semua/", desk.all_cases, name="desk_cases"),
    path("disposisi/", standing.standing, name="standing_dispositions"),
    path("disposisi/<int:standing>/akhiri/", standing.end, name="standing_end"),
    path("kewenangan/", table.decision_table, name="route_table"),
    path("kewenangan/tabel.csv", table.as_file, name="route_table_file"),
    path("kewenangan/riwayat/<str:category>/", table.history, name="route_history"),
    path("kewenangan/usul/", changes.new, name="route_change_new"),
    path("kewenangan/usul/<uuid:uuid>/", changes.change, name="route_change"),
    path("kewenangan/usul/<uuid:uuid>/<str:verb>/", changes.act, name="route_change_act"),
]

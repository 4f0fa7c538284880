"""Addresses of floods on the officers' desk."""

from django.urls import path

from guyub.rooms.floods.web import desk

urlpatterns = [
    path("", desk.listed, name="desk_floods"),
    path("ambang/<int:key>/", desk.settle_doubt, name="desk_flood_doubt"),
    path("laporan/<str:number>/foto/<uuid:photo>/", desk.photo, name="desk_flood_photo"),
    path("laporan/<str:number>/foto/<uuid:photo>/samarkan/", desk.blur, name="desk_flood_blur"),
    path("laporan/<str:number>/<str:act>/", desk.report_act, name="desk_flood_report"),
    path("<str:number>/", desk.page, name="desk_flood"),
    path("<str:number>/<str:act>/", desk.act, name="desk_flood_act"),
]

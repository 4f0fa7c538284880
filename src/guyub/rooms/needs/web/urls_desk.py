"""Addresses of needs on the officers' desk."""

from django.urls import path

from guyub.rooms.needs.web import desk

urlpatterns = [
    path("", desk.listed, name="desk_needs"),
    path("baru/", desk.new, name="desk_need_new"),
    path("laporan/", desk.groups, name="desk_need_groups"),
    path("tawaran/<uuid:uuid>/akhiri/", desk.end_offer, name="desk_offer_end"),
    path("<str:number>/", desk.page, name="desk_need"),
    path("<str:number>/ubah/", desk.edit, name="desk_need_edit"),
    path("<str:number>/ajak/", desk.ask, name="desk_need_ask"),
    path("<str:number>/<str:act>/", desk.act, name="desk_need_act"),
]

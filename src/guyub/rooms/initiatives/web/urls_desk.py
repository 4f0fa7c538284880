"""Addresses of initiatives at the officers' desk."""

from django.urls import path

from guyub.rooms.initiatives.web import beginning, desk, manage

urlpatterns = [
    path("", desk.desk_list, name="desk_initiatives"),
    path("baru/", beginning.by_office, name="desk_initiative_new"),
    path("templat/", desk.from_template, name="desk_initiative_template"),
    path("kasus/<uuid:case>/", desk.join_case, name="desk_join_case"),
    path("janji/<uuid:pledge>/", desk.decide_pledge, name="desk_decide_pledge"),
    path("<slug:slug>/", manage.of_office, name="desk_initiative"),
    path("<slug:slug>/laporan/", desk.join_many, name="desk_join_many"),
    path("<slug:slug>/persetujuan/", desk.consent, name="desk_consent"),
    path("<slug:slug>/<slug:verb>/", manage.office_act, name="desk_initiative_act"),
]

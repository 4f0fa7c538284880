"""Addresses of initiatives, for everyone."""

from django.urls import path

from guyub.rooms.initiatives.web import beginning, giving, manage, public

urlpatterns = [
    path("prakarsa/", public.initiative_list, name="initiative_list"),
    path("prakarsa/baru/", beginning.by_partner, name="initiative_new"),
    path("prakarsa/saya/", giving.own, name="own_initiatives"),
    path("prakarsa/saya/<uuid:pledge>/", giving.own_pledge, name="own_pledge"),
    path("prakarsa/saya/<uuid:pledge>/<slug:verb>/", giving.pledge_act, name="pledge_act"),
    path("prakarsa/janji/<uuid:line>/", giving.pledge, name="pledge_new"),
    path("prakarsa/tugas/<uuid:task>/", giving.prove, name="task_prove"),
    path("prakarsa/terima/<str:key>/", giving.receive, name="delivery_receive"),
    path("prakarsa/<slug:slug>/", public.initiative_page, name="initiative_page"),
    path("prakarsa/<slug:slug>/jawab/", giving.answer, name="part_answer"),
    path("prakarsa/<slug:slug>/kelola/", manage.of_partner, name="initiative_manage"),
    path("prakarsa/<slug:slug>/kelola/<slug:verb>/", manage.partner_act, name="initiative_act"),
]

"""Addresses of partners on the officers' desk."""

from django.urls import path

from guyub.rooms.partners.web import desk, importing

urlpatterns = [
    path("", desk.listed, name="desk_partners"),
    path("baru/", desk.new, name="desk_partner_new"),
    path("lembaga/", desk.register_bodies, name="desk_partner_bodies"),
    path("impor/", importing.begin, name="desk_partner_import"),
    path("impor/contoh.<str:form>", importing.sample, name="desk_partner_import_sample"),
    path("impor/<uuid:uuid>/", importing.choose, name="desk_partner_import_choose"),
    path("gabungan/<int:merge>/batal/", desk.undo, name="desk_partner_undo"),
    path("<uuid:uuid>/", desk.page, name="desk_partner"),
    path("<uuid:uuid>/profil/", desk.edit, name="desk_partner_edit"),
    path("<uuid:uuid>/<str:act>/", desk.act, name="desk_partner_act"),
]

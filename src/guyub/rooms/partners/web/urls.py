"""Addresses of partners, for everyone and for their own people."""

from django.urls import path

from guyub.rooms.partners.web import founding, joining, managing, network, public

urlpatterns = [
    path("mitra/", public.partner_list, name="partner_list"),
    path("mitra/daftar/", founding.found, name="partner_found"),
    path("mitra/jejaring/", network.network_page, name="partner_network"),
    path("mitra/saya/", founding.own, name="own_partners"),
    path("mitra/undangan/<str:key>/", joining.invitation, name="partner_invitation"),
    path("mitra/<slug:slug>/", public.partner_page, name="partner_page"),
    path("mitra/<slug:slug>/gabung/", joining.join, name="partner_join"),
    path("mitra/<slug:slug>/keluar/", joining.leave, name="partner_leave"),
    path("mitra/<slug:slug>/jaminan/", joining.vouch, name="partner_vouch"),
    path("mitra/<slug:slug>/kelola/", managing.summary, name="partner_manage"),
    path("mitra/<slug:slug>/kelola/profil/", managing.profile, name="partner_profile"),
    path("mitra/<slug:slug>/kelola/orang/", managing.people, name="partner_people"),
    path("mitra/<slug:slug>/kelola/orang/<int:member>/", managing.member, name="partner_member"),
    path("mitra/<slug:slug>/kelola/undangan/<int:invitation>/", managing.uninvite, name="partner_uninvite"),
    path("mitra/<slug:slug>/kelola/dokumen/", managing.papers, name="partner_documents"),
    path("mitra/<slug:slug>/kelola/dokumen/<int:document>/", managing.unpaper, name="partner_unpaper"),
    path("mitra/<slug:slug>/kelola/verifikasi/", managing.ask, name="partner_ask"),
    path("mitra/<slug:slug>/kelola/tutup/", managing.close, name="partner_close"),
]

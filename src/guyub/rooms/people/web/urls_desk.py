"""Addresses of authority and of setting a city up, on the officers' desk."""

from django.urls import path

from guyub.rooms.people.web import authority, clients, office, setup, support

urlpatterns = [
    path("peran/", authority.role_list, name="role_list"),
    path("wewenang/", authority.mine, name="own_authority"),
    path("wewenang/kantor/", office.own, name="own_office"),
    path("wewenang/limpahkan/", authority.delegate, name="grant_delegate"),
    path("wewenang/beri/", authority.give, name="grant_give"),
    path("wewenang/kota/", authority.city, name="city_authority"),
    path("wewenang/<int:grant>/akhiri/", authority.end, name="grant_end"),
    path("wewenang/akun/<int:account>/", authority.account, name="authority_account"),
    path("wewenang/akun/<int:account>/tutup/", authority.close, name="account_close"),
    path("wewenang/akun/<int:account>/faktor/", authority.reset_factor, name="account_reset_factor"),
    path("wewenang/dukungan/", support.listed, name="support_list"),
    path("wewenang/dukungan/buka/", support.open_, name="support_open"),
    path("wewenang/dukungan/<int:access>/", support.pages, name="support_pages"),
    path("wewenang/dukungan/<int:access>/akhiri/", support.end, name="support_end"),
    path("wewenang/aplikasi/", clients.listed, name="client_list"),
    path("wewenang/aplikasi/baru/", clients.add, name="client_add"),
    path("wewenang/aplikasi/<int:client>/akhiri/", clients.end, name="client_end"),
    path("persiapan/", setup.overview, name="setup"),
    path("persiapan/surel/", setup.mail, name="setup_mail"),
    path("persiapan/<str:table>/", setup.table, name="setup_table"),
    path("persiapan/<str:table>/contoh.<str:form>", setup.sample, name="setup_sample"),
    path("persiapan/<str:table>/sekarang.<str:form>", setup.present, name="setup_present"),
    path("persiapan/<str:table>/terapkan/<uuid:upload>/", setup.apply, name="setup_apply"),
]

"""Addresses of SP4N-LAPOR! on the officers' desk."""

from django.urls import path

from guyub.rooms.reports.web import lapor

urlpatterns = [
    path("", lapor.lapor_page, name="lapor"),
    path("simpan/", lapor.enter, name="lapor_enter"),
    path("berkas/", lapor.upload, name="lapor_upload"),
    path("berkas/<uuid:draft>/", lapor.file_page, name="lapor_file"),
    path("belum-disalin/", lapor.waiting, name="lapor_waiting"),
    path("belum-disalin.csv", lapor.waiting_csv, name="lapor_waiting_csv"),
    path("<str:number>/disalin/", lapor.copied, name="lapor_copied"),
    path("<str:number>/tanggapan/", lapor.reaction, name="lapor_reaction"),
]

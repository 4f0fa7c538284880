"""Addresses of a partner's bank statements, of papers that can be checked, and of open data."""

from django.urls import path

from guyub.rooms.initiatives.web import open_data, papers
from guyub.rooms.initiatives.web.bank import of_partner
from guyub.rooms.initiatives.web.urls_bank import books

urlpatterns = [
    *books("prakarsa/rekening/<slug:slug>/", "partner_books", of_partner),
    path("prakarsa/mitra/<slug:slug>/tjsl/", papers.years, name="partner_years"),
    path("prakarsa/mitra/<slug:slug>/tjsl/<int:year>/", papers.year, name="partner_year"),
    path("prakarsa/sertifikat/", papers.hours, name="volunteer_hours"),
    path("prakarsa/surat/<str:key>/", papers.verify, name="paper"),
    path("prakarsa/surat/<str:key>/berkas.pdf", papers.as_pdf, name="paper_pdf"),
    path("prakarsa/data/", open_data.about, name="initiative_data"),
    path("prakarsa/data/<slug:table>.<str:form>", open_data.table, name="initiative_table"),
    path("prakarsa/<slug:slug>/kartu/", open_data.card, name="initiative_card"),
    path("prakarsa/<slug:slug>/kalender.ics", open_data.calendar, name="initiative_calendar"),
    path("wilayah/<str:code>/gotong-royong.ics", open_data.place_calendar, name="place_calendar"),
]

"""Addresses of meetings: whoever may read their subject reads them, whoever runs it runs them."""

from django.urls import path

from guyub.rooms.meetings.web import pages, running

urlpatterns = [
    path("rapat/baru/<str:subject>/", running.plan, name="meeting_plan"),
    path("rapat/kalender/<str:subject>.ics", pages.feed, name="meeting_feed"),
    path("rapat/tindak-lanjut/<uuid:uuid>/", pages.follow_up, name="meeting_follow_up"),
    path("rapat/tindak-lanjut/<uuid:uuid>/jawab/", pages.answer, name="meeting_answer"),
    path("rapat/<uuid:uuid>/", pages.meeting, name="meeting"),
    path("rapat/<uuid:uuid>/rapat.ics", pages.one_calendar, name="meeting_calendar"),
    path("rapat/<uuid:uuid>/kelola/", running.run, name="meeting_run"),
]

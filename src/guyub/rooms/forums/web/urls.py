"""Addresses of forums, for everyone."""

from django.urls import path

from guyub.rooms.forums.web import pages

urlpatterns = [
    path("forum/", pages.forum_list, name="forum_list"),
    path("forum/<slug:slug>/", pages.forum, name="forum"),
    path("forum/<slug:slug>/keputusan/<int:year>/", pages.decisions, name="forum_decisions"),
]

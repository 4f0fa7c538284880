"""The officers' addresses of forums."""

from django.urls import path

from guyub.rooms.forums.web import desk

urlpatterns = [
    path("", desk.forum_list, name="desk_forums"),
    path("baru/", desk.new, name="desk_forum_new"),
    path("<slug:slug>/", desk.forum, name="desk_forum"),
    path("<slug:slug>/ubah/", desk.change, name="desk_forum_change"),
    path("<slug:slug>/akhiri/", desk.end, name="desk_forum_end"),
    path("<slug:slug>/anggota/baru/", desk.seat, name="desk_member_new"),
    path("<slug:slug>/anggota/<int:key>/", desk.member, name="desk_member"),
]

"""Addresses of conversations: whoever may read a subject reads its threads, whoever has an account may write."""

from django.urls import path

from guyub.rooms.conversation.web import pages, posts

urlpatterns = [
    path("percakapan/", pages.index, name="thread_list"),
    path("percakapan/tentang/<str:subject>/", pages.about, name="threads_about"),
    path("percakapan/baru/<str:subject>/", pages.new, name="thread_new"),
    path("percakapan/berhenti/<str:key>/", pages.leave, name="thread_leave"),
    path("percakapan/pesan/<int:key>/", posts.post, name="post"),
    path("percakapan/<uuid:uuid>/", pages.thread, name="thread"),
    path("percakapan/<uuid:uuid>/tulis/", pages.say, name="thread_say"),
    path("percakapan/<uuid:uuid>/ikuti/", pages.follow, name="thread_follow"),
]

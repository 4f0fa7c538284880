"""Addresses of the wall."""

from django.urls import path

from guyub.rooms.command.web import replay, wall

urlpatterns = [
    path("", wall.wall, name="wall"),
    path("bagian/<slug:part>/", wall.wall_part, name="wall_part"),
    path("ulang/", replay.replay, name="wall_replay"),
    path("layar/<str:key>/", wall.screen_wall, name="screen_wall"),
    path("layar/<str:key>/bagian/<slug:part>/", wall.screen_part, name="screen_part"),
]

"""The addresses of the command centre's wall."""

from django.urls import include, path

urlpatterns = [path("", include("guyub.rooms.command.web.urls"))]

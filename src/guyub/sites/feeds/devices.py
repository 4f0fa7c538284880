"""The addresses of sensors' programs alone: theirs are found before all others."""

from django.urls import include, path

urlpatterns = [path("sta/", include("guyub.rooms.sensing.sta.urls"))]

"""Addresses of the sea for everyone."""

from django.urls import path

from guyub.rooms.tides.web import public

urlpatterns = [
    path("rob/", public.sea, name="sea"),
    path("rob/ketepatan/", public.accuracy, name="sea_accuracy"),
    path("rob/<str:code>/", public.sea_place, name="sea_place"),
]

"""The one address that knows no language: a browser keeps a worker by its address and its place at the root."""

from django.urls import path

from guyub.rooms.reports.web import followers

urlpatterns = [path("pemberitahuan.js", followers.worker, name="push_worker")]

"""The one address to which programs post reports as JSON."""

from django.urls import path

from guyub.rooms.reports.feeds.sending import views

urlpatterns = [path("laporan.json", views.receive, name="send_json")]

"""Addresses of reports among the pages of setting a city up."""

from django.urls import path

from guyub.rooms.reports.web import trial

urlpatterns = [path("", trial.trial, name="setup_trial")]

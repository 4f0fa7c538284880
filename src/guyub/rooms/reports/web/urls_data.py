"""Addresses of requests about personal data on the officers' desk."""

from django.urls import path

from guyub.rooms.reports.web import data_requests

urlpatterns = [
    path("", data_requests.request_list, name="data_requests"),
    path("<int:key>/", data_requests.decide, name="data_request_decide"),
]

"""Addresses of what categories ask, on the officers' desk."""

from django.urls import path

from guyub.rooms.reports.web import question_desk

urlpatterns = [
    path("", question_desk.category_list, name="category_list"),
    path("<str:code>/", question_desk.category_questions, name="category_questions"),
]

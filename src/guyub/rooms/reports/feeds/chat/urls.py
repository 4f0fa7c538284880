"""The addresses that messengers call."""

from django.urls import path

from guyub.rooms.reports.feeds.chat import views

urlpatterns = [
    path("whatsapp/", views.whatsapp, name="chat_whatsapp"),
    path("telegram/", views.telegram, name="chat_telegram"),
]

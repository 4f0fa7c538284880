"""The officers' address: what people object to in the conversations they moderate."""

from django.urls import path

from guyub.rooms.conversation.web import desk

urlpatterns = [path("", desk.flagged, name="desk_flags")]

from django.apps import AppConfig


class ConversationConfig(AppConfig):
    name = "guyub.rooms.conversation"
    label = "conversation"

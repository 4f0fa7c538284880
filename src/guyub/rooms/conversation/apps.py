from django.apps import AppConfig


class ConversationConfig(AppConfig):
    name = "guyub.rooms.conversation"
    label = "conversation"

    def ready(self) -> None:
        from guyub.rooms.conversation import belonging, subscribers, wording  # noqa: F401

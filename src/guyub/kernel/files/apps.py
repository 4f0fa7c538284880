from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "guyub.kernel.files"
    label = "files"

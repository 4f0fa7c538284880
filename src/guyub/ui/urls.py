from django.conf import settings
from django.urls import path

from guyub.ui import views

app_name = "ui"
urlpatterns = [path("kota.css", views.city_css, name="city_css")]

if settings.DEBUG or getattr(settings, "UI_GALLERY", False):
    from guyub.ui import gallery

    urlpatterns += [
        path("", gallery.gallery, name="gallery"),
        path("laporan.json", gallery.gallery_reports, name="gallery_reports"),
        path("batas.json", gallery.gallery_outline, name="gallery_outline"),
    ]

from django.urls import include, path

from guyub.ui import gallery, views

gallery_urls = [
    path("", gallery.gallery, name="gallery"),
    path("laporan.json", gallery.gallery_reports, name="gallery_reports"),
    path("batas.json", gallery.gallery_outline, name="gallery_outline"),
    path("kota.css", views.city_css, name="city_css"),
]
urlpatterns = [path("ui/", include((gallery_urls, "ui")))]

"""Addresses of area funds for everyone."""

from django.urls import path

from guyub.rooms.areafunds.web import public

urlpatterns = [
    path("wilayah/dana.<str:form>", public.city_file, name="fund_city_file"),
    path("wilayah/<str:code>/dana/", public.fund_page, name="fund_page"),
    path("wilayah/<str:code>/dana/data.<str:form>", public.place_file, name="fund_file"),
    path("wilayah/<str:code>/dana/<uuid:uuid>/", public.activity_page, name="fund_activity"),
]

"""Addresses of floods for everyone."""

from django.urls import path

from guyub.rooms.floods.web import feeds, following, public

urlpatterns = [
    path("banjir/", public.listed, name="flood_list"),
    path("banjir/lapor/", public.new, name="flood_new"),
    path("banjir/peta.json", feeds.map_data, name="flood_map"),
    path("banjir/data.geojson", feeds.geojson, name="flood_geojson"),
    path("banjir/atom", feeds.atom, name="flood_atom"),
    path("banjir/ikuti/<str:key>/", following.follow, name="flood_follow"),
    path("banjir/ikuti/<str:key>/data.json", following.own_data, name="flood_own_data"),
    path("banjir/<str:number>/", public.page, name="flood_page"),
]

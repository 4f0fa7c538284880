"""Addresses of following a report or a place, and of feeds."""

from django.urls import path

from guyub.rooms.reports.web import feeds, followers

urlpatterns = [
    path("mengikuti/", followers.begin, name="follow_begin"),
    path("mengikuti/alat/", followers.add_device, name="follow_device"),
    path("mengikuti/ya/<str:key>/", followers.confirm, name="follow_confirm"),
    path("mengikuti/atur/<str:key>/", followers.manage, name="follower_page"),
    path("mengikuti/berhenti/<str:key>/", followers.leave, name="follow_leave"),
    path("akun/", followers.account_page, name="account_page"),
    path("laporan/<str:number>/atom", feeds.report_feed, name="report_feed"),
    path("wilayah/<str:code>/atom", feeds.place_feed, name="place_feed"),
    path("wilayah/<str:code>/<slug:category>/atom", feeds.place_feed, name="place_category_feed"),
]

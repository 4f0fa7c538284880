"""Addresses of needs and offers, for everyone and for those who stand behind them."""

from django.urls import path

from guyub.rooms.needs.web import own, public

urlpatterns = [
    path("kebutuhan/", public.need_list, name="need_list"),
    path("kebutuhan/baru/", own.own_need_new, name="own_need_new"),
    path("kebutuhan/ajakan/<uuid:uuid>/", own.question, name="question"),
    path("kebutuhan/<str:number>/", public.need_page, name="need_page"),
    path("kebutuhan/<str:number>/kelola/", own.own_need, name="own_need"),
    path("kebutuhan/<str:number>/kelola/ubah/", own.own_need_edit, name="own_need_edit"),
    path("kebutuhan/<str:number>/kelola/ajak/", own.own_need_ask, name="own_need_ask"),
    path("kebutuhan/<str:number>/kelola/<str:act>/", own.own_need_act, name="own_need_act"),
    path("tawaran/", public.offer_list, name="offer_list"),
    path("tawaran/saya/", own.own_page, name="own_needs"),
    path("tawaran/baru/", own.offer_new, name="offer_new"),
    path("tawaran/<uuid:uuid>/", own.offer_edit, name="offer_edit"),
    path("tawaran/<uuid:uuid>/<str:act>/", own.offer_act, name="offer_act"),
]

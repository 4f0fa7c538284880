"""Addresses of area funds on the officers' desk."""

from django.urls import path

from guyub.rooms.areafunds.web import desk, setting

urlpatterns = [
    path("", desk.listed, name="desk_funds"),
    path("impor/", setting.begin, name="desk_fund_import"),
    path("impor/contoh.<str:form>", setting.sample, name="desk_fund_import_sample"),
    path("impor/<uuid:uuid>/", setting.tried, name="desk_fund_import_try"),
    path("kegiatan/<uuid:uuid>/", desk.activity, name="desk_fund_activity"),
    path("kegiatan/<uuid:uuid>/ubah/", desk.change, name="desk_fund_change"),
    path("kegiatan/<uuid:uuid>/langkah/", desk.step, name="desk_fund_step"),
    path("kegiatan/<uuid:uuid>/henti/", desk.stop, name="desk_fund_stop"),
    path("langkah/<uuid:uuid>/tarik/", desk.withdraw, name="desk_fund_withdraw"),
    path("<str:code>/", desk.page, name="desk_fund"),
    path("<str:code>/kegiatan/<int:ceiling>/", desk.plan, name="desk_fund_plan"),
    path("<str:code>/<str:scheme>/<int:year>/pagu/", setting.ceiling, name="desk_fund_ceiling"),
    path("<str:code>/<str:scheme>/<int:year>/geser/", setting.revise, name="desk_fund_revise"),
    path("<str:code>/<str:scheme>/<int:year>/tutup/", desk.close, name="desk_fund_close"),
]

"""The officers' addresses."""

from django.urls import include, path

from guyub.kernel.access.api import roles
from guyub.sites.desk.menu import list_above, menu
from guyub.sites.desk.together import together

urlpatterns = [
    path("menu/", menu, name="desk_menu"),
    path("laporan/", list_above("desk_cases", roles.VIEW)),
    path("kewenangan/riwayat/", list_above("route_table", roles.VIEW)),
    path("wewenang/akun/", list_above("own_authority")),
    path("", include("guyub.rooms.casework.web.urls")),
    path("persiapan/uji/", include("guyub.rooms.reports.web.urls_setup")),
    path("", include("guyub.rooms.people.web.urls_desk")),
    path("putaran/", include("guyub.rooms.reports.web.urls_rounds")),
    path("tinjauan/", include("guyub.rooms.reports.web.urls_looks")),
    path("sekaligus/", include("guyub.rooms.reports.web.urls_bulk")),
    path("loket/", include("guyub.rooms.reports.web.urls_counter")),
    path("loket/tanda-terima/", list_above("counter", roles.VERIFY)),
    path("kategori/", include("guyub.rooms.reports.web.urls_questions")),
    path("lapor/", include("guyub.rooms.reports.web.urls_lapor")),
    path("data-pribadi/", include("guyub.rooms.reports.web.urls_data")),
    path("kebutuhan/", include("guyub.rooms.needs.web.urls_desk")),
    path("gotong-royong/", together, name="desk_together"),
    path("mitra/", include("guyub.rooms.partners.web.urls_desk")),
    path("mitra/gabungan/", list_above("desk_partners", roles.PARTNERS)),
    path("prakarsa/rekening/", include("guyub.rooms.initiatives.web.urls_bank_desk")),
    path("prakarsa/", include("guyub.rooms.initiatives.web.urls_desk")),
    path("kerja-sama/", include("guyub.rooms.agreements.web.urls_desk")),
    path("kerja-sama/naskah/", list_above("desk_agreements", roles.AGREEMENTS)),
    path("dana/", include("guyub.rooms.areafunds.web.urls_desk")),
    path("rob/stasiun/", list_above("desk_tides", roles.SEA, roles.WARN, roles.ALERTED, roles.VIEW_AREA)),
    path("rob/", include("guyub.rooms.tides.web.urls_desk")),
    path("pantau/", include("guyub.rooms.command.web.urls_desk")),
    path("pantau/", list_above("screen_list", roles.WATCH)),
    path("laporan/", include("guyub.rooms.reports.web.urls_desk")),
    path("peringatan/", include("guyub.rooms.warnings.web.urls_desk")),
    path("sensor/", include("guyub.rooms.sensing.web.urls_desk")),
    path("banjir/laporan/", list_above("desk_floods", roles.FLOODS)),
    path("banjir/ambang/", list_above("desk_floods", roles.FLOODS)),
    path("banjir/", include("guyub.rooms.floods.web.urls_desk")),
    path("insiden/", include("guyub.rooms.incidents.web.urls_desk")),
    path("forum/", include("guyub.rooms.forums.web.urls_desk")),
    path("percakapan/", include("guyub.rooms.conversation.web.urls_desk")),
]

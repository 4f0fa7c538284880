"""The officers' addresses."""

from django.urls import include, path

from guyub.kernel.access.api import roles
from guyub.sites.desk.menu import list_above, menu

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
    path("lapor/", include("guyub.rooms.reports.web.urls_lapor")),
    path("data-pribadi/", include("guyub.rooms.reports.web.urls_data")),
    path("laporan/", include("guyub.rooms.reports.web.urls_desk")),
]

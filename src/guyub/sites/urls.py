"""All addresses. Indonesian words without a prefix; the same in English below /en/."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from guyub.kernel.files import web as files
from guyub.sites import errors, probes

handler400 = errors.bad_request
handler404 = errors.not_found
handler500 = errors.server_error

urlpatterns = [
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
    path("berkas/<uuid:uuid>.jpg", files.photo, name="photo"),
    path("berkas/<uuid:uuid>-k.jpg", files.photo, {"thumb": True}, name="photo_thumb"),
    path("", include("guyub.rooms.reports.web.urls_worker")),
    path("ui/", include("guyub.ui.urls")),
    *i18n_patterns(
        # What begins with a word of its own stands before the portal's many: finding an address takes their time too.
        path("petugas/", include("guyub.sites.desk.urls")),
        path("pantau/", include("guyub.sites.wall.urls")),
        path("", include("guyub.sites.feeds.urls")),
        path("", include("guyub.sites.portal.urls")),
        prefix_default_language=False,
    ),
]

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.ui import colours


@gate.public
@require_safe
@cache_control(public=True, max_age=3600)
def city_css(request: HttpRequest) -> HttpResponse:
    """The colours of the city this host name belongs to: no inline style is needed for them.

    `UI_CITY_COLOURS` names a callable that takes the request and returns `{"kota-1": "#…", "kota-2": "#…"}`.
    """
    source = getattr(settings, "UI_CITY_COLOURS", None)
    chosen = import_string(source)(request) if source else {}
    return HttpResponse(colours.sheet(chosen), content_type="text/css; charset=utf-8")

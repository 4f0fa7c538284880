from django.http import HttpResponse

from guyub.kernel.access.api import gate


@gate.public
def report_list(request, **kwargs):
    return HttpResponse("")


report_map = report_page = place_list = place_outline = place_page = report_list

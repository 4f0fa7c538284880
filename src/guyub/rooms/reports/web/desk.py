from django.http import HttpResponse

from guyub.kernel.access.api import gate


@gate.officer()
def report(request, **kwargs):
    return HttpResponse("")


act = report

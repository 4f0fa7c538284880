from django.http import HttpResponse

from guyub.kernel.access.api import gate


@gate.officer()
def inbox(request, **kwargs):
    return HttpResponse("")


all_cases = inbox

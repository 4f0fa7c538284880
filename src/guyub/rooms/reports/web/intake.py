from django.http import HttpResponse

from guyub.kernel.access.api import gate


@gate.public
def new_report(request, **kwargs):
    return HttpResponse("")


similar = follow = add_photo = support = own_reports = new_report

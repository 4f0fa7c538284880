"""Addresses of GeoReport v2. The ending names the form; what is not here is refused in it, too."""

from django.urls import path

from guyub.rooms.reports.feeds.open311 import views

urlpatterns = [
    path("v2/discovery.<str:form>", views.discovery, name="open311_discovery"),
    path("v2/services.<str:form>", views.service_list, name="open311_services"),
    path("v2/services/<str:code>.<str:form>", views.definition, name="open311_definition"),
    path("v2/requests.<str:form>", views.requests, name="open311_requests"),
    path("v2/requests/<str:number>.<str:form>", views.one_request, name="open311_request"),
    path("v2/tokens/<str:token>.<str:form>", views.token, name="open311_token"),
    path("v2/servicerequestupdates.<str:form>", views.updates, name="open311_updates"),
    path("<path:rest>", views.unknown),
]

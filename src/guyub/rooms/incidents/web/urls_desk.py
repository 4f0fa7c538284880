from django.urls import path

from guyub.rooms.incidents.web import desk

urlpatterns = [
    path("", desk.listed, name="desk_incidents"),
    path("baru/", desk.new, name="desk_incident_new"),
    path("panduan/", desk.playbooks, name="incident_playbooks"),
    path("panduan/<int:step>/cabut/", desk.end_own_step, name="incident_own_step_end"),
    path("usulan/<int:proposal>/<slug:answer>/", desk.decide, name="incident_proposal"),
    path("<slug:number>/", desk.page, name="desk_incident"),
    path("<slug:number>/laporan/<int:report>.pdf", desk.report, name="desk_incident_report"),
    path("<slug:number>/lakukan/<slug:act>/", desk.act, name="desk_incident_act"),
    path("<slug:number>/<slug:section>/", desk.page, name="desk_incident_section"),
]

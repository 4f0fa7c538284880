from django.urls import path

from guyub.rooms.incidents.web import pages

urlpatterns = [
    path("insiden/", pages.incident_list, name="incident_list"),
    path("insiden/tugas/", pages.task_list, name="incident_tasks"),
    path("insiden/tugas/<uuid:uuid>/", pages.task_page, name="incident_task"),
    path("insiden/<slug:number>/", pages.incident_page, name="incident_page"),
]

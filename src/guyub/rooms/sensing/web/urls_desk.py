"""Addresses of sensors on the officers' desk."""

from django.urls import path

from guyub.rooms.sensing.web import desk

urlpatterns = [
    path("", desk.listed, name="desk_sensors"),
    path("baru/", desk.new, name="desk_sensor_new"),
    path("pesan/", desk.letters, name="desk_sensor_letters"),
    path("pesan/<int:key>/", desk.letter, name="desk_sensor_letter"),
    path("<int:key>/", desk.page, name="desk_sensor"),
    path("<int:key>/ukuran/", desk.more, name="desk_sensor_more"),
    path("<int:key>/atur/", desk.settings, name="desk_sensor_set"),
    path("<int:key>/aplikasi/", desk.writer, name="desk_sensor_writer"),
    path("<int:key>/nilai/<int:value>/", desk.judge, name="desk_sensor_judge"),
]

"""What tests of sending share: a filled form, photos, and the page behind a link."""

from __future__ import annotations

import io
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

BANDUNG = {"host": "bandung.localhost"}
PEKALONGAN = {"host": "pekalongan.localhost"}
JSON = {**BANDUNG, "accept": "application/json"}
NEW = "/laporan/baru/"
DAGO = "32.73.02.1004"


def filled(**changes):
    """A form as a browser sends it; a value of None leaves the field out."""
    values = {
        "submission": str(uuid.uuid4()),
        "draft": "",
        "report_class": "PENGADUAN",
        "category": "sampah",
        "body": "Sampah menumpuk di depan gang sejak tiga hari.",
        "place": DAGO,
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def photo(name="foto.jpg", colour="red", size=(640, 480)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def words_of(response):
    return response.content.decode()


def follow_path(response):
    """The reporter's own page, from the answer to a submission."""
    assert response.status_code == 303, words_of(response)[:3000]
    return response["Location"].partition("?")[0]

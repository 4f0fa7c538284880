"""Uploads are hostile until decoded and encoded anew."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from guyub.kernel.cities import api as cities
from guyub.kernel.files import api as files
from guyub.kernel.files.photos import MAX_BYTES, path_of

pytestmark = pytest.mark.django_db


def jpeg(size=(640, 480), **more) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG", **more)
    out.seek(0)
    return out


def with_exif() -> io.BytesIO:
    exif = Image.Exif()
    exif[0x010F] = "KameraRahasia"
    exif.get_ifd(0x8769)[0x9003] = "2026:11:20 09:30:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "S", (6.0, 54.0, 0.0), "E", (107.0, 36.0, 0.0)
    return jpeg(exif=exif)


def bomb() -> io.BytesIO:
    """A PNG of a few hundred bytes that says it is 30,000 × 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30000, 30000, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 10000)
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def test_a_photo_is_made_anew_and_what_the_camera_wrote_is_read_and_left_out(city, now):
    row = files.store_photo(with_exif(), at=now, subject="tests.thing:1")
    kept = path_of(row.uuid).read_bytes()
    assert b"KameraRahasia" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert (round(row.captured_lat, 2), round(row.captured_lon, 2)) == (-6.9, 107.6)
    assert row.captured_at.isoformat() == "2026-11-20T09:30:00+07:00"
    assert path_of(row.uuid, thumb=True).stat().st_size < row.size


def test_a_large_photo_is_made_smaller(city, now):
    row = files.store_photo(jpeg((4000, 3000)), at=now, subject="tests.thing:1")
    with Image.open(path_of(row.uuid)) as kept:
        assert max(kept.size) == 1600


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"GIF89a" + b"\0" * 50,
        b"\xff\xd8\xff\xe0 no jpeg at all",
        b"%PDF-1.4",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    ],
)
def test_what_is_no_photo_is_refused_in_words(city, now, content):
    with pytest.raises(files.NotAPhoto, match="foto"):
        files.store_photo(io.BytesIO(content), at=now, subject="tests.thing:1")
    assert not files.Photo.objects.exists()


def test_a_bomb_a_cut_file_and_a_giant_are_refused(city, now):
    cut = io.BytesIO(jpeg().getvalue()[:800])
    giant = io.BytesIO(b"\xff\xd8" + b"\0" * MAX_BYTES)
    for hostile in (bomb(), cut, giant, jpeg((8, 8))):
        with pytest.raises(files.NotAPhoto):
            files.store_photo(hostile, at=now, subject="tests.thing:1")


def test_a_photo_opens_by_its_signed_address_until_it_is_public(city, pekalongan, now, client):
    row = files.store_photo(jpeg(), at=now, subject="tests.thing:1")
    shown = files.pictures(subject="tests.thing:1", may_see=True)[0]
    host = {"host": "bandung.localhost"}
    assert client.get(f"/berkas/{row.uuid}.jpg", headers=host).status_code == 404
    assert client.get(f"/berkas/{row.uuid}.jpg?s=forged", headers=host).status_code == 404
    signed = client.get(shown.url, headers=host)
    assert signed.status_code == 200
    assert signed["Cache-Control"] == "private, no-store"
    assert b"".join(signed.streaming_content)[:2] == b"\xff\xd8"
    assert client.get(shown.url, headers={"host": "pekalongan.localhost"}).status_code == 404
    files.publish("tests.thing:1")
    thumb = client.get(f"/berkas/{row.uuid}-k.jpg", headers=host)
    assert thumb.status_code == 200
    assert b"".join(thumb.streaming_content)[:2] == b"\xff\xd8"
    assert files.pictures(subject="tests.thing:1", may_see=False)[0].url == f"/berkas/{row.uuid}.jpg"


def test_nothing_of_one_city_lies_in_the_folder_of_another(city, pekalongan, now):
    row = files.store_photo(jpeg(), at=now, subject="tests.thing:1")
    with cities.inside(pekalongan):
        assert not path_of(row.uuid).exists()

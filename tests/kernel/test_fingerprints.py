"""A photo that was sent before is found again, whatever was done to it; another photo of the same place is not."""

from __future__ import annotations

import io
import shutil
from functools import lru_cache

import pytest
from benchmarks.street_scenes import View, photograph
from PIL import Image, ImageOps

from guyub.kernel.files import api as files
from guyub.kernel.files.models import Fingerprint, Photo
from guyub.kernel.files.photos import path_of

pytestmark = pytest.mark.django_db
NEARBY = View(x=0.25, yaw=1.2, forward=0.1, roll=0.7, noise=3, is_fixed=True)


@lru_cache(maxsize=4)
def street(number: int, view: View | None = None) -> Image.Image:
    return Image.fromarray(photograph(number, view)[:, :, ::-1])


def store(picture: Image.Image, now, *, subject: str, quality: int = 85) -> Photo:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    out.seek(0)
    row = files.store_photo(out, at=now, subject=subject)
    files.fingerprints.make(row)
    return Photo.objects.get(pk=row.pk)


def asked(row: Photo) -> files.Answer:
    return files.fingerprints.seen_before(row, besides=row.subject, least=75)


def part(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    return picture.crop((width // 4, height // 5, width, height * 9 // 10))


def screenshot(picture: Image.Image) -> Image.Image:
    phone = Image.new("RGB", (720, 1500), "black")
    phone.paste(picture.resize((720, 540)), (0, 480))
    return phone


@pytest.fixture
def earlier(city, now):
    """Three photos of the city, one of which comes back."""
    rows = [store(street(n), now, subject=f"tests.report:{n}") for n in (1, 2)]
    return [*rows, store(Image.new("RGB", (640, 480), "teal"), now, subject="tests.report:9")]


@pytest.mark.parametrize(
    ("change", "how"),
    [
        (lambda p: p.resize((800, 600)), files.Seen.NEAR),
        (ImageOps.mirror, files.Seen.MIRROR),
        (part, files.Seen.PART),
        (lambda p: part(ImageOps.mirror(p)), files.Seen.MIRROR),
        (screenshot, files.Seen.NEAR),
        (lambda p: ImageOps.colorize(ImageOps.grayscale(p), "#1a0a30", "#fff0c0"), files.Seen.NEAR),
        (lambda p: p.rotate(4, resample=Image.Resampling.BICUBIC), None),
    ],
)
def test_a_changed_photo_is_found_again(earlier, now, change, how):
    again = asked(store(change(street(1)), now, subject="tests.proof:1", quality=45)).again
    assert [one.photo for one in again] == [earlier[0].pk]
    assert again[0].subject == "tests.report:1"
    assert how is None or again[0].how is how


def test_the_same_file_is_found_by_its_bytes_even_where_nothing_is_to_be_seen(earlier, now):
    row = store(Image.new("RGB", (640, 480), "teal"), now, subject="tests.proof:1")
    answer = asked(row)
    assert [(one.photo, one.how, one.alike) for one in answer.again] == [
        (earlier[2].pk, files.Seen.EXACT, 100)
    ]


def test_a_plain_picture_is_like_no_other(earlier, now):
    answer = asked(store(Image.new("RGB", (640, 480), "olive"), now, subject="tests.proof:1"))
    assert answer.again == []
    assert answer.is_plain


def test_another_photo_of_the_same_street_is_no_repetition(earlier, now):
    """What an honest officer sends: the reporter's place from nearly the same spot, after the fix."""
    answer = asked(store(street(1, NEARBY), now, subject="tests.proof:1"))
    assert answer.again == []
    assert not answer.is_plain
    assert answer.compared == 3


def test_only_earlier_photos_of_others_are_asked(earlier, now):
    row = store(street(1), now, subject="tests.report:1", quality=40)
    assert asked(row).again == []
    store(street(1), now, subject="tests.report:5", quality=50)
    assert files.fingerprints.seen_before(row, besides="", least=75).again[0].photo == earlier[0].pk


def test_two_views_of_a_place_share_points_and_two_places_do_not(earlier, now):
    row = store(street(1, NEARBY), now, subject="tests.proof:1")
    assert files.fingerprints.same_scene(earlier[:1], row) > 60
    assert files.fingerprints.same_scene(earlier[1:], row) < 20
    assert files.fingerprints.same_scene([], row) == 0


def test_what_is_missing_is_made_by_the_sweep_and_a_lost_file_is_not_tried_for_ever(city, now):
    row = files.store_photo(_sent(), at=now, subject="tests.report:1")
    lost = files.store_photo(_sent("red"), at=now, subject="tests.report:2")
    path_of(lost.uuid).unlink()
    waiting = files.store_photo(_sent(), at=now, draft=row.uuid)
    assert files.fingerprints.make_missing(limit=10) == 2
    assert files.fingerprints.make_missing(limit=10) == 0
    assert Fingerprint.objects.get(photo=lost).patches == []
    assert not Photo.objects.get(pk=waiting.pk).is_marked


def test_the_same_bytes_are_read_once(city, now, monkeypatch):
    first = store(street(1), now, subject="tests.report:1")
    second = files.store_photo(_bytes_of(first, now), at=now, subject="tests.report:2")
    Photo.objects.filter(pk=second.pk).update(sha256=first.sha256)
    second.refresh_from_db()
    monkeypatch.setattr(files.fingerprints, "_read", lambda photo: pytest.fail("read again"))
    files.fingerprints.make(second)
    marks = Fingerprint.objects.filter(photo__in=[first.pk, second.pk]).values_list("patches", flat=True)
    assert marks[0] == marks[1] != []


def test_an_earlier_photo_whose_file_is_gone_hides_no_other(earlier, now):
    twin = store(street(1), now, subject="tests.report:7", quality=70)
    path_of(earlier[0].uuid).unlink()
    again = asked(store(part(street(1)), now, subject="tests.proof:1")).again
    assert [one.photo for one in again] == [twin.pk]
    shutil.rmtree(path_of(twin.uuid).parent, ignore_errors=True)


def _sent(colour: str = "teal") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    out.seek(0)
    return out


def _bytes_of(row: Photo, now) -> io.BytesIO:
    return io.BytesIO(path_of(row.uuid).read_bytes())

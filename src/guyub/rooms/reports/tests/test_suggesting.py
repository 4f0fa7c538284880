"""Suggesting a category: on the first day, after training, on the form, at sending, and at the desk."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from tests import factories

from guyub.kernel.ledger.api import facts_about
from guyub.rooms.reports import actions, suggesting, training
from guyub.rooms.reports.api import Submission
from guyub.rooms.reports.guessing import Model
from guyub.rooms.reports.models import CategoryModel, Report

pytestmark = pytest.mark.django_db

DARK = "Lampu jalan mati sejak Senin, gelap sekali di tikungan."


def one_sided(code: str = "lampu-jalan", other: str = "sampah") -> Model:
    """A model that is sure of one category as soon as it reads "lampu"."""
    return Model((code, other), {"lampu": 0}, bytes([120, 0]), 1.0, (0.0, 0.0), 1.0)


def keep(model: Model, now) -> CategoryModel:
    figures = {"cases": 1, "first": 1.0, "among_three": 1.0, "bins": []}
    training._keep(model.pack(), figures=figures, cases=1, at=now)
    return CategoryModel.objects.latest("id")


def test_on_the_first_day_the_categories_own_words_suggest(city, now):
    found = suggesting.suggest(DARK, at=now)
    assert found.category.code == "lampu-jalan"
    assert not found.is_learnt
    assert "lampu" in found.words
    assert suggesting.suggest("tolong", at=now) is None
    assert suggesting.suggest("Mohon segera ditindaklanjuti ya pak.", at=now) is None


def test_a_model_of_this_city_goes_before_and_one_that_was_changed_is_not_used(city, now):
    row = keep(one_sided("pangkas-pohon"), now)
    assert suggesting.suggest(DARK, at=now).category.code == "pangkas-pohon"
    assert suggesting.suggest(DARK, at=now).is_learnt
    for change in ({"signed": "x"}, {"digest": "0" * 64}, {"packed": one_sided("banjir").pack()}):
        changed = CategoryModel.objects.create(
            **{"packed": row.packed, "digest": row.digest, "signed": row.signed, **change},
            cases=1, figures={}, trained_at=now,
        )  # fmt: skip
        suggesting.forget()
        assert suggesting.suggest(DARK, at=now).category.code == "lampu-jalan"
        assert changed.pk > row.pk


def test_a_closed_category_is_not_suggested(city, now):
    keep(one_sided("tidak-ada"), now)
    assert suggesting.suggest(DARK, at=now) is None


def test_too_few_cases_are_refused_and_nothing_is_kept(city, now):
    with pytest.raises(training.TooFew, match="0 decided cases"):
        training.train(at=now)
    assert not CategoryModel.objects.exists()


def test_only_what_offices_decided_in_public_is_learnt(city, now):
    def send(body, **more):
        what = {"report_class": "PENGADUAN", "category": "sampah", "place": "32.73.02.1004", **more}
        number = actions.submit_report(
            what=Submission(submission=uuid.uuid4(), body=body, **what), at=now
        ).number
        return Report.objects.filter(number=number)

    send("belum dibaca petugas")
    send("rahasia", is_confidential=True).update(published_at=now)
    send("tentang petugas", about_conduct=True)
    send("sampah di gang").update(published_at=now)
    kept = training._decided(now.replace(year=now.year + 1), 1095)
    assert [body for body, *_ in kept] == ["sampah di gang"]


def test_training_records_figures_and_no_word(city, now):
    row = keep(one_sided(), now)
    (fact,) = facts_about(f"reports.category_model:{row.pk}")
    assert fact.name == "reports.category_model_trained"
    assert set(fact.payload) == {"model", "digest", "cases", "held_out", "first", "among_three"}


def test_only_the_newest_models_stay(city, now):
    for _ in range(5):
        keep(one_sided(), now)
    assert CategoryModel.objects.count() == training.KEPT_MODELS


def ask(**said):
    return Client(headers=factories.HOST).post("/laporan/baru/kategori/", said)


def test_the_script_gets_a_line_with_reasons_or_nothing(city):
    answer = ask(body=DARK, category="")
    assert answer.status_code == 200
    assert "Lampu jalan mati" in answer.content.decode()
    assert "karena" in answer.content.decode()
    assert len(answer.content) < 700
    assert ask(body=DARK, category="lampu-jalan").status_code == 204
    assert ask(body="").status_code == 204
    assert ask(body="\x00\ud7ff" * 3000).status_code == 204


def form(**changes):
    said = {
        "submission": str(uuid.uuid4()), "report_class": "PENGADUAN", "category": "sampah", "body": DARK,
        "place": "32.73.02.1004", **changes,
    }  # fmt: skip
    return Client(headers=factories.HOST).post("/laporan/baru/", said)


def test_without_a_script_a_strong_disagreement_is_asked_once(city, now):
    keep(one_sided(), now)
    asked = form()
    assert asked.status_code == 422
    assert "Mungkin maksud Anda: Lampu jalan mati" in asked.content.decode()
    assert 'name="category_asked" value="1"' in asked.content.decode()
    assert form(category_asked="1").status_code == 303
    answered = {"asked_for": "lampu-jalan", "tanya-gejala": "mati"}
    assert form(category="lampu-jalan", **answered).status_code == 303
    assert Report.objects.filter(category__code="sampah").exists()


def test_keywords_alone_never_hold_a_report_up(city):
    assert form().status_code == 303


def test_who_verifies_reads_what_the_words_speak_of(city, now):
    crew = factories.add_people()
    report, _ = factories.send(at=now, place=crew.place, category="sampah", body=DARK)
    keep(one_sided(), now)
    client = Client(headers=factories.HOST)
    client.force_login(crew.account("lurah"), backend=factories.BACKEND)
    page = client.get(f"/petugas/laporan/{report.number}/").content.decode()
    assert "Model menyarankan kategori Lampu jalan mati, keyakinan 100%" in page
    assert "Hanya saran" in page

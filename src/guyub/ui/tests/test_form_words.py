"""What forms say where a form of ours does not say it itself."""

from __future__ import annotations

import pytest
from django import forms
from django.utils.translation import override


class Form(forms.Form):
    name = forms.CharField(min_length=10, max_length=12)
    count = forms.IntegerField(min_value=1, max_value=5)
    mail = forms.EmailField(required=False)
    kind = forms.ChoiceField(choices=[("a", "A")], required=False)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Bagian ini perlu diisi."),
        ("name", "x", "Tulis sedikitnya 10 huruf."),
        ("name", "x" * 13, "Paling banyak 12 huruf; sekarang 13."),
        ("count", "x", "Tulis bilangan bulat."),
        ("count", "0", "Paling sedikit 1."),
        ("count", "6", "Paling banyak 5."),
        ("mail", "x", "Tulis alamat surel yang benar, misalnya nama@contoh.id."),
        ("kind", "b", "Pilih dari daftar."),
    ],
)
def test_django_s_own_words_are_plain(field, value, words):
    with override("id"):
        assert Form({field: value}).errors[field] == [words]


def test_in_english_they_are_english():
    with override("en"):
        assert Form({"name": ""}).errors["name"] == ["This field is required."]

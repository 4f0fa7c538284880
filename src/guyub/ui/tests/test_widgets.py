"""What the writers write is what Django's templates would have written."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from guyub.ui.widgets import Renderer

WIDGETS = [
    forms.TextInput,
    forms.NumberInput,
    forms.EmailInput,
    forms.URLInput,
    forms.HiddenInput,
    forms.PasswordInput,
    forms.CheckboxInput,
    forms.FileInput,
    forms.Textarea,
    forms.Select,
    forms.RadioSelect,
]
ANY = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.text().map(mark_safe), st.just("<b>&\"'")
)
NAMES = st.sampled_from(["id", "rows", "required", "aria-describedby", "data-x", "class"])


# Django writes a number as an id with the language's dots where a group is named: nobody gives one.
ATTRIBUTES = st.dictionaries(NAMES, ANY).filter(lambda given: not isinstance(given.get("id"), int))


@given(st.sampled_from(WIDGETS), st.text(min_size=1), ANY, ATTRIBUTES)
def test_letter_by_letter(kind, name, value, attrs):
    widget = kind()
    ours = widget.render(name, value, attrs=attrs, renderer=Renderer())
    assert ours == widget.render(name, value, attrs=attrs, renderer=DjangoTemplates())


CHOICES = st.lists(
    st.one_of(
        st.tuples(ANY, st.text()),
        st.tuples(st.text(), st.lists(st.tuples(st.text(), st.text()), max_size=2).map(tuple)),
    ),
    max_size=3,
)


@given(
    st.sampled_from([forms.RadioSelect, forms.CheckboxSelectMultiple]),
    CHOICES,
    ANY,
    st.dictionaries(NAMES, st.one_of(st.booleans(), st.text(), st.just("<b>&\"'"))),
)
def test_choices_letter_by_letter(kind, choices, value, attrs):
    ours, theirs = (
        kind(choices=choices).render("pilihan", value, attrs=attrs, renderer=one())
        for one in (Renderer, DjangoTemplates)
    )
    assert ours == theirs


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '" onfocus="alert(1)', "a&b"])
def test_nothing_comes_out_unescaped(text):
    written = forms.TextInput().render("x", text, attrs={"data-x": text}, renderer=Renderer())
    assert text not in written


def test_every_form_uses_it():
    assert isinstance(get_default_renderer(), Renderer)

"""A share is written in one way on every page."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.utils.translation import override

from guyub.ui.figures import percent

SOURCE = Path(__file__).parents[2]
OF_A_DRAWING = re.compile(r'\b(?:x|y|width|height|x1|x2|y1|y2)="[^"]*"')
BY_HAND = re.compile(r"\}\}(?:</\w+>)?\s?%(?!\})|\d\s%(?!\})")


@pytest.mark.parametrize(
    ("value", "places", "said"), [(25, 0, "25%"), (12.46, 1, "12,5%"), (99.5, 0, "100%"), (1234, 0, "1.234%")]
)
def test_the_sign_stands_close_to_its_number(value, places, said):
    with override("id"):
        assert percent(value, places) == said
    with override("en"):
        assert percent(value, places) == said.translate(str.maketrans(",.", ".,"))


def test_templates_write_it_by_the_filter():
    assert engines["django"].from_string("{{ n|percent }}").render({"n": 25}) == "25%"
    wrong = [
        f"{path.relative_to(SOURCE)}: {found.group()}"
        for path in SOURCE.rglob("*.html")
        for found in BY_HAND.finditer(OF_A_DRAWING.sub("", path.read_text()))
    ]
    assert not wrong


def test_code_and_translations_put_no_space_before_the_sign():
    texts = [*SOURCE.rglob("django.po"), *(p for p in SOURCE.rglob("*.py") if "tests" not in p.parts)]
    spaced = re.compile(r"\)[ds] %%|\} %[\"']")
    assert not [str(path.relative_to(SOURCE)) for path in texts if spaced.search(path.read_text())]

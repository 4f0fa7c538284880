"""Values as the pages say them."""

import pytest
from django.utils.translation import override

from guyub.rooms.sensing.web.shown import share, value_in_words


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [(85.0, "%", "85%"), (62.25, "%", "62,25%"), (1.5, "m", "1,50 m"), (3.0, "", "3")],
)
def test_a_value_stands_with_its_unit(number, unit, said):
    with override("id"):
        assert value_in_words(number, None, unit) == said


def test_a_share_is_told_only_of_something():
    with override("id"):
        assert (share(2, 3), share(0, 0)) == ("67%", "–")

"""A loop that writes its rows itself writes what Django's own loop writes, letter by letter."""

from __future__ import annotations

from dataclasses import dataclass, make_dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override
from django_cotton.compiler_regex import CottonCompiler

from guyub.ui.loops import QuickFor
from guyub.ui.rows import Printed

STEADY = Engine(builtins=["guyub.ui.templatetags.steady"])
PLAIN = Engine(libraries={}, builtins=["django.templatetags.i18n", "django.templatetags.static"])


@dataclass(frozen=True, slots=True)
class Row(Printed):
    a: Any
    b: Any = ""


@dataclass(frozen=True, slots=True)
class Other:
    a: Any
    b: Any = ""


VALUES = [
    "kata",
    "<b>&'\"</b>",
    mark_safe("<b>aman</b>"),
    "",
    None,
    True,
    False,
    0,
    7,
    999,
    1000,
    1234567,
    -3,
    3.25,
    date(2026, 11, 22),
    datetime(2026, 11, 22, 3, 4, tzinfo=UTC),
    gettext_lazy("Batal"),
    ["x", "<y>"],
    {"k": "<v>"},
    lambda: "<dipanggil>",
    Row("<dalam>"),
]

QUICK = [
    "{% for r in rows %}<p>{{ r.a }}|{{ r.b }}|{{ out }}|{{ deep.a }}</p>{% endfor %}",
    "{% for r in rows %}{% if r.a %}ya{% elif r.b %}b{{ r.b }}{% else %}tidak{{ r.a }}{% endif %}{% endfor %}",
    "{% for r in rows %}{% if yes %}{{ r.a|default:'-' }}{% endif %}{% if no %}{{ r.a }}{% endif %}{% endfor %}",
    "{% for r in rows %}{% if r.a == 'kata' and not r.b %}sama{% endif %}{% if r.a.k %}{{ r.a.k }}{% endif %}{% endfor %}",
    "{% for r in rows %}{% translate 'Batal' %}{% if yes %}{% translate 'Batal' %}{% endif %}{{ 'teks' }}{% endfor %}",
    "{% for r in rows %}{{ r.a }}{% empty %}kosong{% endfor %}{{ r }}",
    "{% for r in rows %}{% for x in r.a.k %}{{ x }}{{ r.b }}{% endfor %}{% endfor %}",
    "{% for r in rows %}{% for x in r.a.k %}{{ forloop.counter }}{{ x }}{% empty %}{{ r.b }}{% endfor %}{% endfor %}",
    "{% for r in rows %}{% if r.a.a %}{{ r.a.a }}{% endif %}{{ r.a.k }}{{ r.b.a }}{{ r.a.k.k }}{% endfor %}",
    "{% for r in rows %}{% blocktranslate with a=r.a %}Batal {{ a }} {{ out }}{% endblocktranslate %}{{ a }}{% endfor %}",
    "{% for r in rows %}{% translate 'Batal' context 'x' %}{% translate deep.a %}{{ r.a }}{% endfor %}",
]
OF_DJANGO = [
    "{% for r in rows %}{{ forloop.counter }}{{ r.a }}{% endfor %}",
    "{% for r in rows %}{% if forloop.first %}{{ r.a }}{% endif %}{% endfor %}",
    "{% for r in rows %}{% if not forloop.last and r.a %}{{ r.a }}{% endif %}{% endfor %}",
    "{% for r in rows %}{{ r.a|add:forloop.counter }}{% endfor %}",
    "{% for r in rows reversed %}{{ r.a }}{% endfor %}",
    "{% for r in rows %}{% for x in r.a.k %}{{ forloop.parentloop.counter }}{% endfor %}{{ r.a }}{% endfor %}",
    "{% for r in rows %}{% for x in r.a.k %}{{ x }}{% empty %}{{ forloop.counter }}{% endfor %}{{ r.a }}{% endfor %}",
    "{% for r in rows %}{% for x in r.a.k %}{{ x }}{% endfor %}{{ forloop.counter }}{{ r.a }}{% endfor %}",
    "{% for r in rows %}{% blocktranslate with n=forloop.counter %}Batal {{ n }}{% endblocktranslate %}{% endfor %}",
    "{% for r in rows %}{% translate 'Batal' as word %}{{ word }}{{ r.a }}{% endfor %}",
    "{% for r in rows %}{% blocktranslate asvar word %}Batal{% endblocktranslate %}{{ word }}{{ r.a }}{% endfor %}",
]


def shown(engine: Engine, source: str, rows: Any, **more: Any) -> str:
    found = {"rows": rows, "out": "<luar>", "deep": Row("<d>"), "yes": True, "no": [], **more}
    return engine.from_string(source).render(Context(found))


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("source", QUICK + OF_DJANGO)
def test_the_same_is_written_whatever_the_rows_hold(source, language):
    of_rows = [Row(value, VALUES[-n]) for n, value in enumerate(VALUES)]
    lists = (
        of_rows,
        tuple(of_rows[:3]),
        [{"a": row.a, "b": row.b} for row in of_rows],
        [{"b": "tanpa a"}],
        [Row("x"), Other("<y>"), {"a": "<z>"}],
        [],
        None,
    )
    with override(language):
        for rows in lists:
            assert shown(STEADY, source, rows) == shown(PLAIN, source, rows)
        assert shown(STEADY, source, iter(of_rows)) == shown(PLAIN, source, iter(of_rows))
        off = f"{{% autoescape off %}}{source}{{% endautoescape %}}"
        assert shown(STEADY, off, of_rows) == shown(PLAIN, off, of_rows)


def test_tuples_with_a_name_for_each_value():
    source = "{% for x, y in rows %}<i>{{ x }}</i>{{ x.a }}{% if y %}{{ y }}{{ y.k }}{% endif %}{{ out }}{% endfor %}"
    for rows in (
        [(Row("<a>"), {"k": "<v>"}), (Other("<a>"), 3)],
        [(value, VALUES[-n]) for n, value in enumerate(VALUES)],
        [["a", "<b>"]],
        [("a", 1), ["b", 2]],
    ):
        assert shown(STEADY, source, rows) == shown(PLAIN, source, rows)
    for engine in (STEADY, PLAIN):
        with pytest.raises(ValueError, match="Need 2 values"):
            shown(engine, source, [("a", "b", "c")])


def test_components_in_a_loop_get_the_row_that_is_written():
    loaders = ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"]
    usual = ["django.templatetags.i18n", "django.templatetags.static", "django_cotton.templatetags.cotton"]
    ours = Engine(builtins=["guyub.ui.templatetags.steady"], loaders=loaders)
    django = Engine(builtins=usual, loaders=loaders)
    source = CottonCompiler().process(
        '{% for r in rows %}{{ r.a }}<c-badge :tone="r.a">{{ r.b }} {{ out }}</c-badge>'
        '{% if r.a %}<c-button href="{{ r.b }}">{{ r.a }}</c-button>{% endif %}{{ tone }}{% endfor %}{{ tone }}'
    )
    assert isinstance(ours.from_string(source).nodelist[0], QuickFor)
    rows = [Row(value, VALUES[-n]) for n, value in enumerate(VALUES)]
    assert shown(ours, source, rows) == shown(django, source, rows)


def test_which_loops_write_themselves():
    """Else the comparison above would hold by Django alone."""

    def kind(source: str) -> bool:
        return isinstance(STEADY.from_string(source).nodelist[0], QuickFor)

    assert all(map(kind, QUICK))
    assert not any(map(kind, OF_DJANGO))


def test_a_value_that_is_missing_is_noticed():
    """The tests' own marker for what no view has given must come through."""
    noticing = Engine(builtins=["guyub.ui.templatetags.steady"], string_if_invalid="HILANG %s")
    bare = make_dataclass("Bare", [("a", str)], bases=(Printed,))
    assert shown(noticing, "{% for r in rows %}{{ r.c }}{% endfor %}", [bare("x")]) == "HILANG r.c"
    assert shown(noticing, "{% for r in rows %}{{ unknown }}{% endfor %}", [bare("x")]) == "HILANG unknown"
    with pytest.raises(TemplateSyntaxError):
        STEADY.from_string("{% for r rows %}{% endfor %}")

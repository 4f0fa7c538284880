"""The promises of the ui floor: light, strict about the CSP, readable, complete in both languages."""

import gzip
import io
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.forms import CharField, Form
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override
from django.utils.translation.template import templatize
from django_cotton.compiler_regex import CottonCompiler

from guyub.ui import colours, gallery, views
from guyub.ui.rows import shortened

UI = Path(__file__).parents[1]
SRC = UI.parents[1]
CSS = (UI / "static/ui/guyub.css").read_text()
TONES = [tone for tone, _ in gallery.TONES]
SYMBOLS = set(re.findall(r'<symbol id="([a-z]+)"', (UI / "static/ui/icons.svg").read_text()))
PAGES = ["400", "403", "403_csrf", "404", "404_city", "413", "429", "500", "503"]


@pytest.fixture(autouse=True)
def _own_addresses(settings):
    settings.ROOT_URLCONF = "guyub.ui.tests.urls"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override("id"):
        yield


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string(CottonCompiler().process(source)).render(context)


def site_context(**more: object) -> dict[str, object]:
    return {
        "city": SimpleNamespace(
            name="Kota Bandung", government_name="Pemerintah Kota Bandung", slug="bandung"
        ),
        "nav": [{"url": "/", "label": "Beranda", "current": True}],
        "language_links": [
            {"code": "id", "label": "Bahasa Indonesia", "url": "/", "current": True},
            {"code": "en", "label": "English", "url": "/en/", "current": False},
        ],
        "request": SimpleNamespace(user=SimpleNamespace(is_authenticated=False)),
        "desk": SimpleNamespace(offices="Kelurahan Dago", roles="Lurah"),
        "demo": True,
        **more,
    }


# --- weight -------------------------------------------------------------------------------------------


def test_all_styles_together_stay_light():
    together = (CSS + colours.sheet({})).encode()
    assert len(gzip.compress(together, 9)) <= 9 * 1024


def test_the_scripts_stay_light():
    for name, most in (("app.js", 2048), ("map.js", 5632)):
        assert len(gzip.compress((UI / "static/ui" / name).read_bytes(), 9)) <= most, name


# --- the content security policy ----------------------------------------------------------------------

FORBIDDEN = {
    "inline style": r"<[^>]*\sstyle\s*=",
    "style element": r"<style\b",
    "inline handler": r"<[^>]*\son[a-z]+\s*=",
    "inline script": r"<script\b(?![^>]*\ssrc\s*=)(?![^>]*application/(?:ld\+)?json)",
    "script address": r"javascript:",
    "data address": r"(?:src|href)\s*=\s*[\"']data:",
    "foreign host": r"<(?:script|link|img|source|use|iframe)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//",
}


def broken_rules(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if re.search(pattern, text, re.IGNORECASE)]


def test_no_template_of_any_room_breaks_the_policy():
    found = {
        str(path.relative_to(SRC)): broken
        for path in SRC.rglob("templates/**/*.html")
        if (broken := broken_rules(path.read_text()))
    }
    assert not found


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ('<p style="color:red">', "inline style"),
        ("<style>p{}</style>", "style element"),
        ('<a href="#" onclick="go()">', "inline handler"),
        ("<script>go()</script>", "inline script"),
        ('<a href="javascript:go()">', "script address"),
        ('<img src="data:image/png;base64,AA">', "data address"),
        ('<script defer src="https://example.org/x.js"></script>', "foreign host"),
    ],
)
def test_the_policy_check_sees_each_fault(bad, rule):
    assert rule in broken_rules(bad)


def test_styles_and_scripts_fetch_nothing_and_write_no_markup():
    assert not re.search(r"url\(|@import|@font-face|expression\(", CSS)
    for name in ("app.js", "map.js"):
        script = (UI / "static/ui" / name).read_text()
        assert not re.search(r"\beval\(|new Function|document\.write|outerHTML|insertAdjacentHTML", script), (
            name
        )
        assert not re.search(r"\.innerHTML\s*\+?=[^=]", script), name


# --- readable -----------------------------------------------------------------------------------------


def tokens() -> dict[str, str]:
    root = CSS[CSS.index(":root") : CSS.index("}")]
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", root))


PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink-soft", "kota-1", "wrong") for ground in ("paper", "mat", "card")],
    *[(tone, f"{tone}-bg") for tone in TONES],
    ("kota-ink", "kota-1"),
    ("ink", "kota-2"),
    ("ink", "halo"),
    ("paper", "ink"),
]


@pytest.mark.parametrize(("word", "ground"), PAIRS)
def test_words_can_be_read_on_their_ground(word, ground):
    have = tokens()
    assert colours.contrast(have[word], have[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["paper", "mat", "card"])
def test_edges_of_inputs_can_be_seen(ground):
    have = tokens()
    assert colours.contrast(have["line-strong"], have[ground]) >= 3


def test_contrast_agrees_with_the_ends_of_the_scale():
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#777777") == pytest.approx(1)


def test_the_defaults_in_the_sheet_are_those_of_the_city_sheet():
    have = tokens()
    assert {name: have[name] for name in ("kota-1", "kota-2", "kota-ink")} == colours.readable({})


@pytest.mark.parametrize(
    "chosen", ["#ffff00", "#ffffff", "#00b050", "#003366", "red;} body{display:none", None]
)
def test_whatever_a_city_chooses_can_be_read(chosen):
    got = colours.readable({"kota-1": chosen, "kota-2": chosen})
    assert all(re.fullmatch(r"#[0-9a-f]{6}", value) for value in got.values())
    assert colours.contrast(got["kota-1"], colours.PAPER) >= 4.5
    assert colours.contrast(got["kota-1"], got["kota-ink"]) >= 4.5
    assert colours.contrast(got["kota-2"], colours.INK) >= 4.5


def test_a_readable_choice_is_kept():
    assert colours.readable({"kota-1": "#003366"})["kota-1"] == "#003366"


def test_every_tone_has_a_shape_and_a_colour():
    assert set(TONES) <= SYMBOLS
    for tone in TONES:
        assert f".tone-{tone} {{" in CSS


def test_every_icon_that_is_named_has_been_drawn():
    for path in UI.rglob("templates/**/*.html"):
        named = re.findall(r'(?:<c-icon name|\sicon)="([a-z-]+)"', path.read_text())
        assert set(named) <= SYMBOLS, path.name


# --- components ---------------------------------------------------------------------------------------

COMPONENTS = {
    "badge": (
        '<c-badge tone="done">Selesai dikerjakan</c-badge>',
        ["tone-done", "#done", "Selesai dikerjakan"],
    ),
    "bars": (
        '<c-bars :bars="bars" label="Jenis" />',
        ['href="#jalan"', 'width="100.00%"', 'aria-label="Jenis"'],
    ),
    "columns": (
        '<c-columns :chart="columns" title="12 minggu" />',
        ["<rect", "tone-confirmed", "Angkanya dalam tabel", '<td class="amount">73</td>'],
    ),
    "curve": (
        '<c-curve :chart="curve" title="Bagian yang selesai">Tabelnya</c-curve>',
        ["chart-stroke", "Bagian yang selesai", "50%", "Tabelnya"],
    ),
    "button": (
        '<c-button tone="primary" icon="send" name="go">Kirim</c-button>',
        ["<button", 'name="go"', "#send"],
    ),
    "band": (
        '<c-band :chart="band" title="Tinggi muka air">Tabelnya</c-band>',
        ["Tinggi muka air", "Siaga", "Besok", "<polygon", "Tabelnya"],
    ),
    "card": (
        '<c-card title="Kantor" href="/k/" level="3">isi<c-slot name="footer">kaki</c-slot></c-card>',
        ["<h3", 'href="/k/"', "isi", "kaki"],
    ),
    "compare": (
        '<c-compare :before="photos.0" :after="photos.1" after_label="Setelah dikerjakan" />',
        ['data-compare="Geser', "Sebelum</figcaption>", "Setelah dikerjakan</figcaption>", "lubang jalan"],
    ),
    "empty": (
        '<c-empty title="Kosong" drawing="inbox"><p>isi</p><c-slot name="actions">aksi</c-slot></c-empty>',
        ["drawings.svg#inbox", "Kosong", "aksi"],
    ),
    "field": ('<c-field :field="form.title" />', ["<label", "Judul singkat", "maxlength"]),
    "filterbar": (
        '<c-filterbar action="/laporan/" active="1" target="#daftar" open="yes">isi</c-filterbar>',
        ["<details", " open", 'method="get"', 'hx-target="#daftar"'],
    ),
    "icon": ('<c-icon name="pin" label="Tempat" />', ['role="img"', 'aria-label="Tempat"', "icons.svg#pin"]),
    "notice": (
        '<c-notice tone="danger" live="yes" title="Awas">isi</c-notice>',
        ['role="alert"', "Awas", "Penting"],
    ),
    "pager": (
        '<c-pager next="?halaman=2" position="Halaman 1" />',
        ['rel="next"', "Halaman 1", "Berikutnya"],
    ),
    "photo_grid": ('<c-photo-grid :photos="photos" />', ["<img", "lubang jalan", "Sebelum, 3 November"]),
    "stat": ('<c-stat value="7" unit="hari kerja" label="Separuh selesai" />', ["7", "hari kerja"]),
    "steps": ('<c-steps :steps="steps" />', ['aria-current="step"', "(selesai)"]),
    "table": (
        '<c-table caption="Daftar" stack="yes"><c-slot name="head"><th>A</th></c-slot>'
        "<tr><td>b</td></tr></c-table>",
        ["<caption>Daftar", "<thead>", "table-stack", 'tabindex="0"'],
    ),
    "timeline": ("<c-timeline>isi</c-timeline>", ["<ol", "Perjalanan laporan"]),
    "timeline_item": (
        '<c-timeline-item title="Dikerjakan" tone="progress" when="Senin" datetime="2026-11-09" by="X" />',
        ['<time datetime="2026-11-09"', "#progress", "<span>X"],
    ),
}


def test_every_component_is_tried():
    assert {path.stem for path in (UI / "templates/cotton").glob("*.html")} == set(COMPONENTS)


@pytest.mark.parametrize("name", COMPONENTS)
def test_component(name):
    source, expected = COMPONENTS[name]
    html = rendered(source, **gallery.sample_page())
    assert "<c-" not in html
    assert "{{" not in html
    for part in expected:
        assert part in html
    assert broken_rules(html) == []


@pytest.mark.parametrize("name", [field.name for field in gallery.SampleForm()])
def test_a_field_of_any_kind_is_named_and_described(name):
    form = gallery.SampleForm({})
    html = rendered('<c-field :field="field" />', field=form[name])
    field = form[name]
    assert str(field.label) in html
    assert ("<legend" in html) == field.use_fieldset
    assert ("(boleh kosong)" in html) == (not field.field.required)
    for described in (field.aria_describedby or "").split():
        assert f'id="{described}"' in html
    if field.errors:
        assert 'aria-invalid="true"' in html or field.use_fieldset


def test_help_given_in_the_template_is_announced():
    html = rendered('<c-field :field="field" help="Sejak kapan?" />', field=gallery.SampleForm()["story"])
    assert 'aria-describedby="id_story_helptext"' in html
    assert 'id="id_story_helptext">Sejak kapan?' in html


def test_words_of_people_are_escaped_everywhere():
    class Office(Form):
        title = CharField(label="<b>nama</b>", help_text="<script>x</script>")

    html = rendered('<c-field :field="form.title" /><c-badge>{{ word }}</c-badge>', form=Office(), word="<i>")
    assert "<script" not in html
    assert "<b>" not in html
    assert "<i>" not in html
    html = rendered('<c-button :value="evil" title="{{ evil }}">x</c-button>', evil='"><script>')
    assert "<script" not in html
    assert 'value="&quot;&gt;&lt;script&gt;"' in html


def test_no_pager_where_there_is_one_page():
    assert "<nav" not in rendered('<c-pager position="Halaman 1" />')


# --- pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["ui/portal.html", "ui/desk.html", "ui/base.html"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_layouts_need_only_what_they_promise(page, signed_in):
    user = SimpleNamespace(is_authenticated=signed_in)
    html = render_to_string(page, site_context(request=SimpleNamespace(user=user)))
    assert '<html lang="id">' in html
    assert 'href="#main"' in html
    assert html.count('id="main"') == 1
    assert broken_rules(html) == []
    config = json.loads(re.search(r"name=\"htmx-config\" content='([^']+)'", html)[1])
    assert config["allowEval"] is False
    assert config["includeIndicatorStyles"] is False
    assert config["historyCacheSize"] == 0


def test_links_of_the_portal_follow_the_language():
    assert 'href="/laporan/baru/"' in render_to_string("ui/portal.html", site_context())
    with override("en"):
        assert 'href="/en/laporan/baru/"' in render_to_string("ui/portal.html", site_context())


def test_the_gallery_shows_every_component():
    html = render_to_string("ui/gallery.html", site_context(**gallery.sample_page()))
    assert broken_rules(html) == []
    assert html.count("<h1") == 2  # the hero's sample and the page's own
    source = (UI / "templates/ui/gallery.html").read_text()
    for name in COMPONENTS:
        assert f"<c-{name.replace('_', '-')}" in source


@pytest.mark.parametrize("page", PAGES)
def test_error_pages_need_no_context_and_no_manifest(page, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    html = render_to_string(f"{page}.html")
    assert page[:3] in html
    assert "Yang dapat dilakukan" in html
    assert "<li>" in html
    assert "<script" not in html


def test_the_city_sheet_uses_the_colours_of_the_city(settings):
    settings.UI_CITY_COLOURS = "guyub.ui.tests.test_ui.green_city"
    answer = views.city_css(RequestFactory().get("/ui/kota.css"))
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "--kota-1:#14532d;" in answer.content.decode()


def green_city(request: object) -> dict[str, str]:
    return {"kota-1": "#14532d"}


def test_a_city_without_colours_gets_the_usual_ones(settings):
    settings.UI_CITY_COLOURS = None
    assert "--kota-1:#0b5755;" in views.city_css(RequestFactory().get("/ui/kota.css")).content.decode()


# --- words --------------------------------------------------------------------------------------------


def test_the_english_catalogue_is_complete_and_has_nothing_left_over():
    used = set()
    for path in UI.rglob("templates/**/*.html"):
        source = io.BytesIO(templatize(path.read_text()).encode())
        used |= {words for _, _, words, _ in extract_python(source, ["gettext"], [], {"encoding": "utf-8"})}
    in_code = set()  # words of fields, some of which stand in the catalogue of the room that had them first
    for path in UI.glob("*.py"):
        found = extract_python(
            io.BytesIO(path.read_bytes()), ["_", "gettext_lazy"], [], {"encoding": "utf-8"}
        )
        in_code |= {words for _, _, words, _ in found}
    with (UI / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = {message.id: message.string for message in read_po(file) if message.id}
    assert used <= set(catalogue) <= used | in_code
    assert all(catalogue.values())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", ""),
        ("  Lampu\n\n padam  ", "Lampu padam"),
        ("Lampu padam sejak kemarin", "Lampu padam\u00a0…"),
        ("Lampu jalan mati", "Lampu jalan mati"),
        ("Jalanberlubangdalamsekali", "Jalanberlubang\u00a0…"),
        ("Lampu padam " * 500, "Lampu padam\u00a0…"),
    ],
)
def test_a_beginning_is_cut_between_words(words, said):
    assert shortened(words, 16) == said
    assert len(said) <= 16

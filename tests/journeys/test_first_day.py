"""Finding a kind of report by a word, and a guide on one sheet of paper."""

from __future__ import annotations

import re

import pytest

from guyub.sites.portal import guides

pytestmark = pytest.mark.journey


def test_a_word_finds_the_category_and_never_sends_the_report(visitor):
    page = visitor()
    page.goto("/laporan/baru/")
    found = page.locator("#category-found button")
    page.fill("#category-words", "got")
    assert found.first.inner_text() == "Selokan atau saluran tersumbat"
    page.fill("#category-words", "zzz")
    assert found.count() == 0
    page.get_by_text("Tidak ada yang cocok").wait_for()
    page.fill("#category-words", "kabel putus")
    page.keyboard.press("Enter")
    assert page.input_value("#id_category") == "kabel-listrik"
    assert page.locator("#urgent a").first.is_visible()  # danger: whom to call first
    assert page.url.endswith("/laporan/baru/")
    plain = visitor(javascript=False)
    plain.goto("/laporan/baru/")
    assert not plain.locator("#category-words").is_visible()
    assert plain.locator("#id_category optgroup").count() >= 12


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_guide_fits_a_small_screen_and_one_sheet(visitor, prefix):
    page = visitor()
    for role in guides.texts("id"):
        page.goto(f"{prefix}/panduan/{role}/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, role
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1, role

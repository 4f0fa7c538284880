"""A row whose name is a link can be pressed anywhere; what else can be pressed in it still can."""

from __future__ import annotations

from pathlib import Path

import pytest

import guyub

pytestmark = pytest.mark.journey
SOURCE = Path(guyub.__file__).parent
CSS = ("ui/static/ui/guyub.css", "rooms/initiatives/static/initiatives/initiatives.css")
ROW = """<ul class="rows"><li class="initiative-row"><h2 class="row-title"><a href="#row">Taman Uji</a></h2>
<p class="meta"><a id="other" href="#other">Lain</a></p>
<form><label class="choice" id="label"><input type="checkbox" id="box"> <span>Cetak nama</span></label>
<p><button type="button" class="btn" id="button">Buat sertifikat</button></p></form></li></ul>"""
HIT = """id => { const box = document.getElementById(id).getBoundingClientRect();
const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
return (hit.closest("[id]") || hit.closest("a")).id || hit.closest("a").getAttribute("href"); }"""


def test_what_stands_in_a_row_is_not_covered_by_its_link(browser):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    styles = "".join((SOURCE / path).read_text() for path in CSS)
    page.set_content(f"<style>{styles}</style><main>{ROW}</main>")
    assert {one: page.evaluate(HIT, one) for one in ("other", "box", "label", "button")} == {
        "other": "other",
        "box": "box",
        "label": "label",
        "button": "button",
    }
    page.close()

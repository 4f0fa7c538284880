"""The drafts for a city's first day agree with the rulebook, with the product's words, and with each other."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from guyub.launch import messages

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "id" / "mulai"
DRAFTS = sorted(FOLDER.glob("*.md"))
SEEDS = messages.SOURCE / "kernel" / "rulebook" / "seeds"
MARK = re.compile(r"(?:(\d+)\s*)?<!-- aturan: (\w+)\.([\w.]+) -->")
UNITS = {"working_day": "hari kerja", "calendar_day": "hari", "hour": "jam"}


def rule_of(family, key):
    entries = json.loads((SEEDS / f"{family}.json").read_text("utf-8"))
    return next(e["value"] for e in entries if e["key"] == key and e["effective_until"] is None)


def texts_of_the_product():
    folders = [*messages.apps(), messages.SOURCE / "sites"]
    return {text for folder in folders for text, _ in messages.texts_of(folder)}


def test_the_drafts_are_there():
    assert {path.stem for path in DRAFTS} == {
        "README",
        "sk-tim",
        "perwal-sla",
        "sop",
        "kak-rab",
        "dpia",
        "ropa",
    }


@pytest.mark.parametrize("path", DRAFTS, ids=lambda path: path.stem)
def test_a_draft_says_that_it_is_one_and_leaves_fields_to_fill(path):
    text = path.read_text("utf-8")
    assert "Draf untuk disesuaikan; bukan nasihat hukum" in text
    assert re.search(r"\[[^\]]+\](?!\()", text)


@pytest.mark.parametrize("path", DRAFTS, ids=lambda path: path.stem)
def test_each_marked_figure_is_the_rulebooks(path):
    text = path.read_text("utf-8")
    for found in MARK.finditer(text):
        figure, family, key = found.groups()
        rule, unit = rule_of(family, key), re.match(r"\s*(hari kerja|hari|jam)\b", text[found.end() :])
        assert figure == str(rule["amount"]), f"{path.name}: {family}.{key}"
        assert unit is None or unit[1] == UNITS[rule["unit"]], f"{path.name}: {family}.{key}"


@pytest.mark.parametrize("path", DRAFTS, ids=lambda path: path.stem)
def test_a_figure_of_working_days_or_hours_is_marked_or_left_to_the_city(path):
    """A deadline in plain digits would stay behind when the rule changes; what no rule holds is in brackets."""
    plain = re.sub(r"\[[^\]]*\]", "", MARK.sub("§", path.read_text("utf-8")))
    assert re.findall(r"\d+\s+(?:hari kerja|jam sejak|jam;)", plain) == []


@pytest.mark.parametrize("name", ["perwal-sla", "sop"])
def test_the_rules_of_reports_are_all_there(name):
    said = {key for _, _, key in MARK.findall((FOLDER / f"{name}.md").read_text("utf-8"))}
    assert said >= {
        "verify",
        "respond",
        "resolve.PERMINTAAN_INFORMASI",
        "resolve.PENGADUAN_TIDAK_BERKADAR_PENGAWASAN",
        "resolve.PENGADUAN_BERKADAR_PENGAWASAN",
        "reporter_reply_window",
        "auto_close",
        "hazard_first_action",
    }


@pytest.mark.parametrize("path", DRAFTS, ids=lambda path: path.stem)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_procedure_calls_buttons_by_their_names():
    named = set(re.findall(r"\*\*([^*]+)\*\*", (FOLDER / "sop.md").read_text("utf-8")))
    assert named - {"tebal"} <= texts_of_the_product()


def test_the_readme_counts_the_categories_that_there_are():
    book = json.loads((messages.SOURCE / "rooms/reports/data/categories.json").read_text("utf-8"))
    assert f"{len(book['categories'])} kategori" in (FOLDER / "README.md").read_text("utf-8")

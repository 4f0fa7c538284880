"""A page for each role: what it opens this for, what it does most, its deadlines, what it cannot see and why.

The words are data (`guide_texts/<language>.toml`), not messages: whoever keeps a guide reads and writes it as one
text, and another language is another file. What must agree with the product is marked in them and tested: labels
of buttons in [[ ]], deadlines in { } by their name in the rulebook.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.sites.portal.about import rules_in_force

_MARK = re.compile(r"\[\[(?P<label>[^\]]+)\]\]|\{(?P<rule>[\w.]+)\}|`(?P<command>[^`]+)`")


@gate.public
@require_safe
def guide_list(request: HttpRequest) -> HttpResponse:
    groups: dict[str, list[dict[str, Any]]] = {}
    for role, text in texts(_language()).items():
        row = {"address": reverse("guide", args=[role]), "title": text["title"], "opens": text["opens"]}
        groups.setdefault(text["group"], []).append(row)
    return render(request, "portal/guides.html", {"groups": groups.items()})


@gate.public
@require_safe
def guide(request: HttpRequest, role: str) -> HttpResponse:
    text = texts(_language()).get(role)
    if text is None:
        raise Http404
    rules = rules_in_force()
    context = {
        "title": text["title"],
        "opens": _marked(text["opens"], rules),
        "does": [(what, _marked(how, rules)) for what, how in text["does"]],
        "clocks": [(rules[key][0], rules[key][1]) for key in text["clocks"] if key in rules],
        "unseen": [(what, _marked(why, rules)) for what, why in text["unseen"]],
        "ask": _marked(text["ask"], rules),
    }
    return render(request, "portal/guide.html", context)


@cache
def texts(language: str) -> dict[str, dict[str, Any]]:
    """The guides of a language by role, in the order in which they are listed."""
    path = resources.files("guyub.sites.portal") / "guide_texts" / f"{language}.toml"
    return tomllib.loads(path.read_text("utf-8"))


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "id"


def _marked(text: str, rules: dict[str, tuple[str, str, str]]) -> SafeString:
    """Labels of the product in bold, commands as code, rules as their length; all else escaped."""

    def one(found: re.Match[str]) -> str:
        if found["label"]:
            return f"<strong>{conditional_escape(found['label'])}</strong>"
        if found["command"]:
            return f"<code>{conditional_escape(found['command'])}</code>"
        return conditional_escape(rules[found["rule"]][1] if found["rule"] in rules else "–")

    parts, last = [], 0
    for found in _MARK.finditer(text):
        parts += [conditional_escape(text[last : found.start()]), one(found)]
        last = found.end()
    return mark_safe("".join([*parts, conditional_escape(text[last:])]))

"""The two forms of an answer to a program, XML and JSON. JSON is the XML without its root, and a list is always an array ("Spark")."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpResponse

XML, JSON = "xml", "json"
TYPES = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
# The child of each element that repeats its children.
CHILDREN = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "notes": "note",
    "service_request_updates": "request_update",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Problem(Exception):
    """What is wrong with a request: the HTTP status and a sentence for each thing."""

    def __init__(self, status: int, *sentences: str, retry_after: int = 0) -> None:
        super().__init__(*sentences)
        self.status, self.sentences, self.retry_after = status, sentences, retry_after


def answer(form: str, root: str, tree: Any, *, status: int = 200) -> HttpResponse:
    """A tree of mappings, lists and values in the form that was asked for."""
    text = json.dumps(tree, ensure_ascii=False) if form == JSON else to_xml(root, tree)
    return written(form, text, status=status)


def written(form: str, text: str, *, status: int = 200) -> HttpResponse:
    """What is in its form already, save XML's first line."""
    body = text if form == JSON else DECLARATION + text
    response = HttpResponse(body, content_type=TYPES[form], status=status)
    response["Cache-Control"] = "no-cache"  # what is hidden again must not live on between us and a reader
    response["Access-Control-Allow-Origin"] = "*"  # public data, and keys travel in no cookie
    return response


def refusal(form: str, problem: Problem) -> HttpResponse:
    errors = [{"code": str(problem.status), "description": words} for words in problem.sentences]
    response = answer(form, "errors", errors, status=problem.status)
    if problem.retry_after:
        response["Retry-After"] = str(problem.retry_after)
    return response


def form_of(path: str) -> str:
    """The form that an address names; XML, which everyone must understand, where it names none."""
    return JSON if path.endswith(".json") else XML


def to_xml(name: str, value: Any) -> str:
    """A value as an element. What no XML can hold is left out."""
    if isinstance(value, Mapping):
        inside = "".join(to_xml(key, one) for key, one in value.items())
    elif isinstance(value, list):
        inside = "".join(to_xml(CHILDREN[name], one) for one in value)
    elif isinstance(value, bool):
        inside = "true" if value else "false"
    else:
        inside = "" if value is None else escape(_NOT_IN_XML.sub("", str(value)))
    return f"<{name}>{inside}</{name}>"

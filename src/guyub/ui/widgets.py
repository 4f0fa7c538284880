"""Form widgets written by a function where Django walks through four templates for one tag.

A page of the desk or the report form holds some twenty inputs, and their templates took a quarter of it. What is written
is Django's own markup, letter by letter (`test_widgets.py` compares them); widgets that are not named here are
Django's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_FOLDER = "django/forms/widgets/"
_INPUTS = (
    "text",
    "number",
    "email",
    "url",
    "hidden",
    "password",
    "checkbox",
    "file",
    "date",
    "time",
    "input",
)


class Renderer(DjangoTemplates):
    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        if write := _WRITERS.get(template_name):
            return write(context["widget"])
        return mark_safe(super().render(template_name, context, request))


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    said = "" if value is None else f' value="{_escaped(value)}"'
    name = conditional_escape(widget["name"])
    return mark_safe(f'<input type="{widget["type"]}" name="{name}"{said}{_attributes(widget)}>')


def _textarea(widget: Mapping[str, Any]) -> SafeString:
    name, value = conditional_escape(widget["name"]), widget["value"]
    return mark_safe(
        f'<textarea name="{name}"{_attributes(widget)}>\n{conditional_escape(value) if value else ""}</textarea>'
    )


def _several(widget: Mapping[str, Any]) -> SafeString:
    """Radio buttons or boxes, each with its words."""
    attrs, written = widget["attrs"], []
    own = "".join(f' {name}="{_escaped(attrs[name])}"' for name in ("id", "class") if attrs.get(name))
    for group, options, _index in widget["optgroups"]:
        heading = f"\n  <div><label>{_escaped(group)}</label>" if group else ""
        inside = "".join(f"<div>\n    {_option(option)}</div>" for option in options)
        written.append(f"{heading}{inside}" + ("\n  </div>" if group else ""))
    return mark_safe(f"<div{own}>{''.join(written)}\n</div>")


def _option(option: Mapping[str, Any]) -> str:
    if not option["wrap_label"]:
        return f"{_input(option)}\n\n"
    for_ = option["attrs"].get("id")
    said = f' for="{_escaped(for_)}"' if for_ else ""
    return f"<label{said}>{_input(option)}\n {_escaped(option['label'])}</label>\n\n"


def _attributes(widget: Mapping[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}" + ("" if value is True else f'="{_escaped(value)}"')
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _escaped(value: Any) -> str:
    return str(conditional_escape(value if isinstance(value, str) else str(value)))


_WRITERS: dict[str, Callable[[Mapping[str, Any]], SafeString]] = {
    **{f"{_FOLDER}{name}.html": _input for name in _INPUTS},
    f"{_FOLDER}textarea.html": _textarea,
    f"{_FOLDER}radio.html": _several,
    f"{_FOLDER}checkbox_select.html": _several,
}

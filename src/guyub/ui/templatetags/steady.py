"""Tags of Django and cotton, with what cannot change worked out once a process instead of once a page.

Most of a page is words, addresses of files and icons that are the same for everyone: worked out anew, a word costs
21 µs, an icon 150, and a page has a hundred of them. Settings name this library as the engine's builtins, in
place of Django's `i18n` and `static` and cotton's own, so templates are written as ever and load none of them. Only what stands literally in a template is kept, by
language where it has one; whatever holds a variable goes the usual way.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django import template
from django.conf import settings
from django.template import defaulttags
from django.template.base import FilterExpression, Node, Parser, Token, Variable
from django.templatetags import i18n, static
from django.urls import get_script_prefix
from django.utils.translation import get_language
from django_cotton.templatetags import _component as component
from django_cotton.templatetags import cotton

from guyub.ui.figures import percent
from guyub.ui.loops import quick_for

register = template.Library()
for _library in (i18n.register, static.register, cotton.register):
    register.tags.update(_library.tags)
    register.filters.update(_library.filters)
register.filter("percent", percent)

_FIXED = (component.AttrKind.STATIC, component.AttrKind.BOOLEAN)


class Kept(Node):
    """Another tag's output, kept under what it depends on. `name` is the variable that takes it (`as …`), if any."""

    child_nodelists = ()

    def __init__(self, node: Node, name: str | None, depends_on: Callable[[], Hashable]) -> None:
        self.node, self.name, self.depends_on = node, name, depends_on
        self.kept: dict[Hashable, Any] = {}

    def render(self, context: template.Context) -> Any:
        key = self.depends_on()
        if key not in self.kept:
            said = self.node.render(context)
            self.kept[key] = context[self.name] if self.name else said
        if self.name:
            context[self.name] = self.kept[key]
            return ""
        return self.kept[key]


def _is_literal(expression: FilterExpression) -> bool:
    var = expression.var
    constant = not isinstance(var, Variable) or var.literal is not None
    return constant and not expression.filters


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """Words that stand in the template, by language."""
    node = i18n.do_translate(parser, token)
    if node.message_context and not _is_literal(node.message_context):
        return node
    if not _is_literal(node.filter_expression):
        return node
    return Kept(node, node.asvar, get_language)


@register.tag("static")
def static_file(parser: Parser, token: Token) -> Node:
    """A file's address; it changes with a new release only."""
    node = static.do_static(parser, token)
    return Kept(node, node.varname, lambda: settings.STATIC_URL) if _is_literal(node.path) else node


@register.tag("url")
def url(parser: Parser, token: Token) -> Node:
    """An address without parts to fill in, by language."""
    node = defaulttags.url(parser, token)
    if node.args or node.kwargs or not _is_literal(node.view_name):
        return node
    return Kept(node, node.asvar, lambda: (get_language(), settings.ROOT_URLCONF, get_script_prefix()))


@register.tag("for")
def loop(parser: Parser, token: Token) -> Node:
    """A loop over prepared rows (guyub/ui/loops.py); any other is Django's."""
    return quick_for(parser, token, constant=Kept)


@register.tag("cotton")
def cotton_component(parser: Parser, token: Token) -> Node:
    """A component that is given nothing but literal attributes and no content, such as an icon."""
    node = component.cotton_component(parser, token)
    if node.nodelist or any(attr.kind not in _FIXED for attr in node._prepared_attrs):
        return node
    return Kept(node, None, lambda: (get_language(), settings.STATIC_URL))

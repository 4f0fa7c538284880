from dataclasses import dataclass

from django import template
from django.forms import BoundField
from django.forms.utils import ErrorList
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django_cotton.templatetags import Attrs

from guyub.ui.rows import Printed

register = template.Library()


@register.filter
def attributes(attrs: Attrs) -> SafeString:
    """Print the attributes a component did not declare, each led by a space.

    Cotton's own `{{ attrs }}` prints a bound value (`:value="…"`) unescaped; this one escapes every value.
    """
    declared = attrs._exclude_from_str
    rest = [(name, value) for name, value in attrs.items() if name not in declared]
    flags = mark_safe("".join(f" {conditional_escape(name)}" for name, value in rest if value is True))
    pairs = [(name, value) for name, value in rest if value is not True and value is not None]
    return flags + format_html_join("", ' {}="{}"', pairs)


@dataclass(frozen=True, slots=True)
class FieldShown(Printed):
    """A field of a form as its component writes it. Django's own would be looked at a dozen times, and each look
    tries to find another field in it first."""

    is_hidden: bool
    tag: str
    kind: str
    described_by: str
    label: str | Promise
    label_for: str
    is_required: bool
    help: str | Promise
    auto_id: str
    errors: ErrorList
    widget: SafeString


@register.filter
def prepared(field: BoundField, help_: str) -> FieldShown:
    """A bound field with all that its component asks of it; help given in the template is announced like its own."""
    is_group = field.use_fieldset
    return FieldShown(
        field.is_hidden,
        "fieldset" if is_group else "div",
        field.widget_type,
        (field.aria_describedby or "") if is_group else "",
        field.label,
        field.id_for_label,
        field.field.required,
        help_ or field.help_text,
        field.auto_id,
        field.errors,
        _described(field, help_),
    )


def _described(field: BoundField, help_: str) -> SafeString:
    if not help_ or field.help_text or field.use_fieldset or not field.auto_id:
        return field.as_widget()
    ids = [f"{field.auto_id}_helptext"]
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    return field.as_widget(attrs={"aria-describedby": " ".join(ids)})

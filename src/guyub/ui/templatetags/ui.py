from django import template
from django.forms import BoundField
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django_cotton.templatetags import Attrs

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


@register.filter
def described(field: BoundField, help_: str) -> SafeString:
    """Render a bound field; help given in the template is announced like the form's own help text."""
    if not help_ or field.help_text or field.use_fieldset or not field.auto_id:
        return field.as_widget()
    ids = [f"{field.auto_id}_helptext"]
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    return field.as_widget(attrs={"aria-describedby": " ".join(ids)})

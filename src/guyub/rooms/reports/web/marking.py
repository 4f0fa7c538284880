"""Words as officers read them: whole, with what everyone reads masked marked."""

from __future__ import annotations

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from guyub.kernel import masking
from guyub.rooms.reports import redacting


def marked(words: str, chosen: redacting.Choices | None = None) -> SafeString:
    """The whole text with what is masked in public marked: seen by officers alone."""
    chosen = chosen or redacting.Choices()
    parts = masking.mark(words, shown=chosen.shown, hidden=chosen.hidden)
    return mark_safe(
        "".join(
            format_html('<mark title="{}">{}</mark>', part.label or _("disamarkan"), part.text)
            if part.kind
            else conditional_escape(part.text)
            for part in parts
        )
    )

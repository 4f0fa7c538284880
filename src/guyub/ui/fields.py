"""Fields for what people type or send: words, days, hours, amounts, pictures, each with words for what is wrong."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.files import api as files

__all__ = [
    "CHOOSE",
    "Choice",
    "Day",
    "Hour",
    "Line",
    "Papers",
    "Paragraph",
    "Pictures",
    "Shared",
    "Website",
    "Whole",
    "WholeAmount",
    "clean_text",
    "with_pages",
]

CHOOSE = gettext_lazy("Pilih …")
# Signs that turn the direction of writing make a text read as what it is not.
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NEEDED = {"required": gettext_lazy("Bagian ini perlu diisi.")}


def clean_text(text: str) -> str:
    """What people typed without what no keyboard types."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(
        sign
        for sign in lines
        if sign == "\n" or (unicodedata.category(sign) not in ("Cc", "Cs") and sign not in _TURNING)
    )


class Shared(dict[str, forms.Field]):
    """The fields of a form class, which its forms share but for their `own`: those that a form changes for itself.

    Django copies all of them for each form, with messages, checks and widgets: of a form of twenty fields that is more
    than looking at what was sent. A form may still leave a field out.
    """

    def __init__(self, fields: Mapping[str, forms.Field], *, own: Iterable[str]) -> None:
        super().__init__(fields)
        self.own = frozenset(own)

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        """What Django asks for when it makes a form."""
        return {
            name: copy.deepcopy(field, memo) if name in self.own else field for name, field in self.items()
        }


class Paragraph(forms.CharField):
    """Words of several lines, without what no keyboard types."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        errors = {**_NEEDED, **kwargs.pop("error_messages", {})}
        super().__init__(
            widget=forms.Textarea(attrs={"rows": rows}), error_messages=errors, empty_value="", **kwargs
        )

    def to_python(self, value: Any) -> str:
        return super().to_python(clean_text(str(value or ""))) or ""


class Line(forms.CharField):
    """Words of one line."""

    def __init__(self, **kwargs: Any) -> None:
        errors = {**_NEEDED, **kwargs.pop("error_messages", {})}
        super().__init__(error_messages=errors, empty_value="", **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(" ".join(clean_text(str(value or "")).split())) or ""


class Day(forms.DateField):
    """A day, as the browser sends it or as people write it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        errors = {
            **_NEEDED,
            "invalid": gettext_lazy("Tanggal ini tidak terbaca."),
            **kwargs.pop("error_messages", {}),
        }
        super().__init__(
            widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"], error_messages=errors, **kwargs
        )

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day is not None and not 1945 <= day.year <= 2100:
            raise forms.ValidationError(_("Tahun ini tidak mungkin."))
        return day


class Hour(forms.TimeField):
    """An hour of the day: `13:30` as browsers send it, `13.30` as people write it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        errors = {**_NEEDED, "invalid": gettext_lazy("Jam ini tidak terbaca, misalnya 13.30.")}
        super().__init__(
            widget=widget, input_formats=["%H:%M", "%H.%M", "%H:%M:%S"], error_messages=errors, **kwargs
        )


class Whole(forms.IntegerField):
    """A whole number that is not below zero."""

    def __init__(self, *, most: int = 1_000_000, **kwargs: Any) -> None:
        errors = {
            **_NEEDED,
            "invalid": gettext_lazy("Tulis angka."),
            "min_value": gettext_lazy("Tulis angka dari nol."),
            "max_value": gettext_lazy("Angka ini terlalu besar."),
        }
        super().__init__(min_value=0, max_value=most, error_messages=errors, **kwargs)


class Number(forms.DecimalField):
    """A measure, with comma or point."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 8})
        errors = {**_NEEDED, "invalid": gettext_lazy("Tulis angka.")}
        super().__init__(max_digits=7, decimal_places=3, widget=widget, error_messages=errors, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(str(value).strip().replace(",", ".") if value else value)


class WholeAmount(forms.IntegerField):
    """A whole number as people write it: `5.000.000`, `Rp 5 000 000`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 14}), **kwargs)

    def to_python(self, value: Any) -> int | None:
        text = re.sub(r"(?i)^rp|[\s.\u00a0]", "", str(value or "").strip())
        if text and not (text.isascii() and text.isdigit() and len(text) < 19):
            raise forms.ValidationError(_("Tulis bilangan bulat, tanpa koma."))
        return int(text) if text else None


class Choice(forms.ChoiceField):
    """One of several; what a page did not offer is refused in words."""

    def __init__(self, **kwargs: Any) -> None:
        errors = {**_NEEDED, "invalid_choice": gettext_lazy("Pilih salah satu dari daftar.")}
        super().__init__(error_messages=errors, **kwargs)


class Website(forms.URLField):
    """An address that a browser opens as a page."""

    default_validators = [URLValidator(schemes=["http", "https"])]


class _PicturesInput(forms.FileInput):
    allow_multiple_selected = True


class Pictures(forms.FileField):
    """Several pictures as they came; they are checked where they are kept."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=_PicturesInput(attrs={"accept": "image/*", "multiple": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        found = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if self.required and not found:
            raise forms.ValidationError(self._nothing())
        return found

    def _nothing(self) -> str:
        return _("Sertakan paling sedikit satu foto.")


def _limits(most: int) -> str:
    said = {"n": most, "mb": files.MAX_BYTES // 1024**2}
    return (
        _("PDF, JPEG, PNG, atau WebP; paling besar %(mb)d MB, semuanya paling banyak %(n)d halaman.") % said
    )


class Papers(Pictures):
    """Papers as photos or PDF: pictures when they are clean, the pages of a PDF drawn. At most so many altogether."""

    def __init__(self, *, most: int = files.MAX_PAGES, help_text: Any = "", **kwargs: Any) -> None:
        self.most = most
        limits = lazy(_limits, str)(most)
        super().__init__(help_text=format_lazy("{} {}", help_text, limits) if help_text else limits, **kwargs)
        self.widget.attrs["accept"] = "image/*,application/pdf,.pdf"

    def clean(self, data: Any, initial: Any = None) -> files.Papers:
        try:
            return files.pictures_in(super().clean(data, initial), most=self.most)
        except files.NotAPaper as no:
            raise forms.ValidationError(str(no)) from None

    def _nothing(self) -> str:
        return _("Sertakan foto atau PDF.")


def with_pages(done: str, form: forms.BaseForm) -> str:
    """What is said when a form was kept, and how many pages of PDF were drawn, so that nobody has to guess."""
    drawn = [one.said for one in form.cleaned_data.values() if isinstance(one, files.Papers)]
    return " ".join(filter(None, [done, *drawn]))

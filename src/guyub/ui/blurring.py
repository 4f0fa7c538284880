"""Tap the squares of a photo that nobody should recognise, without any script."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo


def _number(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=most, required=False)


class BlurForm(forms.Form):
    """Squares that were tapped, or the corners of one area in numbers."""

    use_required_attribute = False

    def __init__(self, *args: Any, photo: Photo, **more: Any) -> None:
        super().__init__(*args, **more)
        self.rows = files.rows_of(photo)
        self.fields["row"] = _number(gettext_lazy("Dari baris"), self.rows)
        self.fields["to_row"] = _number(gettext_lazy("Sampai baris"), self.rows)
        self.fields["column"] = _number(gettext_lazy("Dari kolom"), files.COLUMNS)
        self.fields["to_column"] = _number(gettext_lazy("Sampai kolom"), files.COLUMNS)

    def clean(self) -> None:
        cells = {int(one) for one in self.data.getlist("cell") if one.isascii() and one.isdigit()}  # type: ignore[attr-defined]
        cells = {one for one in cells if one < self.rows * files.COLUMNS}
        given = [self.cleaned_data.get(name) or 0 for name in ("row", "to_row", "column", "to_column")]
        if all(given):
            (top, bottom), (left, right) = sorted(given[:2]), sorted(given[2:])
            cells |= {
                (row - 1) * files.COLUMNS + column - 1
                for row in range(top, bottom + 1)
                for column in range(left, right + 1)
            }
        if not cells and not self.errors:
            raise forms.ValidationError(
                _("Ketuk dahulu kotak yang perlu disamarkan, atau isi keempat angkanya.")
            )
        self.cleaned_data["cells"] = cells

    @property
    def squares(self) -> list[tuple[int, str, bool]]:
        """Each square: its number, its name for whoever does not see it, whether it was tapped."""
        tapped = set(self.data.getlist("cell")) if self.is_bound else set()  # type: ignore[attr-defined]
        name = _("baris %(row)d, kolom %(column)d")
        return [
            (n, name % {"row": n // files.COLUMNS + 1, "column": n % files.COLUMNS + 1}, str(n) in tapped)
            for n in range(self.rows * files.COLUMNS)
        ]

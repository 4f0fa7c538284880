"""Forms of conversations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.conversation.models_threads import Pace
from guyub.rooms.conversation.speaking import Voice
from guyub.ui.fields import CHOOSE, Choice, Day, Line, Paragraph

WORDS_AT_MOST = 4000


class SayForm(forms.Form):
    """What somebody says, and in which role."""

    use_required_attribute = False
    body = Paragraph(label=gettext_lazy("Pesan"), max_length=WORDS_AT_MOST, rows=5)
    voice = Choice(label=gettext_lazy("Menulis sebagai"))

    def __init__(self, *args: Any, voices: Iterable[Voice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(voice.code, voice.label) for voice in voices]
        self.fields["voice"].choices = choices  # type: ignore[attr-defined]
        if choices:
            self.fields["voice"].initial = choices[0][0]


class OpenForm(SayForm):
    title = Line(label=gettext_lazy("Judul"), min_length=5, max_length=140)
    field_order = ("title", "body", "voice")


class EditForm(forms.Form):
    use_required_attribute = False
    body = Paragraph(label=gettext_lazy("Pesan"), max_length=WORDS_AT_MOST, rows=5)


class FlagForm(forms.Form):
    use_required_attribute = False
    reason = Choice(label=gettext_lazy("Alasan"))

    def __init__(self, *args: Any, reasons: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", CHOOSE), *reasons.items()]  # type: ignore[attr-defined]


class HideForm(FlagForm):
    words = Paragraph(
        label=gettext_lazy("Penjelasan"),
        required=False,
        max_length=400,
        rows=2,
        help_text=gettext_lazy("Dibaca umum di tempat pesan itu, dan dikirim kepada penulisnya."),
    )


class TaskForm(forms.Form):
    """What must be done, by whom, until when."""

    use_required_attribute = False
    what = Paragraph(label=gettext_lazy("Yang harus dikerjakan"), max_length=300, rows=2)
    owner = Choice(label=gettext_lazy("Penanggung jawab"))
    due_on = Day(label=gettext_lazy("Paling lambat"))

    def __init__(self, *args: Any, owners: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", CHOOSE), *owners]  # type: ignore[attr-defined]

    def clean_due_on(self) -> Any:
        day, today = self.cleaned_data["due_on"], local_date(timezone.now(), get_city().tz)
        if not today <= day < today + timedelta(days=3 * 366):
            raise forms.ValidationError(_("Pilih hari mulai hari ini, paling lama tiga tahun lagi."))
        return day


class FollowForm(forms.Form):
    pace = Choice(label=gettext_lazy("Kirim ringkasan"), choices=Pace.choices, initial=Pace.DAILY)

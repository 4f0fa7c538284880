"""Forms about needs and offers. Each says what is wrong at the field where it is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel import masking
from guyub.kernel.cities.api import get_city
from guyub.rooms.needs.acting import Refused
from guyub.rooms.needs.listing import theme_labels
from guyub.rooms.needs.offering import Gift
from guyub.rooms.needs.publishing import LineSaid, Wish
from guyub.rooms.needs.rules import LARGEST, Withdrawal, units
from guyub.rooms.needs.wording import EVERY, RESOURCES, WITHDRAWALS
from guyub.rooms.partners import api as partners
from guyub.rooms.places import api as gazetteers
from guyub.ui.fields import CHOOSE, Day, WholeAmount
from guyub.ui.fields import Line as TextLine
from guyub.ui.fields import Paragraph as Paragraphs

FEWEST, MOST_LINES = 3, 12
MOST_PLACES = 3
MYSELF = "saya"
_RESOURCES = [("", CHOOSE), *((one.value, label) for one, label in RESOURCES.items())]


def nobodys(text: str) -> str:
    """A text that everyone will read. Raises where it carries a number or address of a person."""
    found = masking.find(text)
    if found:
        raise forms.ValidationError(
            _(
                "Jangan tulis %(kind)s di sini, karena semua orang membacanya. Yang ingin membantu menghubungi Anda lewat Guyub."
            )
            % {"kind": masking.LABELS.get(found[0].kind) or _("data pribadi")}
        )
    return text


class _Form(forms.Form):
    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class LineForm(forms.Form):
    """One line of a need; left empty it is none, also where something stood before."""

    resource = forms.ChoiceField(label=gettext_lazy("Apa"), choices=_RESOURCES)
    purpose = TextLine(label=gettext_lazy("Tepatnya, dan untuk apa"), max_length=160)
    amount = WholeAmount(label=gettext_lazy("Berapa"), min_value=1, max_value=LARGEST)
    unit = TextLine(label=gettext_lazy("Satuan"), max_length=20, required=False)
    until_on = Day(label=gettext_lazy("Paling lambat"), required=False)

    def __init__(self, data: Any = None, *, prefix: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(
            data, prefix=prefix, initial=initial, empty_permitted=True, use_required_attribute=False
        )

    def has_changed(self) -> bool:
        return any(str(self.data.get(self.add_prefix(name), "")).strip() for name in self.fields)

    def clean_purpose(self) -> str:
        return nobodys(self.cleaned_data["purpose"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        _ask_unit(self, said)
        return said

    @property
    def said(self) -> LineSaid | None:
        given = self.cleaned_data
        if not given:
            return None
        return LineSaid(
            given["resource"], given["purpose"], given["amount"], given["unit"], given["until_on"]
        )


def _ask_unit(form: forms.Form, said: dict[str, Any]) -> None:
    """Goods have a unit of their own, which must be said."""
    if said.get("resource") and not units(said["resource"]) and not said.get("unit"):
        form.add_error("unit", _("Tulis satuannya."))


class NeedForm(_Form):
    """What a need says. `lines` are forms of their own, as many as `rows` says; `tambah` asks for more."""

    title = TextLine(
        label=gettext_lazy("Judul"),
        help_text=gettext_lazy("Satu kalimat: apa yang kurang dan di mana."),
        min_length=8,
        max_length=120,
    )
    why = Paragraphs(label=gettext_lazy("Mengapa dibutuhkan"), rows=4, min_length=10, max_length=3000)
    theme = forms.ChoiceField(label=gettext_lazy("Tema"))
    place = forms.ChoiceField(label=gettext_lazy("Wilayah"))
    until_on = Day(label=gettext_lazy("Dicari sampai"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        reach: tuple[str, ...],
        wish: Wish | None = None,
        days: int = 90,
        **kwargs: Any,
    ) -> None:
        initial = kwargs.setdefault("initial", {})
        if wish is not None:
            initial |= {
                "title": wish.title,
                "why": wish.why,
                "theme": wish.theme,
                "place": wish.place,
                "until_on": wish.until_on,
            }
        super().__init__(data, **kwargs)
        self.fields["theme"].choices = [("", CHOOSE), *theme_labels().items()]  # type: ignore[attr-defined]
        self.fields["place"].choices = place_choices(reach)  # type: ignore[attr-defined]
        self.fields["until_on"].help_text = _("Bila kosong, %(n)d hari. Dapat diperpanjang.") % {"n": days}
        known = wish.lines if wish is not None else ()
        self.lines = [
            LineForm(data, prefix=f"b{n}", initial=_line_initial(known[n]) if n < len(known) else None)
            for n in range(self._rows(data, len(known)))
        ]

    @staticmethod
    def _rows(data: Any, known: int) -> int:
        said = str(data.get("rows", "")) if data is not None else ""
        rows = int(said) if said.isascii() and said.isdigit() and len(said) < 3 else 0
        more = FEWEST if data is not None and "tambah" in data else 0
        return max(FEWEST, min(MOST_LINES, max(rows, known) + more))

    @property
    def has_room(self) -> bool:
        return len(self.lines) < MOST_LINES

    def clean_title(self) -> str:
        return nobodys(self.cleaned_data["title"])

    def clean_why(self) -> str:
        return nobodys(self.cleaned_data["why"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        good = all([line.is_valid() for line in self.lines])
        if not good:
            self.add_error(None, _("Periksa lagi yang dibutuhkan di bawah."))
        elif not any(line.said for line in self.lines):
            self.add_error(None, _("Tulis sedikitnya satu hal yang dibutuhkan."))
        return said

    def wish(self) -> Wish:
        said = self.cleaned_data
        lines = tuple(line.said for line in self.lines if line.said is not None)
        return Wish(said["title"], said["why"], said["place"], said["theme"], lines, said["until_on"])


def _line_initial(said: LineSaid) -> dict[str, Any]:
    return {
        "resource": said.resource,
        "purpose": said.purpose,
        "amount": said.amount,
        "unit": said.unit,
        "until_on": said.until_on,
    }


def place_choices(reach: tuple[str, ...]) -> list[tuple[str, Any]]:
    """The places below some codes; whoever has all of them may choose the whole city as well."""
    first, *below = gazetteers.place_choices(reach)
    whole = [(get_city().code, _("Seluruh daerah"))] if "" in reach else []
    return [first, *whole, *below]


class OfferForm(_Form):
    """What somebody offers, in whose name, where and on which conditions."""

    who = forms.ChoiceField(label=gettext_lazy("Atas nama"))
    resource = forms.ChoiceField(label=gettext_lazy("Apa"), choices=_RESOURCES)
    what = TextLine(
        label=gettext_lazy("Yang ditawarkan"),
        help_text=gettext_lazy("Misalnya: mengajar komputer dasar, aula untuk 60 orang."),
        min_length=5,
        max_length=160,
    )
    amount = WholeAmount(label=gettext_lazy("Berapa"), min_value=1, max_value=LARGEST)
    unit = TextLine(
        label=gettext_lazy("Satuan"),
        help_text=gettext_lazy("Untuk barang, misalnya karung. Uang selalu rupiah, tenaga selalu jam."),
        max_length=20,
        required=False,
    )
    every = forms.ChoiceField(
        label=gettext_lazy("Seberapa sering"), choices=[(one.value, label) for one, label in EVERY.items()]
    )
    themes = forms.MultipleChoiceField(
        label=gettext_lazy("Untuk tema"),
        help_text=gettext_lazy("Kosongkan bila untuk apa saja."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    whole = forms.BooleanField(label=gettext_lazy("Untuk seluruh daerah"), required=False)
    conditions = Paragraphs(
        label=gettext_lazy("Syarat"),
        help_text=gettext_lazy("Misalnya: hari Sabtu saja, untuk kegiatan tanpa pungutan."),
        rows=2,
        max_length=400,
        required=False,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        cards: list[partners.PartnerCard],
        gift: Gift | None = None,
        fixed: bool = False,
        **kwargs: Any,
    ) -> None:
        initial = kwargs.setdefault("initial", {})
        codes = [code for code in (gift.places if gift else ()) if code != get_city().code]
        if gift is not None:
            initial |= {name: getattr(gift, name) for name in _OF_GIFT}
            initial |= {f"place_{n}": code for n, code in enumerate(codes, 1)}
            initial["whole"] = get_city().code in gift.places
        super().__init__(data, **kwargs)
        self.cards = {str(card.id): card for card in cards}
        names = [(str(card.id), card.name) for card in cards]
        self.fields["who"].choices = [(MYSELF, _("Saya sendiri (ditampilkan sebagai warga)")), *names]  # type: ignore[attr-defined]
        if fixed or not cards:
            del self.fields["who"]
        self.fields["themes"].choices = list(theme_labels().items())  # type: ignore[attr-defined]
        choices = place_choices(("",))
        choices = [choices[0], *choices[2:]]
        self.place_names = [f"place_{n}" for n in range(1, max(MOST_PLACES, len(codes)) + 1)]
        for n, name in enumerate(self.place_names, 1):
            label = _("Wilayah %(n)d") % {"n": n}
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)

    def clean_what(self) -> str:
        return nobodys(self.cleaned_data["what"])

    def clean_conditions(self) -> str:
        return nobodys(self.cleaned_data["conditions"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("whole") and not any(said.get(name) for name in self.place_names):
            self.add_error(self.place_names[0], _("Pilih paling sedikit satu wilayah, atau seluruh daerah."))
        _ask_unit(self, said)
        return said

    @property
    def partner(self) -> int | None:
        said = self.cleaned_data.get("who", "")
        return self.cards[said].id if said in self.cards else None

    def gift(self) -> Gift:
        said = self.cleaned_data
        chosen = tuple(dict.fromkeys(said[name] for name in self.place_names if said[name]))
        return Gift(
            said["resource"],
            said["what"],
            said["amount"],
            said["unit"],
            said["every"],
            tuple(said["themes"]),
            (get_city().code,) if said["whole"] else chosen,
            said["conditions"],
        )

    def place_fields(self) -> list[Any]:
        return [self[name] for name in self.place_names]


_OF_GIFT = ("resource", "what", "amount", "unit", "every", "themes", "conditions")


class WordsForm(_Form):
    """Why something is decided, for those whom it concerns."""

    words = Paragraphs(label=gettext_lazy("Alasan"), rows=3, min_length=5, max_length=1000)


class MetForm(_Form):
    words = Paragraphs(label=gettext_lazy("Bagaimana terpenuhinya"), rows=3, max_length=1000, required=False)


class ProlongForm(_Form):
    until_on = Day(label=gettext_lazy("Dicari sampai"))


class WithdrawForm(_Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Alasan"),
        choices=[(one.value, label) for one, label in WITHDRAWALS.items() if one != Withdrawal.UNFIT],
    )
    words = Paragraphs(label=gettext_lazy("Keterangan"), rows=2, max_length=1000, required=False)


class AskForm(_Form):
    """What is written to whoever is asked, and about which line."""

    line = forms.ChoiceField(label=gettext_lazy("Untuk"), required=False)
    words = Paragraphs(
        label=gettext_lazy("Pesan"),
        help_text=gettext_lazy("Hanya dibaca yang diajak."),
        rows=3,
        max_length=500,
        required=False,
    )

    def __init__(self, data: Any = None, *, lines: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        chosen = [("", _("Kebutuhan ini seluruhnya")), *((str(pk), label) for pk, label in lines)]
        self.fields["line"].choices = chosen  # type: ignore[attr-defined]

    @property
    def line_id(self) -> int | None:
        said = self.cleaned_data["line"]
        return int(said) if said else None


class AnswerForm(_Form):
    """Yes with how much, or no; in both cases with words."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Jawaban"),
        choices=[("YES", gettext_lazy("Ya, bisa membantu")), ("NO", gettext_lazy("Belum bisa"))],
        widget=forms.RadioSelect,
    )
    amount = WholeAmount(label=gettext_lazy("Berapa yang disanggupi"), required=False)
    words = Paragraphs(label=gettext_lazy("Pesan"), rows=3, max_length=500, required=False)

    def __init__(self, data: Any = None, *, unit: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["amount"].help_text = _("Dalam %(unit)s.") % {"unit": unit} if unit else ""

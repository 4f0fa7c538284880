"""What the script says of a form that is still being filled: read kindly, because half of it is not there yet."""

from __future__ import annotations

import math
from typing import Any

from django import forms

from guyub.rooms.places import api as places
from guyub.rooms.reports.web.forms import clean_text

MOST_LETTERS = 2000


class NearForm(forms.Form):
    category = forms.CharField(max_length=40)
    place = forms.CharField(max_length=13, required=False)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180)
    body = forms.CharField(required=False)
    landmark = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        """As `nearby.similar_reports` wants it."""
        said = self.cleaned_data
        place = clean_text(said.get("place", ""))
        point = said.get("lat"), said.get("lon")
        if None in point or not all(map(math.isfinite, point)):  # type: ignore[arg-type]
            point = None, None
        if place and place not in places.gazetteer().settlement_codes:
            self.add_error("place", "")
        if not place and point[0] is None:
            self.add_error("place", "")
        text = clean_text(f"{said.get('body', '')} {said.get('landmark', '')}")[:MOST_LETTERS]
        return {
            "category": clean_text(said.get("category", "")),
            "place": place,
            "text": text,
            "lat": point[0],
            "lon": point[1],
        }

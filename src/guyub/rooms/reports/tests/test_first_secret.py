"""The first encrypted value that a process writes is written where it belongs."""

from __future__ import annotations

import pytest
from django.utils import timezone

from guyub.kernel.cities import secrets
from guyub.rooms.reports.models import Draft

pytestmark = pytest.mark.django_db


def test_looking_up_the_citys_key_does_not_lead_the_row_astray(city):
    secrets._wrapped.cache_clear()
    secrets._data_key.cache_clear()
    Draft.objects.create(values='{"body": "halo"}', created_at=timezone.now(), expires_at=timezone.now())
    assert Draft.objects.get().values == '{"body": "halo"}'

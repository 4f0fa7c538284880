"""A person is told once of one cause; delivery may repeat, under the same Message-ID."""

from __future__ import annotations

import pytest
from django.core import mail

from guyub.kernel.notices import api as notices
from guyub.rooms.people import api as people

pytestmark = pytest.mark.django_db


def tell(account, now):
    return notices.notify(
        key="t:1", recipient=f"account:{account}", subject="Kabar", body="Isi", link="/laporan/", at=now
    )


def test_the_same_cause_tells_the_same_person_once(city, now):
    account = people.add_account(email="warga@contoh.test", name="Warga Contoh")
    assert tell(account, now) is True
    assert tell(account, now) is False
    assert notices.Notice.objects.count() == 1


def test_a_notice_goes_out_with_a_stable_id(city, now):
    account = people.add_account(email="warga@contoh.test", name="Warga Contoh")
    tell(account, now)
    row = notices.Notice.objects.get()
    notices.deliver(notice=row.pk)
    notices.Notice.objects.update(sent_at=None)  # as if the process had died before it could note the sending
    notices.deliver(notice=row.pk)
    notices.deliver(notice=row.pk)
    assert len(mail.outbox) == 2
    assert {m.extra_headers["Message-ID"] for m in mail.outbox} == {f"<{row.uuid}@bandung.localhost>"}
    assert "/laporan/" in mail.outbox[0].body


def test_whoever_has_no_address_costs_nothing(city, now):
    contact = people.add_contact(name="Tanpa surel", email="", phone="0812000000", account=None, at=now)
    notices.notify(key="t:2", recipient=f"contact:{contact}", subject="Kabar", body="Isi", at=now)
    notices.deliver(notice=notices.Notice.objects.get().pk)
    assert mail.outbox == []
    assert notices.Notice.objects.get().problem == "tanpa alamat"

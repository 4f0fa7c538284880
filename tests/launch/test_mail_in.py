"""`guyub mail-in`: what it says to the mail server, and what it writes down."""

from __future__ import annotations

import mailbox
from email.message import EmailMessage

import pytest
from tests.factories import add_people

from guyub.launch import mail_in
from guyub.rooms.reports import api as reports
from guyub.rooms.reports.models import Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(city):
    add_people()
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = "rekaan@contoh.test", "Sampah", "<1@contoh.test>"
    made.set_content("Sampah menumpuk di depan gang, Kelurahan Dago, sejak tiga hari.")
    return made


def test_the_words_of_a_mail_stand_in_no_log(letter, capsys):
    assert mail_in._take(letter.as_bytes()) == 0
    out = capsys.readouterr()
    assert out.err == "a report\n"
    assert out.out == ""


def test_a_maildir_is_read_once(letter, tmp_path, capsys):
    mailbox.Maildir(tmp_path / "box").add(letter)
    assert mail_in._poll(str(tmp_path / "box")) == mail_in._poll(str(tmp_path / "box")) == 0
    assert Report.objects.count() == 1
    assert capsys.readouterr().err == "a report\n"


def test_what_must_wait_stays_new(letter, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(reports, "receive_mail", lambda **_kwargs: reports.MailOutcome.TOO_MANY)
    mailbox.Maildir(tmp_path / "box").add(letter)
    assert mail_in._poll(str(tmp_path / "box")) == mail_in.TRY_LATER
    assert [one.get_subdir() for one in mailbox.Maildir(tmp_path / "box")] == ["new"]


def test_a_city_that_is_not_there_keeps_the_mail_waiting(db, capsys):
    assert mail_in.run(["--city", "tidak-ada"]) == mail_in.TRY_LATER

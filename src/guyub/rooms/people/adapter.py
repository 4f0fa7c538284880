"""How django-allauth speaks and acts here: short codes by e-mail, back to the page one came from."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string

from guyub.kernel.cities.api import get_city
from guyub.kernel.notices.api import MailUnavailable


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """One plain-text mail for each of allauth's reasons; the first line is the subject."""
        name = template_prefix.rsplit("/", 1)[1]
        text = render_to_string(f"people/mail/{name}.txt", {**context, "city": get_city()})
        subject, _, body = text.strip().partition("\n")
        try:
            EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=[email]).send()
        except (SMTPRecipientsRefused, ValueError):
            # An address that no server takes is answered like any other, and stays out of the log.
            return
        except OSError as down:
            raise MailUnavailable from down

    def send_account_already_exists_mail(self, email: str) -> None:
        """The library's own would name a page for passwords, of which there are none here."""
        self.send_mail("account/email/account_already_exists", email, {})

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """The pages themselves say where a code was sent; other words of the library are kept to errors."""
        if level >= 30:
            super().add_message(request, level, *args, **kwargs)

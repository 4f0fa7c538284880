"""The one place that calls a push service."""

from __future__ import annotations

import logging
from typing import Any

import requests
from django.conf import settings
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

log = logging.getLogger("guyub.push")
TIMEOUT_SECONDS = 10


class NoRedirects(requests.Session):
    """A push service that sends us elsewhere is not obeyed."""

    def post(self, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        return super().post(url, *args, **{**kwargs, "allow_redirects": False})


def post(subscription: dict[str, Any], *, data: str, key: str, private: str, ttl: int) -> int:
    """The status with which the push service answered; 0 if it could not be asked. Nothing of it is logged but that."""
    try:
        answer = webpush(
            subscription,
            data=data,
            vapid_private_key=Vapid02.from_pem(private.encode()),
            vapid_claims={"sub": f"mailto:{settings.DEFAULT_FROM_EMAIL}"},
            ttl=ttl,
            timeout=TIMEOUT_SECONDS,
            headers={"Topic": key[:32]},
            requests_session=NoRedirects(),
        )
    except WebPushException as problem:
        status = problem.response.status_code if problem.response is not None else 0
        log.warning("a push service answered %s", status)
        return status
    except (requests.RequestException, ValueError) as problem:
        log.warning("a push service could not be asked: %s", type(problem).__name__)
        return 0
    return answer.status_code if isinstance(answer, requests.Response) else 0

"""What people object to, for those who moderate."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.rooms.conversation import queries, reference
from guyub.rooms.conversation.web.shown import moment


@gate.officer(roles.FORUMS, roles.COLLABORATE)
@require_safe
def flagged(request: HttpRequest) -> HttpResponse:
    """Posts that somebody objects to, with the reasons that were given; who objected is told to nobody."""
    reasons, _version = reference.hide_reasons(at=timezone.now())
    rows = [
        {
            "body": post.public_body,
            "about": page.title,
            "when": moment(flags[0].at),
            "reasons": sorted({reasons.get(one.reason, one.reason) for one in flags}),
            "n": len(flags),
            "address": reverse("post", args=[post.pk]),
        }
        for post, page, flags in queries.flagged(person_of(request))
    ]
    return render(request, "conversation/desk.html", {"rows": rows})

"""Send a photo to whoever may see it."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest

from guyub.kernel.access.api import gate
from guyub.kernel.files.models import Photo
from guyub.kernel.files.photos import may_open, path_of


@gate.link
def photo(request: HttpRequest, uuid: UUID, thumb: bool = False) -> FileResponse:
    row = Photo.objects.filter(uuid=uuid).first()
    if row is None or not may_open(row, request.GET.get("s", "")):
        raise Http404
    path = path_of(uuid, thumb=thumb)
    if not path.exists():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "public, max-age=86400" if row.is_public else "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response

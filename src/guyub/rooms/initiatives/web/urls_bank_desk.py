"""Addresses of an office's bank statements, below the officers' desk."""

from guyub.rooms.initiatives.web.bank import at_desk
from guyub.rooms.initiatives.web.urls_bank import books

urlpatterns = books("<int:office>/", "desk_books", at_desk)

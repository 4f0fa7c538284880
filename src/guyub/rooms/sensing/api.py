"""The door to sensing: store values, and read what sensors say."""

from __future__ import annotations

from guyub.rooms.sensing.ingesting import Outcome, ingest
from guyub.rooms.sensing.messages import row_of, topics
from guyub.rooms.sensing.queries import (
    Datastream,
    HourRow,
    Reading,
    find_datastream,
    find_datastreams,
    hourly,
    hourly_then,
    latest,
    latest_then,
    series,
    silent,
    silent_then,
)
from guyub.rooms.sensing.receiving import Message, Reply, receive
from guyub.rooms.sensing.rules import No, Refused, Row, State
from guyub.rooms.sensing.sta.singles import COUNTED, Post, Taken, address_of, store_posts
from guyub.rooms.sensing.sta.telling import News, news, open_outlet, told

__all__ = [
    "COUNTED",
    "Datastream",
    "HourRow",
    "Message",
    "News",
    "No",
    "Outcome",
    "Post",
    "Reading",
    "Refused",
    "Reply",
    "Row",
    "State",
    "Taken",
    "address_of",
    "find_datastream",
    "find_datastreams",
    "hourly",
    "hourly_then",
    "ingest",
    "latest",
    "latest_then",
    "news",
    "open_outlet",
    "receive",
    "row_of",
    "series",
    "silent",
    "silent_then",
    "store_posts",
    "told",
    "topics",
]

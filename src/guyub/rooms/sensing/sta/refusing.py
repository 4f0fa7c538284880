"""What a program is told when it cannot be served. Plain Python."""

from __future__ import annotations


class NotServed(Exception):
    """Why not: the HTTP status and a sentence that says what is wrong and, where it helps, where."""

    def __init__(self, status: int, words: str, *, retry_after: int = 0) -> None:
        super().__init__(words)
        self.status, self.words, self.retry_after = status, words, retry_after


def wrong(words: str) -> NotServed:
    return NotServed(400, words)

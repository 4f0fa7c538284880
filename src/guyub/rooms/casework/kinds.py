"""The socket for the rooms whose content cases are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from guyub.kernel import masking
from guyub.rooms.casework.models import Case


@dataclass(frozen=True, slots=True)
class Category:
    """A category of a kind's subjects as people read it, in the current language."""

    code: str
    name: str
    group: str
    group_name: str


@dataclass(frozen=True)
class CaseKind:
    """`on_change` runs in the transaction of each transition; `desk_url` is where an officer opens the case.

    `prefix` begins its numbers, so that officers can search by the digits alone; `numbers_with` finds numbers by
    words, of whatever case: casework keeps of them what the person may see. `categories` are what the decision table
    speaks of, `category_name` the name of one of them by its code, empty for an unknown one. What casework cannot
    know of the content it asks for: `office_words` the last words that an office wrote about each subject, `points`
    where (lat, lon) those with a point lie; `bulk_url` is where many are acted on at once, `label_said` puts a case's
    label into the language of the page, `map_json` writes cases for the map, each at an address that begins as given,
    `public_form` is what everyone may read of words about a subject, `confirmed_by` who confirmed the work where the
    reporter stayed silent, `show_proof` lets everyone see the proof of a case that may be seen, `published` which of
    the subjects everyone may read, `public_url` where they do.
    """

    on_change: Callable[[Case, datetime], None]
    desk_url: Callable[[str], str]
    prefix: str
    categories: Callable[[], list[Category]]
    category_name: Callable[[str], str]
    numbers_with: Callable[[str], QuerySet[Any]]
    office_words: Callable[[Iterable[str]], dict[str, str]] = lambda subjects: {}
    points: Callable[[Iterable[str]], dict[str, tuple[float, float]]] = lambda subjects: {}
    bulk_url: Callable[[], str] = str
    label_said: Callable[[str], str] = str
    public_form: Callable[[str, str], str] = lambda subject, words: masking.mask(words)
    confirmed_by: Callable[[Case], str] = lambda case: ""
    show_proof: Callable[[Case], None] = lambda case: None
    published: Callable[[Iterable[str]], set[str]] = lambda subjects: set()
    public_url: Callable[[str], str] = str
    map_json: Callable[[QuerySet[Case], str], str] = lambda cases, address: '{"reports": [], "cells": []}'


_kinds: dict[str, CaseKind] = {}


def register_kind(name: str, kind: CaseKind) -> None:
    if name in _kinds:
        raise ValueError(f"The kind {name} is registered already.")
    _kinds[name] = kind


def kind_of(name: str) -> CaseKind:
    return _kinds[name]


def kind_of_number(number: str) -> str:
    """Which kind a case's number belongs to, by its prefix. Raises KeyError."""
    return {kind.prefix: name for name, kind in _kinds.items()}[number.partition("-")[0]]


def category_names() -> dict[str, str]:
    """The names of all kinds' categories by code, in the current language."""
    return {one.code: one.name for kind in _kinds.values() for one in kind.categories()}


def category_name(kind: str, code: str) -> str:
    """The name of one category in the current language; empty where nobody knows it."""
    return _kinds[kind].category_name(code)


def office_words(subjects: Iterable[str]) -> dict[str, str]:
    """The last words that an office wrote about each of the subjects, for officers. One query a kind."""
    asked = list(subjects)
    return {key: words for kind in _kinds.values() for key, words in kind.office_words(asked).items()}


def points(subjects: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Where the subjects lie, as far as it is known, for officers. One query a kind."""
    asked = list(subjects)
    return {key: point for kind in _kinds.values() for key, point in kind.points(asked).items()}


def published(subjects: Iterable[str]) -> set[str]:
    """Which of the subjects everyone may read; only these are named in public. One query a kind."""
    asked = list(subjects)
    return {key for kind in _kinds.values() for key in kind.published(asked)} if asked else set()


def public_url(number: str) -> str:
    """Where everyone reads what has this number."""
    return kind_of(kind_of_number(number)).public_url(number)


def prefixes() -> list[str]:
    return [kind.prefix for kind in _kinds.values()]


def holding(words: str) -> Q:
    """The condition that all the words stand in what a case is about."""
    found = Q(pk__in=[])
    for name, kind in _kinds.items():
        found |= Q(kind=name, number__in=kind.numbers_with(words))
    return found

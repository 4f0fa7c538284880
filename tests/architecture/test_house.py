"""What an import graph cannot see: doors, gates, string keys, kept promises about events and words."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from guyub import events
from guyub.kernel.access.api import ROLES, gate_of
from guyub.launch import messages

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "guyub"
ROOMS = sorted(path.name for path in (SOURCE / "rooms").iterdir() if (path / "api.py").exists())
SAMPLES = Path(__file__).parent / "event_samples.json"

# The demo writes a year of rows by COPY: it is a workshop inside the house and reaches behind the doors.
BEHIND_THE_DOORS = {"demo"}


def modules() -> list[Path]:
    return [p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts and "tests" not in p.parts]


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_room_is_entered_by_its_door(path):
    """Only `api`, and `web` and `feeds` for the sites' addresses, are imported from outside a room."""
    inside = path.relative_to(SOURCE).parts
    if inside[0] in BEHIND_THE_DOORS:
        return
    own = inside[1] if inside[0] == "rooms" else None
    for name in imports_of(path):
        match = re.match(r"guyub\.rooms\.(\w+)\.(\w+)", name)
        if match and match[1] != own:
            assert match[2] == "api", f"{path.name} enters {match[1]} by {name}"


def routes(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


@pytest.mark.django_db
def test_every_route_states_its_gate():
    found = list(routes())
    assert len(found) > 20
    assert [where for where, view in found if gate_of(view) is None] == []


def test_no_string_keys_reach_into_rooms():
    for path in modules():
        text = path.read_text()
        assert "get_model(" not in text, path
        assert "ContentType" not in text, path


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("templates/**/*.html")), ids=lambda p: p.name)
def test_templates_of_a_room_use_only_its_own_and_the_ui(path):
    parts = path.relative_to(SOURCE).parts
    if parts[0] != "rooms":
        return
    for used in re.findall(r"{%\s*(?:extends|include)\s+[\"']([^\"']+)", path.read_text()):
        assert used.split("/")[0] in (parts[1], "ui", "portal", "desk"), f"{path}: {used}"


def test_each_room_says_what_it_is():
    for room in ROOMS:
        readme = SOURCE / "rooms" / room / "README.md"
        assert readme.exists(), f"{room} has no README"
        assert len(readme.read_text().splitlines()) < 80, f"{room}'s README is longer than a page"


def sample_of(kind: type[events.Event]) -> dict:
    values = {"int": 1, "str": "X-1", "bool": True}
    return {name: values[str(kind_of).split(" ")[0]] for name, kind_of in kind.__annotations__.items()}


def test_every_event_ever_sent_is_still_understood():
    """A sample of each version is kept for ever; a new event or version adds one here."""
    kept = json.loads(SAMPLES.read_text())
    known = {name: kind for name, kind in events.known_events().items() if not name.startswith("tests.")}
    for sample in kept:
        loaded = events.load(sample["name"], sample["payload"])
        assert loaded.name == sample["name"]
    lacking = {f"{n} v{k.version}" for n, k in known.items()} - {f"{s['name']} v{s['version']}" for s in kept}
    assert not lacking, f"keep samples of {lacking} in {SAMPLES.name}"


def test_every_event_is_told_to_people():
    from guyub.kernel.ledger import telling

    names = {name for name in events.known_events() if not name.startswith("tests.")}
    assert names - set(telling._tellers) == set()


def test_every_role_is_described_in_plain_words():
    for role in ROLES.values():
        assert len(str(role.description)) > 30
        assert str(role.description).endswith(".")


def test_english_is_complete():
    assert messages.missing() == {}


def test_a_text_has_one_english_word_in_one_catalogue():
    """All catalogues are laid over each other: the same text in two would be said as whichever comes last."""
    from babel.messages.pofile import read_po

    homes: dict[tuple, list[str]] = {}
    for po in SOURCE.rglob("locale/en/LC_MESSAGES/django.po"):
        with po.open("rb") as source:
            for message in read_po(source):
                if message.id:
                    homes.setdefault((message.id, message.context), []).append(str(po.relative_to(SOURCE)))
    assert {text: places for text, places in homes.items() if len(places) > 1} == {}


@pytest.mark.django_db(databases=["default", "owner"])
def test_models_and_migrations_agree():
    from io import StringIO

    from django.core.management import CommandError, call_command

    from guyub.kernel.cities import current

    out = StringIO()
    with current.only_schema("kota_32_73"):
        try:
            call_command("makemigrations", "--check", "--dry-run", stdout=out)
        except (CommandError, SystemExit):
            pytest.fail(out.getvalue())


def test_the_tree_names_no_machine_and_no_registry():
    registries = ["py" + "pi.org", "python" + "hosted", "registry.npm" + "js", "deb.deb" + "ian"]
    for path in ROOT.rglob("*"):
        relative = path.relative_to(ROOT).parts
        if not path.is_file() or relative[0] in (".git", ".venv", "var") or path.suffix in (".pyc", ".mo"):
            continue
        if relative[0].startswith("."):
            continue
        text = path.read_bytes()
        for name in registries:
            assert name.encode() not in text, path


def test_locked_requirements_carry_hashes():
    for path in (ROOT / "requirements").glob("*.txt"):
        lines = [line for line in path.read_text().splitlines() if re.match(r"^[a-z]", line)]
        assert lines
        assert path.read_text().count("--hash=sha256:") >= len(lines)

"""What stands in deploy/ and docs/run is true: units that systemd takes, names that exist, commands that are there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from guyub import cli

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
DOCS = sorted((ROOT / "docs" / "run").glob("*.md"))
HARDENED = (
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "CapabilityBoundingSet=",
)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_takes_the_units(tmp_path):
    """With a program that is there in the place of the installed one."""
    for unit in UNITS:
        text = (
            unit.read_text()
            .replace("/opt/guyub/.venv/bin/python", sys.executable)
            .replace("/opt/guyub", str(ROOT))
        )
        (tmp_path / unit.name).write_text(text)
    words = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "guyub" in line]
    assert ours == []


@pytest.mark.parametrize("unit", [u for u in UNITS if u.suffix == ".service"], ids=lambda u: u.name)
def test_units_are_hardened_and_come_back(unit):
    text = unit.read_text()
    for line in HARDENED:
        assert line in text, line
    assert "User=guyub" in text
    if "oneshot" not in text:
        assert "Restart=always" in text
    assert set(re.findall(r"-m guyub (\w+)", text)) <= set(cli.COMMANDS)


def test_the_environment_is_explained_where_it_is_used():
    names = set(re.findall(r"^([A-Z_]+)=", (ROOT / "deploy" / "environment.example").read_text(), re.M))
    deploy = (ROOT / "docs" / "run" / "deploy.md").read_text()
    assert {name for name in names if f"`{name}`" not in deploy} == set()
    read = set()
    for path in (ROOT / "src" / "guyub").rglob("*.py"):
        read |= set(re.findall(r'environ(?:\.get\(|\[)"(GUYUB_[A-Z_]+)"', path.read_text()))
    assert names <= read | {"DATABASE_URL", "DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE"}


def test_every_command_is_documented_and_every_documented_one_exists():
    text = "\n".join(path.read_text() for path in [ROOT / "README.md", *DOCS])
    named = set(re.findall(r"`guyub ([\w-]+)", text)) | set(re.findall(r"^\s*guyub ([\w-]+)", text, re.M))
    assert named <= set(cli.COMMANDS)
    assert set(cli.COMMANDS) <= named
    from guyub.launch.city import _parser

    (actions,) = [one for one in _parser()._actions if one.choices]
    for verb in actions.choices:
        assert f"guyub city {verb}" in text, verb


def test_links_between_the_pages_lead_somewhere():
    for path in DOCS:
        for link in re.findall(r"\]\(([\w./-]+\.md)\)", path.read_text()):
            assert (path.parent / link).exists(), f"{path.name}: {link}"


def test_the_shell_wrapper_is_sound():
    done = subprocess.run(["/bin/sh", "-n", str(ROOT / "deploy" / "guyub")], capture_output=True)
    assert done.returncode == 0

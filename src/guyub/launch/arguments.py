"""How each command reads its words."""

from __future__ import annotations

import argparse


def parser(name: str, description: str) -> argparse.ArgumentParser:
    """A parser whose usage line says `guyub name`."""
    return argparse.ArgumentParser(prog=f"guyub {name}", description=description)

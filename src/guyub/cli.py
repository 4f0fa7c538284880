"""`guyub …`: everything an operator does, by one word."""

from __future__ import annotations

import os
import sys

COMMANDS = {
    "demo": ("run the demo cities on this machine", "guyub.launch.demo"),
    "serve": ("run the web server", "guyub.launch.serve"),
    "worker": ("run the pump, the jobs and the sweeps", "guyub.launch.worker"),
    "migrate": ("bring all cities up to date", "guyub.launch.manage"),
    "places": ("take in boundaries, splits and other names of places", "guyub.launch.places"),
    "assets": ("take in roads, drains and lamps, and whose they are", "guyub.launch.assets"),
    "check": ("everything an operator should know, with what to do", "guyub.launch.check"),
    "city": (
        "create, seed, list, name an admin, back up, restore, move and drill cities",
        "guyub.launch.city",
    ),
    "people": ("import tables of offices, officers, RT and RW", "guyub.launch.people"),
    "client": ("give a program a key for Open311, list and end keys", "guyub.launch.client"),
    "mail-in": ("take a mail in as a report, from a pipe, a Maildir or by IMAP", "guyub.launch.mail_in"),
    "sense": ("take in values of sensors by MQTT, or pass them on", "guyub.launch.sense"),
    "ledger": ("seal and verify the ledger of a city", "guyub.launch.ledger"),
    "rulebook": ("publish a rule, such as a year's holidays", "guyub.launch.rulebook"),
    "retention": ("what is kept longer than it may be", "guyub.launch.retention"),
    "train": ("learn from decided cases which words speak for which category", "guyub.launch.train"),
    "messages": ("compile or check the translations", "guyub.launch.messages"),
    "django": ("run one of Django's own commands", "guyub.launch.manage"),
}


def main(argv: list[str] | None = None) -> None:
    """Dispatch to the command's module, which has `run(args: list[str]) -> int`."""
    args = sys.argv[1:] if argv is None else argv
    if not args or args[0] in ("-h", "--help") or args[0] not in COMMANDS:
        _help()
        sys.exit(0 if args and args[0] in ("-h", "--help") else 2)
    from importlib import import_module

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guyub.settings.production")
    module = import_module(COMMANDS[args[0]][1])
    try:
        sys.exit(module.run(args if args[0] in ("migrate", "django") else args[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as problem:
        if type(problem).__name__ != "ImproperlyConfigured":  # known without importing Django for `--help`
            raise
        print(problem, file=sys.stderr)
        sys.exit(1)


def _help() -> None:
    print("usage: guyub COMMAND …\n")
    for name, (words, _) in COMMANDS.items():
        print(f"  {name:10} {words}")

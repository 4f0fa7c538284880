"""Run as `python -m guyub …`."""

from guyub.cli import main

main()

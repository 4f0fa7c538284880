"""The demo's settings with the newer release's tables."""

from guyub.settings.demo import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.durability.newer"]  # noqa: F405

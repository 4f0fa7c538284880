"""The browser for the journeys in the tests: the system's Chromium, installed if we may.

`python -m guyub.launch.chromium` makes sure of it before the tests. Without a browser the other tests still
run; only where `CI=true` is a missing browser an error, so that no verdict is given on half the tests.
"""

import functools
import os
import shutil
import subprocess
import sys

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_WAIT = 30  # seconds for a browser to tell its version
_INSTALL = ["install", "-y", "-qq", "--no-install-recommends", "chromium"]


@functools.cache
def find() -> str | None:
    """The path of a Chromium that runs: `GUYUB_CHROMIUM` alone if set, else one in PATH, or None.

    Each is asked for its version, because some systems install a mere signpost under the browser's name.
    """
    chosen = os.environ.get("GUYUB_CHROMIUM")
    for name in (chosen,) if chosen else _NAMES:
        path = shutil.which(name)
        if path and _runs(path):
            return path
    return None


def install() -> str:
    """Install Chromium by apt-get where we are root on such a system. Returns why not, or nothing."""
    apt = shutil.which("apt-get")
    if os.environ.get("GUYUB_CHROMIUM"):
        return "GUYUB_CHROMIUM names no program that runs"
    if apt is None:
        return "this system has no apt-get; install Chromium by hand, or set GUYUB_CHROMIUM to its path"
    if os.geteuid() != 0:
        return "only root may install it: sudo apt-get install chromium"
    print("Installing Chromium for the browser's journeys …", flush=True)
    for words in (["update", "-qq"], _INSTALL):
        done = subprocess.run(  # noqa: S603 (fixed words)
            [apt, *words],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = (done.stderr or done.stdout).strip().splitlines()[-3:]
            return f"apt-get {words[0]} failed: {' '.join(last)}"
    find.cache_clear()
    return "" if find() else "what apt-get installed does not run"


def main() -> int:
    """Make sure of a browser; the exit status: 0, or 1 if there is none and CI=true."""
    if find():
        return 0
    reason = install()
    if not reason:
        return 0
    print(f"No Chromium: {reason}.", file=sys.stderr)
    if os.environ.get("CI") == "true":
        print("Because CI=true, the tests are not run without their browser's journeys.", file=sys.stderr)
        return 1
    print("The browser's journeys will NOT be run; all other tests will.", file=sys.stderr)
    return 0


def _runs(path: str) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 (a browser the user chose or the system has)
            [path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=_WAIT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())

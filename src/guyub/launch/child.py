"""The demo's child processes: `python -m guyub.launch.child web FDS | worker | sense URL | simulator GO_ON`."""

from __future__ import annotations

import signal
import socket
import sys


def main(words: list[str]) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import django

    django.setup()
    if words[0] == "web":
        from guyub.launch.serve import serve

        serve([socket.socket(fileno=int(number)) for number in words[1].split(",")])
        return 0
    if words[0] == "worker":
        from guyub.launch import worker

        return worker.run([])
    if words[0] == "sense":
        from guyub.launch import sense

        return sense.run(["--broker", words[1]])
    from guyub.demo.simulator import live

    live(go_on=words[1] == "1")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`guyub serve`: the web server, one process with fixed threads, on one or more addresses."""

from __future__ import annotations

import ctypes
import os
import socket
from contextlib import suppress

import django

M_ARENA_MAX = -8  # malloc.h


def run(args: list[str]) -> int:
    from guyub.launch.arguments import parser

    options = parser("serve", "Run the web server.")
    options.add_argument(
        "--host", action="append", default=[], help="address to listen on; may be given more than once"
    )
    options.add_argument("--port", type=int, default=8000)
    options.add_argument(
        "--trust-proxy",
        default=os.environ.get("GUYUB_TRUST_PROXY", ""),
        help="address of the proxy whose X-Forwarded-For is believed",
    )
    options.add_argument(
        "--systemd", action="store_true", help="answer on the sockets that systemd opened and keeps open"
    )
    chosen = options.parse_args(args)
    try:
        sockets = (
            handed_over()
            if chosen.systemd
            else [listen(host, chosen.port) for host in chosen.host or ["127.0.0.1"]]
        )
    except NoSockets as problem:
        print(problem)
        return 1
    except OSError as problem:
        print(f"Port {chosen.port} cannot be used ({problem.strerror}). Choose another with --port.")
        return 1
    django.setup()
    serve(sockets, trusted_proxy=chosen.trust_proxy)
    return 0


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OSError if the port is taken."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((host, port))
    made.listen(512)
    made.set_inheritable(True)
    return made


class NoSockets(Exception):
    """systemd handed over none."""


def handed_over() -> list[socket.socket]:
    """The sockets of a systemd socket unit: they stay open while this process is replaced, so nobody is refused."""
    count = int(os.environ.pop("LISTEN_FDS", "0"))
    if count < 1:
        raise NoSockets("systemd handed over no socket: start guyub-web.socket, or leave --systemd out.")
    return [socket.socket(fileno=number) for number in range(3, 3 + count)]


def share_memory() -> None:
    """As MALLOC_ARENA_MAX=2 does, unless that is set: threads that each keep freed memory for themselves hold 4 MB
    more of it. Where the C library has no such switch nothing happens."""
    if "MALLOC_ARENA_MAX" not in os.environ:
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def serve(sockets: list[socket.socket], *, trusted_proxy: str = "") -> None:
    """Answer until told to end."""
    import uvicorn

    from guyub.sites import live

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            """Screens listen for hours: they are let go first and come back to the next process by themselves."""
            await live.close()
            await super().shutdown(sockets)

    share_memory()

    config = uvicorn.Config(
        "guyub.sites.asgi:application",
        log_level="warning",
        log_config=None,  # what it says goes where everything goes, in the same form
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=5,
        proxy_headers=bool(trusted_proxy),
        forwarded_allow_ips=trusted_proxy or None,
        server_header=False,
        date_header=True,
        h11_max_incomplete_event_size=32 * 1024,
    )
    Server(config).run(sockets=sockets)

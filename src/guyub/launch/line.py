"""The line to a broker: paho's client with acknowledgement by hand, and a session that outlives us."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import SplitResult, unquote

from paho.mqtt import client as mqtt

IN_FLIGHT = 2000


class Line(mqtt.Client):
    def __init__(self, address: SplitResult, name: str) -> None:
        super().__init__(
            mqtt.CallbackAPIVersion.VERSION2, client_id=name, clean_session=False, manual_ack=True
        )
        self.address = address
        self.max_inflight_messages_set(IN_FLIGHT)
        self.reconnect_delay_set(min_delay=1, max_delay=5)
        if address.scheme == "mqtts":
            self.tls_set()
        if address.username:
            self.username_pw_set(unquote(address.username), unquote(address.password or ""))

    def open(self) -> None:
        """Connect, and again whenever the broker went away, in a thread of its own."""
        port = self.address.port or (8883 if self.address.scheme == "mqtts" else 1883)
        self.connect_async(self.address.hostname or "127.0.0.1", port, keepalive=30)
        self.loop_start()

    def close(self) -> None:
        self.disconnect()
        self.loop_stop()

    def ack_all(self, mids: Iterable[int]) -> None:
        """Acknowledge messages of QoS 1."""
        for mid in mids:
            self.ack(mid, 1)

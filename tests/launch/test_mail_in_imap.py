"""A mailbox at somebody else's server: each new mail once, marked as read only when what became of it is kept."""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.factories import add_people

from guyub.rooms.reports import door_settings, imap_in
from guyub.rooms.reports.mail_in import MOST_BYTES, Outcome
from guyub.rooms.reports.models import Report

pytestmark = pytest.mark.django_db


def letter(n, body="Sampah menumpuk di depan gang, Kelurahan Dago, sejak tiga hari."):
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = "rekaan@contoh.test", "Sampah", f"<{n}@contoh.test>"
    made.set_content(body)
    return made.as_bytes()


class Mailbox(threading.Thread):
    """As much of IMAP4rev1 as a careful reader needs, one connection after another."""

    def __init__(self, context, mails):
        super().__init__(daemon=True)
        self.context, self.mails, self.seen, self.said = context, mails, set(), []
        self.sizes = {uid: len(mail) for uid, mail in mails.items()}
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]

    def run(self):
        while True:
            try:
                raw, _ = self.listening.accept()
            except OSError:
                return
            try:
                with self.context.wrap_socket(raw, server_side=True) as wire:
                    self._speak(wire.makefile("rwb"))
            except OSError:
                continue

    def _speak(self, wire):
        def tell(text):
            wire.write(text if isinstance(text, bytes) else text.encode())
            wire.flush()

        tell("* OK here\r\n")
        for line in wire:
            tag, _, rest = line.decode().strip().partition(" ")
            self.said.append(rest)
            word = rest.split(" ")[0].upper()
            if word == "CAPABILITY":
                tell("* CAPABILITY IMAP4rev1\r\n")
            elif word == "LOGIN" and "benar" not in rest:
                tell(f"{tag} NO wrong\r\n")
                continue
            elif word == "SELECT":
                tell(f"* {len(self.mails)} EXISTS\r\n")
            elif "SEARCH" in rest:
                tell(f"* SEARCH {' '.join(str(uid) for uid in self.mails if uid not in self.seen)}\r\n")
            elif "RFC822.SIZE" in rest:
                uid = int(rest.split(" ")[2])
                tell(f"* 1 FETCH (UID {uid} RFC822.SIZE {self.sizes[uid]})\r\n")
            elif "BODY.PEEK" in rest:
                uid = int(rest.split(" ")[2])
                tell(f"* 1 FETCH (UID {uid} BODY[] {{{len(self.mails[uid])}}}\r\n")
                tell(self.mails[uid] + b")\r\n")
            elif "STORE" in rest:
                self.seen.add(int(re.search(r"STORE (\d+)", rest)[1]))
            tell(f"{tag} OK done\r\n")
            if word == "LOGOUT":
                return


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """A server's context and that of a client who trusts it alone."""
    key, folder = ec.generate_private_key(ec.SECP256R1()), tmp_path_factory.mktemp("tls")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kotak.test")])
    begin = datetime.now(UTC) - timedelta(days=1)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin + timedelta(days=9))
    own = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    pem = folder / "own.pem"
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem.write_bytes(key.private_bytes(*plain) + own.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


@pytest.fixture
def opened(city, settings, tmp_path, tls):
    """A mailbox with these mails, and the door of the city that leads to it."""
    made = []

    def open_with(mails, password="benar"):
        box = Mailbox(tls[0], mails)
        box.start()
        made.append(box)
        file = tmp_path / "doors.json"
        said = {"host": "127.0.0.1", "port": str(box.port), "user": "lapor", "password": password}
        file.write_text(json.dumps({"bandung": {"imap": said}}))
        settings.GUYUB_DOORS = str(file)
        door_settings.forget()
        return box

    yield open_with
    for box in made:
        box.listening.close()
    door_settings.forget()


def test_new_mails_are_taken_in_once_and_then_marked(opened, tls, now, monkeypatch):
    add_people()
    box = opened({7: letter(1), 9: letter(1), 11: letter(2, "Halo."), 13: b"x"})
    box.sizes[13] = MOST_BYTES + 1
    found = imap_in.fetch(at=now, context=tls[1])
    assert found == [Outcome.REPORT, Outcome.AGAIN, Outcome.DRAFT, Outcome.UNREADABLE]
    assert (Report.objects.count(), box.seen) == (1, {7, 9, 11, 13})
    assert not [one for one in box.said if "FETCH 13 (BODY" in one]
    assert imap_in.fetch(at=now, context=tls[1]) == []
    # Whatever dies before it is kept leaves the mail new; what must wait stays new.
    box.mails[15] = letter(3)
    box.sizes[15] = len(box.mails[15])

    def die(**_):
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(imap_in, "receive", die)
        with pytest.raises(imap_in.MailboxUnavailable):
            imap_in.fetch(at=now, context=tls[1])
        broken.setattr(imap_in, "receive", lambda **_: Outcome.TOO_MANY)
        assert imap_in.fetch(at=now, context=tls[1]) == [Outcome.TOO_MANY]
    assert 15 not in box.seen
    assert imap_in.fetch(at=now, context=tls[1]) == [Outcome.REPORT]


def test_neither_a_stranger_nor_a_wrong_password_is_read(opened, tls, now):
    opened({1: letter(1)}, password="salah")
    for context in (tls[1], None):  # None: a client that does not trust the mailbox's certificate
        with pytest.raises(imap_in.MailboxUnavailable) as problem:
            imap_in.fetch(at=now, context=context)
        assert "salah" not in str(problem.value)
    assert not Report.objects.exists()


def test_settings_that_cannot_be_used_are_said(city, settings, tmp_path, now):
    file = tmp_path / "doors.json"
    settings.GUYUB_DOORS = str(file)
    for text in ("", "[]", '{"bandung": {"imap": {"host": "x"}}}', '{"bandung": {"imap": 5}}',
                 '{"bandung": {"imap": {"host": "x", "user": "u", "password": "p", "port": "x"}}}',
                 '{"bandung": {"imap": {"host": "x", "user": "u", "password": "p", "tls": "no"}}}'):  # fmt: skip
        file.write_text(text)
        door_settings.forget()
        with pytest.raises(door_settings.BadSettings):
            imap_in.fetch(at=now)
    file.write_text("{}")
    door_settings.forget()
    assert imap_in.fetch(at=now) == []

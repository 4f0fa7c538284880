"""The checks of GeoReport v2: sending. Without --write only what must be refused is sent."""

from __future__ import annotations

import struct
import uuid
import zlib
from typing import Any

from conformance.open311.asking import Answer, NotTried, Server, expect, expect_refusal
from conformance.open311.checks import FORMS, NOBODY, check, definitions_of, instant, services_of

WORDS = "Uji kesesuaian Open311: jalan “Ujung Berung” rusak, naïve café, ꦗꦮ, 東京"


def picture(side: int = 64) -> bytes:
    """A grey square as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([128]) * side for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    packed = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + packed + chunk(b"IEND", b"")


def plain_service(server: Server) -> str:
    """A service that asks nothing further."""
    if server.service:
        return server.service
    found = [row["service_code"] for row in services_of(server) if row["metadata"] is False]
    if not found:
        raise NotTried("every service asks attributes; name one with --service")
    return found[0]


def place(server: Server) -> list[tuple[str, str]]:
    if not server.place:
        raise NotTried("needs --lat and --long of a point inside")
    return list(server.place.items())


def fields(server: Server, **more: str) -> list[tuple[str, str]]:
    values = {
        "api_key": server.key,
        "service_code": plain_service(server),
        "description": WORDS,
        **dict(place(server)),
        **more,
    }
    return [(name, value) for name, value in values.items() if value]


def sent(server: Server, pairs: list[tuple[str, str]], form: str = "json", **more: Any) -> dict[str, Any]:
    """Send, and return the one request that must come back."""
    found: Answer = server.post(f"requests.{form}", pairs, **more)
    expect(found.status in (200, 201), f"{found.status}: {found.body[:200]!r}")
    rows = found.tree()
    expect(isinstance(rows, list) and len(rows) == 1, "not one request came back")
    return rows[0]


def number_of(row: dict[str, Any]) -> str:
    if not row.get("service_request_id"):
        raise NotTried("the server gives tokens; its numbers come later")
    return str(row["service_request_id"])


@check
def sending_without_key_is_403(server: Server) -> None:
    for form in FORMS:
        expect_refusal(server.post(f"requests.{form}", [("service_code", plain_service(server))]), 403)


@check
def sending_with_a_wrong_key_is_403(server: Server) -> None:
    for form in FORMS:
        pairs = [("api_key", "x" * 43), ("service_code", plain_service(server))]
        expect_refusal(server.post(f"requests.{form}", pairs), 403)


@check
def sending_without_location_is_400(server: Server) -> None:
    server.must_have_key()
    for form in FORMS:
        pairs = [("api_key", server.key), ("service_code", plain_service(server)), ("description", WORDS)]
        expect_refusal(server.post(f"requests.{form}", pairs), 400)


@check
def sending_half_a_point_is_400(server: Server) -> None:
    server.must_have_key()
    pairs = [("api_key", server.key), ("service_code", plain_service(server)), ("lat", "-6.9")]
    expect_refusal(server.post("requests.json", pairs), 400)


@check
def sending_without_service_is_400(server: Server) -> None:
    server.must_have_key()
    expect_refusal(server.post("requests.json", [("api_key", server.key), *place(server)]), 400)


@check
def sending_for_an_unknown_service_is_404(server: Server) -> None:
    server.must_have_key()
    for form in FORMS:
        expect_refusal(server.post(f"requests.{form}", fields(server, service_code=NOBODY)), 404)


@check
def sending_without_a_required_attribute_is_400(server: Server) -> None:
    """And it is named."""
    server.must_have_key()
    for code, found in definitions_of(server).items():
        wanted = [one["code"] for one in found.json()["attributes"] if one["required"] is True]
        if wanted:
            errors = expect_refusal(server.post("requests.json", fields(server, service_code=code)), 400)
            said = " ".join(str(one["description"]) for one in errors)
            expect(wanted[0] in said, f"{wanted[0]} is not named in {said!r}")
            return
    raise NotTried("no service requires an attribute")


@check
def sending_several_values(server: Server) -> None:
    """attribute[CODE][] twice; one that is not in the list is refused."""
    server.must_write()
    for code, found in definitions_of(server).items():
        attributes = found.json()["attributes"]
        several = [one for one in attributes if one["datatype"] == "multivaluelist"]
        if several and not any(one["required"] is True for one in attributes):
            one = several[0]
            pairs = fields(server, service_code=code)
            pairs += [(f"attribute[{one['code']}][]", value["key"]) for value in one["values"][:2]]
            sent(server, pairs)
            wrong = [*fields(server, service_code=code), (f"attribute[{one['code']}][]", NOBODY)]
            expect_refusal(server.post("requests.json", wrong), 400)
            return
    raise NotTried("no service has a multivaluelist")


@check
def sending_gives_a_number_or_a_token(server: Server) -> None:
    """One of them and not both, in both forms; and it leads to the report."""
    server.must_write()
    for form in FORMS:
        row = sent(server, fields(server), form)
        expect(
            bool(row.get("service_request_id")) != bool(row.get("token")),
            f"{form}: not one of the two: {row}",
        )
        if row.get("service_request_id"):
            found = server.get(f"requests/{row['service_request_id']}.{form}")
        else:
            found = server.get(f"tokens/{row['token']}.{form}")
        expect(found.status == 200, f"{form}: what came back leads to {found.status}")


@check
def sending_too_many_words(server: Server) -> None:
    """4,001 letters are refused, or cut."""
    server.must_write()
    found = server.post("requests.json", fields(server, description="Panjang " + "x" * 3993))
    if found.status in (200, 201):
        number = number_of(found.json()[0])
        said = server.ok(f"requests/{number}.json")[0].get("description") or ""
        expect(len(said) <= 4000, f"{len(said)} letters were kept")
    else:
        expect_refusal(found, 400)


def published(server: Server, words: str) -> dict[str, Any]:
    """A report with these words as everyone reads it."""
    number = number_of(sent(server, fields(server, description=words)))
    if server.publish:
        server.publish(number)
    row: dict[str, Any] = server.ok(f"requests/{number}.json")[0]
    if not row.get("description"):
        raise NotTried("words are shown once somebody has checked them; needs --publish")
    return row


@check
def sending_words_of_every_script(server: Server) -> None:
    server.must_write()
    row = published(server, WORDS)
    expect(WORDS in row["description"], f"it came back as {row['description']!r}")
    in_xml = server.ok(f"requests/{row['service_request_id']}.xml")[0]
    expect(WORDS in in_xml["description"], f"in XML it came back as {in_xml['description']!r}")


@check
def sending_html_shows_none(server: Server) -> None:
    server.must_write()
    words = "Lampu mati <script>alert(1)</script><b>sekali</b> & gelap"
    said = published(server, words)["description"]
    expect("<script" not in said and "<b>" not in said, f"it came back as {said!r}")


@check
def sending_twice_with_one_number_of_ours(server: Server) -> None:
    server.must_write()
    server.must_extend()
    own = uuid.uuid4().hex
    first, second = (number_of(sent(server, fields(server, client_request_id=own))) for _ in range(2))
    expect(first == second, f"{first} and {second}")
    other = number_of(sent(server, fields(server, client_request_id=uuid.uuid4().hex)))
    expect(other != first, "another number of ours is the same report")


@check
def sending_a_picture(server: Server) -> None:
    server.must_write()
    server.must_extend()
    number_of(sent(server, fields(server), files={"media": picture()}))
    expect_refusal(server.post("requests.json", fields(server), files={"media": b"<script>"}), 400)


@check
def updates_need_a_key(server: Server) -> None:
    server.must_extend()
    for form in FORMS:
        expect_refusal(server.get(f"servicerequestupdates.{form}"), 403)


@check
def updates_say_everything(server: Server) -> None:
    server.must_extend()
    server.must_have_key()
    rows = server.ok("servicerequestupdates.json", api_key=server.key)
    expect(isinstance(rows, list), "no array")
    for row in rows:
        for name in ("update_id", "service_request_id", "status", "updated_datetime"):
            expect(row.get(name), f"an update without {name}")
        instant(row["updated_datetime"])

"""PDF by hand: good ones, and what people with bad intentions send."""

import zlib

RED = b"1 0 0 rg 100 100 200 200 re f"
A4 = b"0 0 595 842"


def pdf(
    *pages: bytes, box: bytes = A4, more: tuple[bytes, ...] = (), trailer: bytes = b"", own: bytes = b""
) -> bytes:
    """A PDF of these contents, a page each. `more` objects are numbered after the pages' own two each; `own` is added
    to every page, `trailer` to the trailer."""
    first = 3
    kids = b" ".join(b"%d 0 R" % (first + 2 * n) for n in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids),
    ]
    for n, content in enumerate(pages):
        said = b"/MediaBox[%s]/Contents %d 0 R%s" % (box, first + 2 * n + 1, own)
        objects += [b"<</Type/Page/Parent 2 0 R%s>>" % said, stream(content)]
    return written([*objects, *more], trailer)


def stream(content: bytes, said: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (said, len(content), content)


def written(objects: list[bytes], trailer: bytes) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for n, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            size,
            table,
            size,
            trailer,
            len(out),
        )
    )


def locked() -> bytes:
    """Asks for a password: its keys fit none."""
    key = b"<</Filter/Standard/V 1/R 2/O<" + b"ab" * 32 + b">/U<" + b"cd" * 32 + b">/P -4>>"
    return pdf(RED, more=(key,), trailer=b"/Encrypt 5 0 R/ID[<00><00>]")


def nested(levels: int) -> bytes:
    """Few bytes that draw ten to the power of `levels` rectangles."""
    inner = [
        stream(
            b"/F Do " * 10,
            b"/Type/XObject/Subtype/Form/BBox[%s]/Resources<</XObject<</F %d 0 R>>>>" % (A4, 6 + n),
        )
        for n in range(levels)
    ]
    last = stream(RED, b"/Type/XObject/Subtype/Form/BBox[%s]" % A4)
    own = b"/Resources<</XObject<</F 5 0 R>>>>"
    return pdf(b"/F Do", own=own, more=(*inner, last))


def unfolding(megabytes: int) -> bytes:
    """Few bytes that unfold to so many megabytes of drawing."""
    packer = zlib.compressobj(9)
    lines = b"0 0 m 595 842 l S " * 58_000
    content = b"".join([packer.compress(lines) for _ in range(megabytes)]) + packer.flush()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R>>" % A4,
        stream(content, b"/Filter/FlateDecode"),
    ]
    return written(objects, b"")


def filled() -> bytes:
    """A form that somebody filled in, with a script that is to run when it is opened."""
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(n)/V(TERISI TERISI TERISI)/Rect[50 500 545 540]/DA(/Helv 24 Tf 0 g)>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/DA(/Helv 12 Tf 0 g)/NeedAppearances true>>"
        b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Annots[5 0 R]>>" % A4,
        stream(b""),
        field,
    ]
    return written(objects, b"")

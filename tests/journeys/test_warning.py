"""A warning by two persons: drafted at the desk, approved by the link that came to a telephone, read by everyone, and
answered with the playbook; without JavaScript throughout."""

from __future__ import annotations

import re
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from tests.journeys.conftest import DESK
from tests.journeys.test_resident_and_office import sign_in

pytestmark = pytest.mark.journey
COAST = "pekalongan"  # its demo has approvers on the roster


def links_in(folder: Path, who: str) -> set[str]:
    """The links to approve in all mails to somebody; a file may hold several mails."""
    found = set()
    for file in folder.glob("*.log"):
        for part in file.read_bytes().split(b"\n" + b"-" * 79):
            mail = message_from_bytes(part.lstrip(), policy=default)
            body = mail.get_body(("plain",))
            if who in (mail["To"] or "") and body is not None:
                found |= set(re.findall(r"/peringatan/setuju/\S+", body.get_content()))
    return found


def open_link(telephone, who: str, number: str, folder: Path, *, within: float = 60) -> None:
    """Open the approver's link to a warning, from the mails that the worker sent."""
    ends, seen = time.monotonic() + within, set()
    while time.monotonic() < ends:
        for path in links_in(folder, who) - seen:
            seen.add(path)
            telephone.goto(path)
            if number in telephone.content():
                return
        time.sleep(0.2)
    raise AssertionError(f"{who} got no link to {number} within {within} s")


def test_two_persons_and_a_telephone(visitor, site):
    desk = visitor(javascript=False, viewport=DESK, city=COAST)
    sign_in(desk, "pusdalops")
    desk.goto("/petugas/peringatan/")
    desk.get_by_role("link", name="Peringatan baru").click()
    desk.select_option("#id_hazard", "banjir")
    desk.select_option("#id_level", "SIAGA")
    district = desk.locator("details.warning-district").first
    district.locator("summary").click()
    district.get_by_role("checkbox").nth(1).check()
    desk.get_by_label("Dasar", exact=True).fill("Sungai meluap di hulu, air naik cepat (contoh).")
    desk.get_by_role("button", name="Simpan rancangan").click()
    number = re.search(r"PRG-\d{4}-\d{6}", desk.content())[0]
    desk.get_by_role("button", name="Minta persetujuan").click()
    desk.get_by_text("Persetujuan diminta kepada Kalaksa BPBD Contoh").wait_for()

    reader = visitor(javascript=False, city=COAST)
    assert reader.goto(f"/peringatan/{number}/").status == 404

    telephone = visitor(javascript=False, city=COAST)
    open_link(telephone, "kalaksa", number, site.folder / "data" / "mail")
    assert telephone.evaluate("document.documentElement.scrollWidth") <= 360
    telephone.get_by_role("button", name="Setujui dan kirim").click()
    telephone.get_by_text("Anda menyetujui peringatan ini").wait_for()

    assert reader.goto(f"/peringatan/{number}/").status == 200
    reader.get_by_text("Berlaku", exact=True).first.wait_for()

    posko = visitor(javascript=False, city=COAST)
    sign_in(posko, "posko")
    for _ in range(100):
        posko.goto("/petugas/insiden/")
        if number in posko.content():
            break
        time.sleep(0.2)
    posko.get_by_role("button", name="Jalankan penanganan").first.click()
    posko.get_by_text("Insiden berjalan").wait_for()
    steps = posko.get_by_role("button", name=re.compile("^Jalankan:"))
    waiting = steps.count()
    assert waiting > 3
    steps.first.click()
    posko.wait_for_load_state()
    assert steps.count() < waiting
    assert posko.evaluate("document.documentElement.scrollWidth") <= 360

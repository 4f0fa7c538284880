"""Statements beside deliveries, what is taken back, and papers that say the same as the records."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.papers import words_on

from guyub.kernel import retention
from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.rooms.initiatives import (
    banking,
    delivering,
    keeping,
    matching,
    open_data,
    paper_words,
    papers,
    partner_year,
    workdays,
)
from guyub.rooms.initiatives.acting import Refused
from guyub.rooms.initiatives.bank_rules import code_of
from guyub.rooms.initiatives.banking import Layout
from guyub.rooms.initiatives.models import BankLine, MatchPart, Paper, Statement
from guyub.rooms.initiatives.owning import Owner
from guyub.rooms.initiatives.rules import Pledged
from guyub.rooms.initiatives.tests.conftest import DAY
from guyub.rooms.people import api as people

pytestmark = pytest.mark.django_db
LAYOUT = Layout("Tanggal", "Kredit", remark="Keterangan", name="Pengirim", reference="No. Ref")
HEAD = "Bank Contoh;;;;\nTanggal;Keterangan;Pengirim;Kredit;No. Ref\n"


@pytest.fixture
def books(scene):
    scene.officer()
    return Owner(scene.office, None, "Kelurahan", "/petugas/prakarsa/rekening/1/")


def taken(scene, books, text: str) -> int:
    lurah = scene.officer()
    banking.set_layout(owner=books, layout=LAYOUT, by=lurah, at=scene.now)
    draft = banking.keep((HEAD + text).encode(), owner=books, by=lurah, at=scene.now)
    return banking.take_over(draft=draft, owner=books, by=lurah, at=scene.now)


def transfers(scene, *amounts: int):
    """A partner's deliveries of money to one initiative, each of a promise of its own."""
    row = scene.opened()
    partner, budi = scene.partner("PT Contoh Jaya", "budi"), scene.person("budi")
    scene.joined(row, partner, budi)
    line = scene.line(row, "MONEY")
    return row, [
        scene.delivered(scene.accepted(line, one, by=budi, partner=partner), one, by=budi) for one in amounts
    ]


def test_a_statement_is_tried_and_the_same_one_twice_changes_nothing(scene, books):
    text = (
        f"{DAY:%d/%m/%Y};Setoran;CV Contoh;1.000.000,00;A1\n"
        f"{DAY:%d/%m/%Y};Setoran;CV Contoh;1.000.000,00;A1\n"
        f"{DAY:%Y-%m-%d};Biaya;;;A2\n"
    )
    assert taken(scene, books, text) == 2
    facts = ledger.facts_about(f"initiatives.statement:{Statement.objects.get().pk}")
    assert [one.payload["amount"] for one in facts] == [2_000_000]
    assert taken(scene, books, text) == 0
    assert taken(scene, books, text + f"{DAY:%d/%m/%Y};Baru;CV Contoh;5.000;A3\n") == 1
    assert (BankLine.objects.count(), Statement.objects.count()) == (3, 2)
    same = Layout("Tanggal", "tanggal")
    with pytest.raises(Refused):
        banking.set_layout(owner=books, layout=same, by=scene.officer(), at=scene.now)
    with pytest.raises(NotAllowed):
        banking.set_layout(owner=books, layout=LAYOUT, by=scene.person("ani"), at=scene.now)


def test_a_hostile_statement_is_refused_row_by_row_and_writes_nothing(scene, books):
    lurah = scene.officer()
    with pytest.raises(Refused):
        banking.keep(b"x", owner=books, by=lurah, at=scene.now)
    banking.set_layout(owner=books, layout=LAYOUT, by=lurah, at=scene.now)
    for content in (b"", b"\x00\x01", b"PK\x03\x04rusak", b"\xd0\xcf\x11\xe0", b"a;b\n1;2", b"x" * (3 << 20)):
        with pytest.raises(people.CannotRead):
            banking.keep(content, owner=books, by=lurah, at=scene.now)
    tomorrow = DAY + timedelta(days=1)
    rows = (
        f"{DAY};=HYPERLINK(1);x;1.000;\n"
        f"kemarin;a;b;1.000;\n"
        f"{tomorrow};a;b;1.000;\n"
        f"{DAY};a;b;1.000,55;\n"
        f"{DAY};a;b;seribu;\n"
        f"{DAY};a;b;{'9' * 30};\n"
        f"{DAY};<script>;' OR 1=1 --;1.000;\n"
    )
    draft = banking.keep((HEAD + rows).encode(), owner=books, by=lurah, at=scene.now)
    tried = banking.try_draft(draft, owner=books, today=DAY)
    assert [one.line for one in tried.problems] == [3, 4, 5, 6, 7, 8]
    assert len(tried.new) == 1
    with pytest.raises(banking.NotGood):
        banking.take_over(draft=draft, owner=books, by=lurah, at=scene.now)
    assert not BankLine.objects.exists()


def test_lines_and_deliveries_belong_together_once_and_to_the_rupiah(scene, books):
    row, (first, second, third) = transfers(scene, 1_500_000, 300_000, 200_000)
    lurah = scene.officer()
    code = code_of(first.pledge_id)
    text = (
        f"{DAY};TRF {code} bantuan;CONTOH JAYA;1.500.000;\n"
        f"{DAY};tanpa kode;ORANG RAHASIA;500.000;\n"
        f"{DAY - timedelta(days=60)};lama;ORANG LAIN;300.000;\n"
    )
    assert taken(scene, books, text) == 3
    assert b"RAHASIA" not in bytes(BankLine.objects.extra(select={"raw": "name"}).values_list("raw")[1][0])
    assert matching.match_certain(owner=books, by=lurah, at=scene.now) == 1
    assert matching.match_certain(owner=books, by=lurah, at=scene.now) == 0
    both, old = BankLine.objects.get(amount=500_000), BankLine.objects.get(amount=300_000)
    match = {"owner": books, "by": lurah, "at": scene.now}
    for lines, deliveries in (
        ([], [second.pk]),
        ([both.pk], [second.pk]),
        ([both.pk, old.pk], [second.pk, third.pk]),
        ([both.pk], [first.pk]),
    ):
        with pytest.raises(Refused):
            matching.match(lines=lines, deliveries=deliveries, **match)
    with pytest.raises(NotAllowed):
        matching.match(lines=[both.pk, 0], deliveries=[second.pk], **match)
    with pytest.raises(NotAllowed):
        matching.match(
            owner=books, lines=[both.pk], deliveries=[second.pk], by=scene.person("ani"), at=scene.now
        )
    made = matching.match(lines=[both.pk], deliveries=[second.pk, third.pk], **match)
    assert matching.matched_of([row.pk]) == 2_000_000
    assert (matching.open_lines(books), matching.open_deliveries(books)) == ([old], [])
    with pytest.raises(IntegrityError), transaction.atomic():
        MatchPart.objects.create(match=made, line=both, amount=1)
    with pytest.raises(Refused):  # what a bank confirms is no other amount
        delivering.verify(delivery=second.pk, found=299_999, by=lurah, at=scene.now)
    with pytest.raises(Refused):
        delivering.send_back(delivery=second.pk, words="x", by=lurah, at=scene.now)
    delivering.verify(delivery=second.pk, found=300_000, by=lurah, at=scene.now)
    with pytest.raises(Refused):
        matching.undo(owner=books, match=made.uuid, words=" ", by=lurah, at=scene.now)
    matching.undo(owner=books, match=made.uuid, words="Bukan transfer ini.", by=lurah, at=scene.now)
    with pytest.raises(NotAllowed):
        matching.undo(owner=books, match=made.uuid, words="Lagi.", by=lurah, at=scene.now)
    told = Notice.objects.filter(key__contains=":unmatched:").values_list("recipient", flat=True)
    assert f"account:{scene.person('budi').account}" in told
    assert matching.matched_of([row.pk]) == 1_500_000
    names = [one.name.partition(".")[2] for one in ledger.facts_about(row.subject)]
    assert (names.count("money_matched"), names.count("match_undone")) == (2, 1)


def test_names_in_statements_are_erased_when_their_time_is_over(scene, books):
    taken(scene, books, f"{DAY};tanpa kode;ORANG RAHASIA;500.000;R1\n")
    later = scene.now + timedelta(days=731)
    assert list(keeping.lines(before=scene.now - timedelta(days=1))) == []
    assert retention.sweep(at=later)["bank_names"] == 1
    row = BankLine.objects.get()
    assert (row.name, row.remark, row.reference, row.amount) == ("", "", "", 500_000)
    assert taken(scene, books, f"{DAY};tanpa kode;ORANG RAHASIA;500.000;R1\n") == 0


def test_what_was_found_is_taken_back_unless_it_was_spent(scene, books):
    row, (first,) = transfers(scene, 1_500_000)
    lurah = scene.officer()
    delivering.verify(delivery=first.pk, found=1_500_000, by=lurah, at=scene.now)
    line = scene.line(row, "MONEY")
    delivering.spend(line=line.pk, amount=1, what="Pupuk", on=DAY, by=lurah, at=scene.now)
    back = {"delivery": first.pk, "by": lurah, "at": scene.now}
    with pytest.raises(Refused):
        delivering.take_back(words="Salah lihat.", **back)
    hours = scene.line(row, "HOURS")
    ani = scene.person("ani")
    done = scene.delivered(scene.accepted(hours, 8, by=ani), 8, by=ani)
    delivering.verify(delivery=done.pk, found=8, by=lurah, at=scene.now)
    paper = papers.issue_hours(pledge=done.pledge_id, is_named=False, by=ani, at=scene.now)
    assert papers.issue_hours(pledge=done.pledge_id, is_named=False, by=ani, at=scene.now) == paper
    assert papers.find(papers.key_of(paper)) == paper
    assert papers.find("0" * 32 + "-x") is None
    assert papers.check(paper).is_valid
    ledger.seal(at=scene.now)
    said = paper_words.hours_values(paper)
    assert (said["hours"], said["name"]) == ("8 jam", "Relawan nomor 1")
    assert "Ani" not in str(paper.content)
    with pytest.raises(NotAllowed):
        papers.issue_hours(pledge=done.pledge_id, is_named=True, by=lurah, at=scene.now)
    back["delivery"] = done.pk
    with pytest.raises(Refused):
        delivering.take_back(words="", **back)
    delivering.take_back(words="Ternyata tidak hadir.", **back)
    with pytest.raises(NotAllowed):
        delivering.take_back(words="Lagi.", **back)
    hours.refresh_from_db()
    assert (hours.accepted, hours.delivered, hours.verified) == (8, 0, 0)
    done.pledge.refresh_from_db()
    assert done.pledge.state == Pledged.ACCEPTED
    paper.refresh_from_db()
    checked = papers.check(paper)
    assert (checked.is_valid, checked.is_same, checked.is_recorded) == (False, False, True)


def test_a_partners_year_says_what_the_records_say(scene, books):
    row, (first, _second) = transfers(scene, 1_500_000, 200_000)
    lurah, budi = scene.officer(), scene.person("budi")
    delivering.verify(delivery=first.pk, found=1_400_000, by=lurah, at=scene.now)
    partner = first.pledge.partner_id
    assert partner_year.years_of(partner) == [2026]
    with pytest.raises(NotAllowed):
        papers.issue_year(partner=partner, year=2026, by=lurah, at=scene.now)
    with pytest.raises(Refused):
        papers.issue_year(partner=partner, year=2025, by=budi, at=scene.now)
    paper = papers.issue_year(partner=partner, year=2026, by=budi, at=scene.now)
    assert papers.issue_year(partner=partner, year=2026, by=budi, at=scene.now) == paper
    (total,) = paper.content["totals"]
    assert (total["promised"], total["delivered"], total["verified"]) == (1_700_000, 1_600_000, 1_400_000)
    line = scene.line(row, "MONEY")
    assert (total["promised"], total["delivered"], total["verified"]) == (
        line.accepted,
        line.delivered,
        line.verified,
    )
    said = paper_words.year_values(paper)
    assert said["totals"] == [["Uang", "Rp1.700.000", "Rp1.600.000", "Rp1.400.000"]]
    on_paper = words_on(paper_words.pdf(paper))
    assert all(
        words in on_paper for words in ("Uang", "Rp1.700.000", "Rp1.600.000", "Rp1.400.000", row.title)
    )
    assert papers.check(paper).is_same
    delivering.take_back(delivery=first.pk, words="Salah.", by=lurah, at=scene.now)
    checked = papers.check(paper)
    assert (checked.is_valid, checked.is_same) == (True, False)
    Paper.objects.filter(pk=paper.pk).update(content={**paper.content, "partner": "PT Palsu"})
    assert not papers.check(Paper.objects.get(pk=paper.pk)).is_valid


def test_open_tables_name_no_resident_and_add_up(scene, books):
    row, (first,) = transfers(scene, 1_500_000)
    lurah, ani = scene.officer(), scene.person("ani")
    hours = scene.line(row, "HOURS")
    for amount in (3, 5):
        done = scene.delivered(scene.accepted(hours, amount, by=ani, is_named=True), amount, by=ani)
        delivering.verify(delivery=done.pk, found=amount, by=lurah, at=scene.now)
    delivering.verify(delivery=first.pk, found=1_500_000, by=lurah, at=scene.now)
    money = scene.line(row, "MONEY")
    delivering.spend(line=money.pk, amount=7, what="Telepon 0812-3456-7890", on=DAY, by=lurah, at=scene.now)
    tables = {code: list(table.rows()) for code, table in open_data.TABLES.items()}
    whole = str(tables)
    assert "Ani" not in whole
    assert "0812" not in whole
    assert all(len(one) == len(open_data.TABLES[code].header) for code in tables for one in tables[code])
    for line in (hours, money):
        line.refresh_from_db()
        (said,) = [one for one in tables["kebutuhan"] if one[1] == str(line.uuid)]
        assert said[6:10] == (line.accepted, line.delivered, line.verified, line.spent)
        pledged = [one for one in tables["janji"] if one[1] == str(line.uuid)]
        assert sum(one[4] for one in pledged) == line.accepted
        brought = [one for one in tables["penyerahan"] if one[1] == str(line.uuid)]
        assert sum(one[4] for one in brought) == line.delivered
        assert sum(one[5] for one in brought) == line.verified
    made = workdays.calendar([row], name="Uji", at=scene.now).decode()
    assert made.count("BEGIN:VEVENT") == 3
    assert "Pohon ditanam" in made

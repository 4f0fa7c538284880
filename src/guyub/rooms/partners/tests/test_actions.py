"""Founding, belonging, becoming known, merging and ending: each with what the ledger says of it."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from guyub.kernel import retention
from guyub.kernel.access.api import NotAllowed
from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.partners import api as partners
from guyub.rooms.partners import (
    bodies,
    documents,
    founding,
    importing,
    membership,
    merging,
    network,
    verifying,
)
from guyub.rooms.partners.acting import Refused
from guyub.rooms.partners.models import Document, Examination, Invitation, Member, Merge, Partner, Vouch
from guyub.rooms.partners.rules import Role
from guyub.rooms.partners.tests.conftest import PLACE
from guyub.rooms.people.models import Contact
from guyub.rooms.places import api as places

pytestmark = pytest.mark.django_db


def names_of(row):
    return [fact.name.removeprefix("partners.") for fact in ledger.facts_about(row.subject)]


def fresh(row):
    return Partner.objects.get(pk=row.pk)


def picture():
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "white").save(out, "JPEG")
    return io.BytesIO(out.getvalue())


def test_a_resident_founds_a_few_and_no_office(scene):
    for _n in range(3):
        scene.partner("Nama sama", "ani")
    assert sorted(Partner.objects.values_list("slug", flat=True)) == [
        "nama-sama",
        "nama-sama-2",
        "nama-sama-3",
    ]
    with pytest.raises(Refused, match="paling banyak 3"):
        scene.partner("Keempat", "ani")
    with pytest.raises(NotAllowed):
        scene.partner("Dinas Palsu", "budi", kind="AGENCY")
    with pytest.raises(NotAllowed):
        founding.register(profile=partners.Profile("X"), by=scene.person("budi"), at=scene.now)
    reserved = scene.partner("Jejaring", "budi")
    assert reserved.slug == "jejaring-2"


def test_people_ask_are_answered_change_roles_and_leave(scene):
    row, ani, budi, cici = scene.partner("Kali", "ani"), *map(scene.person, ("ani", "budi", "cici"))
    at = scene.now
    for person in (budi, cici):
        membership.ask_to_join(partner=row.pk, words="Saya mau ikut.", by=person, at=at)
    with pytest.raises(Refused):
        membership.ask_to_join(partner=row.pk, words="Lagi.", by=budi, at=at)
    first, second = Member.objects.filter(state="ASKED").order_by("pk")
    with pytest.raises(NotAllowed):
        membership.decide(member=first.pk, accept=True, by=budi, at=at)
    membership.decide(member=first.pk, accept=True, by=ani, at=at)
    membership.decide(member=second.pk, accept=False, by=ani, at=at)
    with pytest.raises(NotAllowed):
        membership.decide(member=second.pk, accept=True, by=ani, at=at)
    with pytest.raises(NotAllowed):
        membership.change_role(member=first.pk, role=Role.BOARD, by=budi, at=at)
    with pytest.raises(Refused, match="Serahkan"):
        membership.leave(partner=row.pk, by=ani, at=at)
    membership.change_role(member=first.pk, role=Role.LEAD, by=ani, at=at)
    assert {one.role for one in partners.of_account(account=ani.acting)} == {"PENGURUS"}
    with pytest.raises(NotAllowed):
        membership.remove(member=first.pk, by=ani, at=at)
    membership.leave(partner=row.pk, by=ani, at=at)
    assert partners.representatives(partner=row.pk) == [budi.acting]
    assert names_of(row) == [
        "partner_founded",
        "membership_asked",
        "membership_asked",
        "membership_decided",
        "membership_decided",
        "role_changed",
        "role_changed",
        "membership_ended",
    ]
    told = set(Notice.objects.values_list("recipient", flat=True))
    assert told == {f"account:{one.acting}" for one in (ani, budi, cici)}


def test_an_invitation_is_taken_once_and_its_address_leaves(scene):
    row, ani, at = scene.partner("Kali", "ani"), scene.person("ani"), scene.now
    membership.invite(partner=row.pk, email="Tamu@uji.test", role=Role.BOARD, by=ani, at=at)
    with pytest.raises(Refused):
        membership.invite(partner=row.pk, email="tamu@uji.test", role=Role.MEMBER, by=ani, at=at)
    with pytest.raises(NotAllowed):
        membership.invite(partner=row.pk, email="b@uji.test", role=Role.LEAD, by=ani, at=at)
    found = Invitation.objects.get()
    assert Contact.objects.filter(pk=found.contact).exists()
    key = membership.key_of(found)
    for wrong in (key[:-1] + "A", key.partition("-")[0], "-", "x-y", key.upper()):
        assert membership.open_invitation(wrong, at=at) is None or wrong == key
    assert membership.open_invitation(key, at=at + timedelta(days=15)) is None
    membership.accept_invitation(invitation=found.pk, by=scene.person("budi"), at=at)
    assert membership.open_invitation(key, at=at) is None
    assert not Contact.objects.exists()
    with pytest.raises(NotAllowed):
        membership.accept_invitation(invitation=found.pk, by=scene.person("cici"), at=at)
    membership.invite(partner=row.pk, email="lain@uji.test", role=Role.MEMBER, by=ani, at=at)
    assert membership.expire_invitations(at=at + timedelta(days=15)) == 1
    assert not Contact.objects.exists()


def test_the_city_examines_asks_for_more_and_decides(scene):
    row, ani, officer, at = scene.partner("Kali", "ani"), scene.person("ani"), scene.officer(), scene.now
    with pytest.raises(NotAllowed):
        verifying.refuse(partner=row.pk, words="Tidak diminta.", by=officer, at=at)
    verifying.ask(partner=row.pk, by=ani, at=at)
    with pytest.raises(Refused):
        verifying.ask(partner=row.pk, by=ani, at=at)
    assert Examination.objects.get().due_on.isoformat() == "2026-12-11"  # fifteen working days
    verifying.ask_completion(partner=row.pk, words="Susunan pengurus belum ada.", by=officer, at=at)
    verifying.ask(partner=row.pk, by=ani, at=at)
    verifying.refuse(partner=row.pk, words="Orangnya tidak dikenal.", by=officer, at=at)
    verifying.ask(partner=row.pk, by=ani, at=at)
    verifying.ask_completion(partner=row.pk, words="Masih belum ada.", by=officer, at=at)
    at += timedelta(days=60)
    assert verifying.lapse(at=at) == 1
    with pytest.raises(NotAllowed):
        verifying.verify(partner=row.pk, by=ani, at=at)
    verifying.verify(partner=row.pk, by=officer, at=at)
    assert partners.by_ids(ids=[row.pk])[row.pk].is_verified
    verifying.end_verification(partner=row.pk, words="Ternyata lain orangnya.", by=officer, at=at)
    assert names_of(row)[1:] == [
        "verification_asked",
        "completion_asked",
        "verification_asked",
        "verification_refused",
        "verification_asked",
        "completion_asked",
        "verification_lapsed",
        "partner_verified",
        "verification_ended",
    ]


def test_an_officer_decides_nothing_about_their_own(scene):
    officer = scene.officer()
    row = partners.found(profile=partners.Profile("Milik petugas"), by=officer, at=scene.now)
    for act in (verifying.end_verification, founding.suspend):
        with pytest.raises(NotAllowed):
            act(partner=row.pk, words="Alasan panjang.", by=officer, at=scene.now)
    with pytest.raises(NotAllowed):
        verifying.verify(partner=row.pk, by=officer, at=scene.now)


def test_two_people_of_two_verified_partners_stand_for_a_third(scene):
    at = scene.now
    row = scene.partner("Baru", "eka")
    one = scene.partner("Satu", "ani", verified=True)
    two = scene.partner("Dua", "budi", verified=True)
    unknown = scene.partner("Tiga", "cici")
    own = scene.partner("Dua lagi", "ani", verified=True)
    for speaker, by in ((unknown, "cici"), (one, "budi"), (row, "eka")):
        with pytest.raises((Refused, NotAllowed)):
            verifying.vouch(partner=row.pk, speaks_for=speaker.pk, by=scene.person(by), at=at)
    assert not verifying.vouch(partner=row.pk, speaks_for=one.pk, by=scene.person("ani"), at=at)
    with pytest.raises(Refused, match="satu kali"):
        verifying.vouch(partner=row.pk, speaks_for=own.pk, by=scene.person("ani"), at=at)
    assert verifying.vouch(partner=row.pk, speaks_for=two.pk, by=scene.person("budi"), at=at)
    assert fresh(row).verified_how == "VOUCHED"
    verifying.withdraw_vouch(partner=row.pk, by=scene.person("ani"), at=at)
    assert not fresh(row).is_verified
    assert names_of(row)[-2:] == ["vouch_withdrawn", "verification_ended"]
    verifying.vouch(partner=row.pk, speaks_for=one.pk, by=scene.person("ani"), at=at)
    assert fresh(row).is_verified
    verifying.end_verification(partner=row.pk, words="Bukan organisasi nyata.", by=scene.officer(), at=at)
    assert not Vouch.objects.filter(partner=row, withdrawn_at__isnull=True).exists()


def test_a_suspended_partner_acts_no_more_and_a_closed_one_has_nobody(scene):
    row, officer, at = scene.partner("Kali", "ani", verified=True), scene.officer(), scene.now
    ani = scene.person("ani")
    founding.suspend(partner=row.pk, words="Ada keluhan serius.", by=officer, at=at)
    assert not partners.may_act(account=ani.acting, partner=row.pk)
    assert not partners.by_ids(ids=[row.pk])[row.pk].is_verified
    with pytest.raises(NotAllowed):
        founding.change_profile(partner=row.pk, profile=founding.profile_of(row), by=ani, at=at)
    founding.resume(partner=row.pk, words="Sudah dijelaskan.", by=officer, at=at)
    founding.close(partner=row.pk, words="Kami berhenti.", by=ani, at=at)
    assert partners.of_account(account=ani.acting) == []
    assert ledger.facts_about(row.subject)[-1].payload["by_city"] is False
    later = at + timedelta(days=800)
    assert retention.sweep(at=later)["partner_people"] == 1
    assert not Member.objects.exists()


def test_papers_are_pictures_that_few_see_and_that_run_out(scene):
    row, ani, at = scene.partner("Kali", "ani", legal_form="SKT"), scene.person("ani"), scene.now
    until = at.date() + timedelta(days=30)
    add = {"partner": row.pk, "number": "220/7", "by": ani, "at": at, "valid_until": until}
    for bad in (io.BytesIO(b"%PDF-1.7 not a picture"), io.BytesIO(b""), io.BytesIO(b"<svg onload=1>")):
        with pytest.raises(Refused):
            documents.add(kind="SKT", pictures=[bad], **add)
    assert not Document.objects.exists()
    with pytest.raises(NotAllowed):
        documents.add(kind="SKT", pictures=[picture()], **{**add, "by": scene.person("budi")})
    documents.add(kind="SKT", pictures=[picture()], **add)
    found = documents.papers(fresh(row), at=at)
    assert len(found.lacking) == 7
    assert "?s=" in found.rows[0].pictures[0].url
    assert not Photo.objects.get().is_public
    for days, keys in ((0, ["soon"]), (20, ["again", "soon"]), (40, ["again", "over", "soon"])):
        documents.remind(at=at + timedelta(days=days))
        documents.remind(at=at + timedelta(days=days))
        told = Notice.objects.filter(key__contains=":document:").values_list("key", flat=True)
        assert sorted(key.split(":")[4] for key in told) == keys
    assert documents.papers(row, at=at + timedelta(days=40)).rows[0].is_over
    plain = scene.partner("Tanpa dokumen", "budi", legal_form="SKT", legal_until=until)
    assert [documents.remind_of_legal_form(at=at) for _again in range(2)] == [1, 1]
    assert Notice.objects.filter(key__startswith=f"partner:{plain.pk}:legal:").count() == 1
    documents.remove(document=Document.objects.get().pk, by=ani, at=at)
    assert not Photo.objects.exists()


def test_two_entries_become_one_and_two_again(scene):
    at, officer = scene.now, scene.officer()
    kept, gone = scene.partner("Kali", "ani", verified=True), scene.partner("Kali Jernih", "budi")
    membership.ask_to_join(partner=gone.pk, words="Saya mau ikut.", by=scene.person("ani"), at=at)
    documents.add(
        partner=gone.pk,
        kind="AKTA",
        number="",
        valid_until=None,
        pictures=[picture()],
        by=scene.person("budi"),
        at=at,
    )
    merge = merging.merge(kept=kept.pk, gone=gone.pk, words="Orangnya sama.", by=officer, at=at)
    assert partners.by_ids(ids=[gone.pk])[gone.pk].id == kept.pk
    assert partners.find(slug=gone.slug) == fresh(kept)
    assert partners.may_act(account=scene.person("budi").acting, partner=kept.pk)
    assert len(documents.papers(kept, at=at).rows) == 1
    with pytest.raises(NotAllowed):
        merging.merge(kept=kept.pk, gone=gone.pk, words="Sekali lagi.", by=officer, at=at)
    assert not merging.may_undo(Merge.objects.get(), at=at + timedelta(days=31))
    merging.undo(merge=merge, by=officer, at=at)
    assert fresh(gone).status == "ACTIVE"
    assert not partners.may_act(account=scene.person("budi").acting, partner=kept.pk)
    assert [one.role for one in partners.of_account(account=scene.person("budi").acting)] == [Role.LEAD]
    assert Member.objects.get(account_id=scene.person("ani").acting, partner=gone).state == "ASKED"
    assert len(documents.papers(gone, at=at).rows) == 1
    with pytest.raises(NotAllowed):
        merging.undo(merge=merge, by=officer, at=at)


def test_a_closed_account_belongs_to_nothing(scene):
    row = scene.partner("Kali", "ani")
    membership.end_of_account(account=scene.person("ani").acting, at=scene.now)
    membership.end_of_account(account=scene.person("ani").acting, at=scene.now)
    assert names_of(row) == ["partner_founded", "membership_ended"]


LIST = "Nama;Jenis;Bidang;Wilayah;Telepon kontak;Nomor hukum\r\n"


def listed(scene, *rows):
    content = (LIST + "\r\n".join(rows)).encode()
    return importing.keep(content, by=scene.officer(), at=scene.now)


def test_a_list_names_its_wrong_rows_and_writes_nothing(scene):
    draft = listed(
        scene,
        "Kali Jernih;Komunitas;sampah;Kelurahan Entah;;",
        "Taman Kita;Kerajaan;;;;",
        "Pohon Kita;;terbang;;;",
        "Pohon Kita Dua;;;;;",
        "yayasan pohon kita dua;;;;;",
        "=1+1;;;;;",
        "ab;;;;;",
    )
    tried = importing.try_rows(importing.rows_of(draft))
    assert [(one.line, one.column) for one in tried.problems] == [
        (2, "Wilayah"),
        (3, "Jenis"),
        (4, "Bidang"),
        (6, "Nama"),
        (7, "Nama"),
        (8, "Nama"),
    ]
    with pytest.raises(importing.Undecided):
        importing.apply(draft=draft, choices={}, by=scene.officer(), at=scene.now)
    assert not Partner.objects.exists()


def test_somebody_says_which_rows_are_new(scene):
    there = scene.partner("Komunitas Kali Jernih", "ani", themes=("sampah",))
    place = places.gazetteer().get(PLACE)
    draft = listed(
        scene,
        f"Yayasan Kali Jernih;Ormas;Sungai dan air bersih;{place.label};0812 3456 789;",
        "Gowes Santun;Komunitas;;;;",
        "Kali Jernihh;Komunitas;;;;",
    )
    tried = importing.try_rows(importing.rows_of(draft))
    assert [[one.id for one in row.doubles] for row in tried.candidates] == [[there.pk], [], [there.pk]]
    officer = scene.officer()
    with pytest.raises(importing.Undecided):
        importing.apply(draft=draft, choices={2: str(there.pk)}, by=officer, at=scene.now)
    assert Partner.objects.count() == 1
    for forged in ("99999", "merge", ""):
        with pytest.raises(importing.Undecided):
            importing.apply(draft=draft, choices={2: forged, 4: "new"}, by=officer, at=scene.now)
    again = importing.ImportDraft.objects.get(pk=draft.pk)
    done = importing.apply(draft=draft, choices={2: str(there.pk), 4: "skip"}, by=officer, at=scene.now)
    assert done == (1, 1)
    assert importing.apply(draft=again, choices={2: "new", 4: "new"}, by=officer, at=scene.now) == (0, 0)
    assert fresh(there).themes == ["sampah", "sungai-air"]
    assert fresh(there).contact_phone == "0812 3456 789"
    assert fresh(there).name == "Komunitas Kali Jernih"


def test_bodies_and_agencies_are_entered_once(scene):
    district = places.gazetteer().get(PLACE).parent_code
    wards = len(places.gazetteer().within(district))
    assert bodies.register_bodies(district=district, by=scene.officer(), at=scene.now) == 3 * wards
    assert bodies.register_bodies(district=district, by=scene.officer(), at=scene.now) == 0
    made = bodies.register_agencies(by=scene.officer(), at=scene.now)
    assert made > 5
    assert bodies.register_agencies(by=scene.officer(), at=scene.now) == 0
    assert Partner.objects.filter(kind="AGENCY", office__isnull=False, is_verified=True).count() == made


def test_the_network_knows_who_is_tied_and_what_is_missing(scene):
    at, day = scene.now, scene.now.date()
    one = scene.partner("Satu", "ani", verified=True)
    row = scene.partner("Baru", "eka", themes=("umkm",))
    verifying.vouch(partner=row.pk, speaks_for=one.pk, by=scene.person("ani"), at=at)
    web = network.web(since=day - timedelta(days=1))
    assert [(pair.first.name, pair.second.name) for pair in web.pairs] == [("Satu", "Baru")]
    assert network.web(since=day - timedelta(days=1), theme="umkm").pairs == []
    drawn = network.drawing(web.pairs)
    assert drawn is not None
    assert len(drawn.knots) == 2
    assert network.drawing([]) is None
    gaps = network.gaps(place=PLACE)
    cells = {label: [cell.n for cell in row] for _code, label, row in gaps.rows}
    assert cells["Sampah dan daur ulang"] == [1, 0, 0, 0, 0, 0]
    assert "UMKM dan pelatihan kerja" in gaps.missing


def test_what_may_be_founded_is_the_rulebooks(scene):
    rulebook.publish(
        key="partners.founded_at_most",
        value={"amount": 1, "unit": "partner"},
        effective_from=scene.now.date(),
        legal_basis="Perwal contoh",
        confidence="V",
        at=scene.now,
    )
    scene.partner("Satu", "ani")
    with pytest.raises(Refused, match="paling banyak 1"):
        scene.partner("Dua", "ani")

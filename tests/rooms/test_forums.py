"""Forums from the decree to the follow-up, and the conversations about them, as people use them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from guyub.demo.forums import add_demo_forum
from guyub.demo.partners import add_demo_partners
from guyub.kernel.access.api import NotAllowed
from guyub.kernel.cities.api import signature
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Digest, Notice
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.conversation import speaking, threads
from guyub.rooms.conversation.models import Flag, Post, Thread, ThreadFollow
from guyub.rooms.conversation.subscribers import LEAVE
from guyub.rooms.forums.models import Forum, Member
from guyub.rooms.meetings.models import FollowUp, Meeting
from guyub.rooms.partners.models import Partner
from tests.factories import BACKEND, HOST, add_people, picture

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def folk(city):
    """The demo's people and forum, as of the clock: pages ask it for today."""
    found = add_people(on=timezone.now().date())
    add_demo_partners(at=timezone.now())
    add_demo_forum(at=timezone.now())
    return found


@pytest.fixture
def as_(client, folk):
    def open_as(slug):
        client.logout()
        if slug:
            client.force_login(folk.account(slug), backend=BACKEND)
        return client

    client.defaults["HTTP_HOST"] = HOST["host"]
    return open_as


def page(answer, status=200):
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[:500])
    return answer.content.decode()


def forum():
    return Forum.objects.get()


# ── What everyone reads ────────────────────────────────────────────────────────────────────────────────────


def test_everyone_reads_a_forum_and_nobody_its_people(as_, django_assert_max_num_queries):
    nobody = as_("")
    row = forum()
    assert f"/forum/{row.slug}/" in page(nobody.get("/forum/"))
    with django_assert_max_num_queries(14):
        shown = page(nobody.get(f"/forum/{row.slug}/"))
    assert "Wakil Contoh" not in shown
    assert "188/45" in shown
    assert "Sekretariat Daerah" in shown
    # Late comes first, then what is under way, then what is done.
    order = [shown.index(words) for words in ("papan pemilahan", "siap dirawat", "berita acara")]
    assert order == sorted(order)
    assert "1 rapat belum selesai" in shown
    assert "Belum punya wakil" not in shown
    year = Meeting.objects.order_by("starts_at").first().starts_at.year
    decided = page(nobody.get(f"/forum/{row.slug}/keputusan/{year}/"))
    assert "satu halaman" in decided
    assert nobody.get(f"/forum/{row.slug}/keputusan/1500/").status_code == 404
    coming, last, _first = Meeting.objects.order_by("-starts_at")
    opens = page(nobody.get(f"/rapat/{coming.uuid}/"))
    assert opens.index("Dibuka dengan yang belum selesai") < opens.index("papan pemilahan")
    assert "berita acara" not in opens  # done
    held = page(nobody.get(f"/rapat/{last.uuid}/"))
    assert "Kuorum tercapai" in held
    assert "setuju" in held
    assert "/en/forum/" in page(nobody.get("/en/forum/"))
    assert "Opens with what is undone" in page(nobody.get(f"/en/rapat/{coming.uuid}/"))
    calendar = nobody.get(f"/rapat/kalender/{row.subject}.ics")
    assert calendar["Content-Type"].startswith("text/calendar")
    assert calendar.content.count(b"BEGIN:VEVENT") == 3
    assert nobody.get(f"/rapat/{coming.uuid}/rapat.ics").content.count(b"BEGIN:VEVENT") == 1
    done = FollowUp.objects.get(done_at__isnull=False)
    assert "Dinyatakan selesai" in page(nobody.get(f"/rapat/tindak-lanjut/{done.uuid}/"))
    for absent in ("/forum/tidak-ada/", "/rapat/kalender/forums.forum:999.ics", "/rapat/kalender/x.ics"):
        assert nobody.get(absent).status_code == 404


# ── At the desk ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_forum_is_entered_and_its_members_seated(as_, folk):
    keeper = as_("kemitraan")
    assert forum().slug in page(keeper.get("/petugas/forum/"))
    new = "/petugas/forum/baru/?macam=tjsl"
    assert "UU 40/2007" in page(keeper.get(new))
    page(keeper.post(new, {"name": "TJSL"}), 422)
    office = forum().secretariat_id
    said = {
        "name": "Forum TJSL",
        "purpose": "Mempertemukan rencana dan kebutuhan.",
        "decree_number": "SK 1",
        "decree_on": "2026-01-05",
        "term_from": "2026-01-05",
        "last": "2026-01-04",
        "secretariat": office,
    }
    assert "sesudah mulainya" in page(keeper.post(new, said), 422)
    assert keeper.post(new, {**said, "last": "2028-12-31"}).status_code == 302
    row = Forum.objects.get(slug="forum-tjsl")
    assert row.term_until.isoformat() == "2029-01-01"
    desk = f"/petugas/forum/{row.slug}/"
    name = Partner.objects.verified().filter(kind="COMPANY").first().name
    seat = {"seat": "CHAIR", "representative": "Bu Rahasia 0812-0000-1111"}
    page(keeper.post(f"{desk}anggota/baru/", {**seat, "partner": "Tidak Ada"}), 422)
    page(keeper.post(f"{desk}anggota/baru/", {**seat, "partner": name, "office": office}), 422)
    assert keeper.post(f"{desk}anggota/baru/", {**seat, "partner": name.upper()}).status_code == 302
    again = page(keeper.post(f"{desk}anggota/baru/", {**seat, "office": office}), 422)
    assert "masing-masing satu" in again
    assert keeper.post(f"{desk}anggota/baru/", {"seat": "MEMBER", "office": office}).status_code == 302
    member = Member.objects.get(forum=row, seat="CHAIR")
    assert member.representative == seat["representative"]
    assert "Bu Rahasia" in page(keeper.get(desk))
    shown = page(keeper.get(f"/forum/{row.slug}/"))
    assert "Bu Rahasia" not in shown
    assert "Belum punya wakil: Kepala daerah dan DPRD, Masyarakat sipil." in shown
    assert keeper.post(f"{desk}anggota/{member.pk}/", {"seat": "MEMBER"}).status_code == 302
    assert keeper.post(f"{desk}anggota/{member.pk}/", {"aksi": "keluar"}).status_code == 302
    assert keeper.get(f"{desk}anggota/{member.pk}/").status_code == 404
    member.refresh_from_db()
    assert member.representative == ""
    names = [fact.name for fact in ledger.facts_about(row.subject)]
    assert names == [
        "forums.forum_founded",
        *["forums.member_seated"] * 2,
        "forums.member_changed",
        "forums.member_left",
    ]
    assert keeper.post(f"{desk}akhiri/", {"reason": "SK dicabut."}).status_code == 302
    assert keeper.get(desk).status_code == 404
    assert "SK dicabut." in page(keeper.get(f"/forum/{row.slug}/"))
    other = Forum.objects.exclude(pk=row.pk).get().slug
    for slug in ("lurah", "koordinator", "warga", "dewan"):
        assert as_(slug).get(f"/petugas/forum/{other}/").status_code == 404


# ── A meeting ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_meeting_is_run_on_its_page(as_, folk):
    row = forum()
    keeper = as_("kemitraan")
    new = f"/rapat/baru/{row.subject}/"
    today = timezone.localdate()
    said = {
        "kind": "MEETING",
        "title": "Rapat uji",
        "day": (today - DAY).isoformat(),
        "begins": "10.00",
        "ends": "09.00",
        "venue": "Aula",
        "agenda": "Satu\nDua\n",
    }
    assert "sesudah mulainya" in page(keeper.post(new, said), 422)
    answer = keeper.post(new, {**said, "ends": "12:00"})
    meeting = Meeting.objects.get(title="Rapat uji")
    assert answer["Location"] == f"/rapat/{meeting.uuid}/"
    run = f"/rapat/{meeting.uuid}/kelola/"
    before = page(keeper.get(run))
    assert before.index("Dibuka dengan yang belum selesai") < before.index("Kehadiran")
    page(keeper.post(run, {"aksi": "putus", "body": "Belum boleh", "how": "CONSENSUS"}), 422)
    page(keeper.post(run, {"aksi": "hadir", "came": ["office:999999"]}), 422)
    codes = [member.party for member in row.members.all()]
    assert keeper.post(run, {"aksi": "hadir", "came": codes[:1], "others": "Pak Rahasia"}).status_code == 302
    assert "Kuorum tidak tercapai" in page(keeper.get(run))
    page(keeper.post(run, {"aksi": "putus", "body": "Tanpa kuorum", "how": "CONSENSUS"}), 422)
    assert keeper.post(run, {"aksi": "hadir", "came": codes, "others": "Pak Rahasia"}).status_code == 302
    item = meeting.agenda.get(position=2)
    assert (
        keeper.post(run, {"aksi": "notulen", f"item-{item.pk}": "Dibahas, telp 0812-3456-7890."}).status_code
        == 302
    )
    vote = {"aksi": "putus", "body": "Disetujui bersama.", "how": "VOTE", "in_favour": 3, "against": 5}
    page(keeper.post(run, vote), 422)
    page(keeper.post(run, {**vote, "abstain": 0}), 422)
    assert keeper.post(run, {**vote, "in_favour": 5, "against": 1, "abstain": 0}).status_code == 302
    task = {
        "aksi": "tugas",
        "what": "Kerjakan ini",
        "owner": codes[-1],
        "due_on": (today + 9 * DAY).isoformat(),
    }
    page(keeper.post(run, {**task, "due_on": "1990-01-01"}), 422)
    assert keeper.post(run, task).status_code == 302
    public = page(as_("").get(f"/rapat/{meeting.uuid}/"))
    assert "Dibahas" not in public  # not approved yet
    assert "Pak Rahasia" not in public
    keeper = as_("kemitraan")
    assert keeper.post(run, {"aksi": "sah"}).status_code == 302
    page(keeper.post(run, {"aksi": "hadir", "came": []}), 422)
    page(keeper.post(run, {"aksi": "notulen", f"item-{item.pk}": "Diubah diam-diam."}), 422)
    fixed = {"aksi": "notulen", f"item-{item.pk}": "Dibahas lengkap.", "reason": "Kurang lengkap."}
    assert keeper.post(run, fixed).status_code == 302
    public = page(as_("").get(f"/rapat/{meeting.uuid}/"))
    assert "Dibahas lengkap." in public
    assert "Diperbaiki (versi 2): Kurang lengkap." in public
    assert "0812-3456-7890" not in public  # the earlier version is masked as every public text
    assert "5 setuju, 1 tidak setuju, 0 abstain" in public
    for slug in ("warga", "lurah", "dewan", "dukungan"):
        assert as_(slug).get(run).status_code == 404
        assert as_(slug).get(new).status_code == 404


def test_whoever_owes_it_says_that_it_is_done(as_, client, folk):
    late = FollowUp.objects.order_by("due_on").filter(done_at__isnull=True).first()
    assert late.owner.startswith("office:") or late.owner.startswith("partner:")
    mine = FollowUp.objects.get(owner__startswith="partner:", done_at__isnull=True)
    answer = f"/rapat/tindak-lanjut/{mine.uuid}/jawab/"
    assert as_("lurah").get(answer).status_code == 404
    assert as_("").post(answer, {}).status_code == 302  # to sign in
    partner = Partner.objects.get(pk=int(mine.owner.partition(":")[2]))
    as_("")
    founder = client
    founder.force_login(partner.founded_by, backend=BACKEND)
    shown = page(founder.get(answer))
    assert "Sudah selesai" in shown
    assert "Ubah tenggat" not in shown
    page(founder.post(answer, {"aksi": "geser", "due_on": "2027-01-01", "reason": "Nanti saja."}), 422)
    page(founder.post(answer, {"aksi": "selesai", "note": ""}), 422)
    said = {"aksi": "selesai", "note": "Sudah didata semua.", "photo": picture()}
    assert founder.post(answer, said).status_code == 302
    public = page(as_("").get(f"/rapat/tindak-lanjut/{mine.uuid}/"))
    assert "Sudah didata semua." in public
    assert "<img" in public
    assert "Tindak lanjut selesai" in page(as_("").get(f"/mitra/{partner.slug}/"))


# ── Conversations ──────────────────────────────────────────────────────────────────────────────────────────


def test_four_actors_talk_and_a_decision_becomes_a_follow_up(as_, folk):
    row, thread = forum(), Thread.objects.get()
    here = f"/percakapan/{thread.uuid}/"
    shown = page(as_("").get(here))
    assert "Wali Kota" in shown
    assert "Kepala Daerah Contoh" not in shown
    assert "Jawaban kepala daerah dan dewan" in shown
    assert "Yang sudah diputuskan" in shown
    assert f"?next={here}" in shown
    assert here in page(as_("").get("/percakapan/"))
    assert here in page(as_("").get(f"/percakapan/tentang/{row.subject}/"))
    council = as_("dewan")
    voice = re.search(r'value="(dewan@[^"]+)"', page(council.get(here)))[1]
    answer = council.post(f"{here}tulis/", {"body": "Dewan mendukung. NIK 3273024505900003.", "voice": voice})
    assert answer.status_code == 302
    post = Post.objects.latest("pk")
    assert post.actor == "GOV_POLITICAL"
    assert answer["Location"].endswith(f"#pesan-{post.pk}")
    shown = page(as_("").get(here))
    assert "Anggota DPRD" in shown
    assert "3273024505900003" not in shown
    page(as_("warga").post(f"{here}tulis/", {"body": "Saya pura-pura dewan.", "voice": voice}), 422)
    acts = f"/percakapan/pesan/{post.pk}/"
    for slug, can in (("warga", False), ("lurah", False), ("kemitraan", True)):
        assert ("Tandai sebagai keputusan" in page(as_(slug).get(acts))) is can
    keeper = as_("kemitraan")
    task = {"aksi": "tugas", "what": "Anggarkan papan", "owner": f"office:{row.secretariat_id}"}
    task["due_on"] = (timezone.localdate() + 30 * DAY).isoformat()
    page(keeper.post(acts, task), 422)  # not marked yet
    assert keeper.post(acts, {"aksi": "putusan"}).status_code == 302
    assert keeper.post(acts, task).status_code == 302
    made = FollowUp.objects.get(what="Anggarkan papan")
    post.refresh_from_db()
    assert post.task == f"meetings.follow_up:{made.pk}"
    assert f"/rapat/tindak-lanjut/{made.uuid}/" in page(as_("").get(here))
    page(as_("kemitraan").post(acts, task), 422)  # once
    # While people vote, the answers of those whom they vote on do not stand out.
    rulebook.publish(
        key="conversation.election_periods",
        value=[{"from": "2020-01-01", "until": "2099-01-01", "name": "Kampanye contoh"}],
        effective_from=timezone.localdate() - DAY,
        legal_basis="PKPU contoh",
        confidence="V",
        at=timezone.now(),
    )
    shown = page(as_("").get(here))
    assert "Kampanye contoh" in shown
    assert "Jawaban kepala daerah dan dewan" not in shown


def test_a_message_is_hidden_with_a_reason_and_shown_again(as_, folk):
    thread, warga = Thread.objects.get(), folk["warga"]
    here = f"/percakapan/{thread.uuid}/"
    post = threads.say(thread=thread.uuid, body="Lurahnya bodoh.", voice="warga", by=warga, at=timezone.now())
    acts = f"/percakapan/pesan/{post.pk}/"
    reader = as_("ketua-rt")
    page(reader.post(acts, {"aksi": "adukan", "reason": "APA_SAJA"}), 422)
    assert reader.post(acts, {"aksi": "adukan", "reason": "MENYERANG"}).status_code == 302
    page(reader.post(acts, {"aksi": "sembunyikan", "reason": "MENYERANG"}), 422)
    assert "Lurahnya bodoh." not in page(as_("lurah").get("/petugas/percakapan/"))  # not theirs to moderate
    keeper = as_("kemitraan")
    assert acts in page(keeper.get("/petugas/percakapan/"))
    hide = {"aksi": "sembunyikan", "reason": "MENYERANG", "words": "Kritik boleh, menghina tidak."}
    assert keeper.post(acts, hide).status_code == 302
    shown = page(as_("").get(here))
    assert "Lurahnya bodoh." not in shown
    assert "Alasan: Menghina atau mengancam orang." in shown
    assert "Kritik boleh, menghina tidak." in shown
    told = Notice.objects.get(recipient=f"account:{warga.account}", subject="Pesan Anda disembunyikan")
    assert "Menghina atau mengancam orang" in told.body
    assert not Flag.objects.filter(settled_at__isnull=True).exists()
    assert as_("kemitraan").post(acts, {"aksi": "tampilkan"}).status_code == 302
    assert "Lurahnya bodoh." in page(as_("").get(here))
    facts = [
        fact for fact in ledger.facts_about(threads.subject_of(thread)) if fact.payload.get("post") == post.pk
    ]
    assert [fact.name.partition(".")[2] for fact in facts] == [
        "posted",
        "post_flagged",
        "post_hidden",
        "flags_settled",
        "post_shown_again",
    ]
    assert [fact.actor for fact in facts[:2]] == [None, None]  # a resident without a name, and who objected


def test_words_are_put_right_soon_and_taken_back_by_their_author_alone(folk, city):
    thread, warga, now = Thread.objects.get(), folk["warga"], timezone.now()
    post = threads.say(thread=thread.uuid, body="Salah ketk.", voice="warga", by=warga, at=now)
    assert threads.say(thread=thread.uuid, body="Salah ketk.", voice="warga", by=warga, at=now).pk == post.pk
    threads.edit(post=post.pk, body="Salah ketik.", by=warga, at=now + timedelta(minutes=14))
    with pytest.raises(threads.Refused):
        threads.edit(post=post.pk, body="Lain sama sekali.", by=warga, at=now + timedelta(minutes=16))
    for person in (folk["ketua-rt"], folk["kemitraan"]):
        with pytest.raises(NotAllowed):
            threads.edit(post=post.pk, body="Bukan punya saya.", by=person, at=now)
        with pytest.raises(NotAllowed):
            threads.withdraw(post=post.pk, by=person, at=now)
    for person in (warga, folk["lurah"], folk["dewan"]):
        with pytest.raises(NotAllowed):
            threads.hide(post=post.pk, reason="GANDA", by=person, at=now)
        with pytest.raises(NotAllowed):
            threads.mark_decision(post=post.pk, by=person, at=now)
    threads.withdraw(post=post.pk, by=warga, at=now + DAY)
    post.refresh_from_db()
    assert (post.body, post.public_body) == ("", "")
    many = {"thread": thread.uuid, "voice": "warga", "by": warga, "at": now + 2 * DAY}
    for n in range(20):
        threads.say(body=f"Pesan {n}", **many)
    with pytest.raises(threads.Refused):  # too many in an hour
        threads.say(body="Pesan lagi", **many)
    voices = speaking.voices_of(folk["lurah"])
    assert voices[0].code.startswith("lurah@office:")
    assert all(voice.role for voice in voices)  # an officer is no resident here
    assert speaking.voices_of(folk["dukungan"])[0].code == "warga"


def test_followers_get_one_line_a_digest_and_leave_by_its_link(as_, folk, city):
    thread = Thread.objects.get()
    here = f"/percakapan/{thread.uuid}/"
    reader = as_("ketua-rt")
    assert reader.post(f"{here}ikuti/", {"pace": "DAILY"}).status_code == 302
    assert "Berhenti mengikuti" in page(reader.get(here))
    later = timezone.now() + timedelta(minutes=1)
    for n in range(3):
        threads.say(thread=thread.uuid, body=f"Kabar {n}", voice="warga", by=folk["warga"], at=later)
    said = [
        fact.id for fact in ledger.facts_about(threads.subject_of(thread)) if fact.name.endswith(".posted")
    ]
    assert ledger.react("conversation.tell_followers", said) == len(said)
    [notice] = Notice.objects.filter(key__startswith=f"thread:{thread.pk}:")
    assert notice.held_until > later
    assert "Kabar" not in notice.subject + notice.body
    assert Digest.objects.count() == 0
    key = ThreadFollow.objects.get().uuid.hex
    address = f"/percakapan/berhenti/{key}-{signature(LEAVE, key)}/"
    assert "Ya, berhenti" in page(as_("").get(address))
    assert as_("").get(f"/percakapan/berhenti/{key}-{'x' * 22}/").status_code == 404
    page(as_("").post(address))
    assert not ThreadFollow.objects.exists()


def test_long_threads_have_pages(as_, folk):
    thread = Thread.objects.get()
    Post.objects.bulk_create(
        Post(
            thread=thread,
            body=f"Pesan ke-{n}.",
            public_body=f"Pesan ke-{n}.",
            actor="CIVIL_SOCIETY",
            at=timezone.now() + timedelta(seconds=n),
        )
        for n in range(70)
    )
    here = f"/percakapan/{thread.uuid}/"
    first = page(as_("").get(here))
    assert "Halaman 1 dari 3" in first
    assert "Pesan ke-69." not in first
    assert "Pesan ke-69." in page(as_("").get(f"{here}?hal=3"))
    for junk in ("0", "-1", "abc", "99999", "9" * 40):
        assert as_("").get(f"{here}?hal={junk}").status_code == 200

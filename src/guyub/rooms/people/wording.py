"""How facts about accounts and grants are said: to admins and to the person themselves, never in public."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.events import people as events
from guyub.kernel.access.api import ROLES, role_title
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells
from guyub.rooms.people.queries import directory
from guyub.rooms.people.rules import Kind

KIND_LABELS = {
    Kind.DEFINITIVE: gettext_lazy("Definitif"),
    Kind.PLT: gettext_lazy("Plt (pelaksana tugas): jabatan kosong"),
    Kind.PLH: gettext_lazy("Plh (pelaksana harian): pejabat berhalangan"),
    Kind.DELEGATION: gettext_lazy("Pelimpahan wewenang"),
}
CAUSES = {
    "revoked": gettext_lazy("dicabut"),
    "expired": gettext_lazy("habis masanya"),
    "source-ended": gettext_lazy("wewenang pimpinannya berakhir"),
    "base-ended": gettext_lazy("tugas pengganti di kantornya berakhir"),
    "account-closed": gettext_lazy("akun ditutup"),
}


def _about(fact: RecordedFact) -> dict[str, str]:
    role, kind = fact.payload["role"], fact.payload.get("kind", Kind.DEFINITIVE)
    office = directory().by_id.get(fact.payload["organisation"])
    return {
        "title": role_title(role, kind) if role in ROLES else role,
        "office": office.name if office else "–",
    }


def _inside(fact: RecordedFact, text: str, tone: str = "info") -> Sentence:
    return Sentence(at=fact.occurred_at, text=text, tone=tone, public=False)


@tells(events.GrantGiven)
def _given(fact: RecordedFact) -> Sentence:
    return _inside(fact, _("Wewenang diberikan: %(title)s di %(office)s") % _about(fact), "confirmed")


@tells(events.GrantEnded)
def _ended(fact: RecordedFact) -> Sentence:
    said = {**_about(fact), "cause": CAUSES.get(fact.payload["cause"], "")}
    return _inside(fact, _("Wewenang berakhir: %(title)s di %(office)s (%(cause)s)") % said, "rejected")


@tells(events.AccountErased)
def _erased(fact: RecordedFact) -> Sentence | None:
    return None  # nobody is left whose story it would be in


@tells(events.AccountClosed)
def _closed(fact: RecordedFact) -> Sentence:
    return _inside(fact, _("Akun ditutup"), "rejected")


@tells(events.SecondFactorReset)
def _reset(fact: RecordedFact) -> Sentence:
    return _inside(fact, _("Faktor kedua direset"), "waiting")


@tells(events.SupportOpened)
def _support_opened(fact: RecordedFact) -> Sentence:
    return _inside(fact, _("Akses dukungan dibuka"), "waiting")


@tells(events.SupportEnded)
def _support_ended(fact: RecordedFact) -> Sentence:
    ended = fact.payload["cause"] == "ended"
    return _inside(fact, _("Akses dukungan diakhiri") if ended else _("Akses dukungan habis waktunya"))


@tells(events.OfficeDescribed)
def _described(fact: RecordedFact) -> Sentence:
    return _inside(fact, _("Alamat dan jam buka kantor diubah"))


@tells(events.ClientAdded)
def _client_added(fact: RecordedFact) -> Sentence:
    return _inside(fact, _("Kunci aplikasi dibuat"), "confirmed")


@tells(events.ClientEnded)
def _client_ended(fact: RecordedFact) -> Sentence:
    return _inside(fact, _("Kunci aplikasi diakhiri"), "rejected")


@tells(events.TableImported)
def _imported(fact: RecordedFact) -> Sentence:
    said = {"added": fact.payload["added"], "changed": fact.payload["changed"]}
    return _inside(fact, _("Tabel diimpor: %(added)d ditambah, %(changed)d diubah") % said)

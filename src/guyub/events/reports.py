"""What happens to reports."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("reports.report_submitted")
@dataclass(frozen=True, kw_only=True)
class ReportSubmitted(Event):
    report: int
    number: str
    report_class: str
    category: str
    about_conduct: bool
    is_hazard: bool


@event("reports.report_published")
@dataclass(frozen=True, kw_only=True)
class ReportPublished(Event):
    report: int
    is_redacted: bool


@event("reports.report_state_changed")
@dataclass(frozen=True, kw_only=True)
class ReportStateChanged(Event):
    """The public state, derived from the states of the report's cases."""

    report: int
    from_state: str
    to_state: str
    about_conduct: bool


@event("reports.report_supported")
@dataclass(frozen=True, kw_only=True)
class ReportSupported(Event):
    report: int


@event("reports.identity_viewed")
@dataclass(frozen=True, kw_only=True)
class IdentityViewed(Event):
    """An officer looked at who the reporter is."""

    report: int


@event("reports.report_withdrawn")
@dataclass(frozen=True, kw_only=True)
class ReportWithdrawn(Event):
    """What had been published minutes ago is hidden again: its verification was taken back."""

    report: int


@event("reports.masking_changed")
@dataclass(frozen=True, kw_only=True)
class MaskingChanged(Event):
    """An officer chose what is masked in public: how many false alarms are shown, how many words hidden by hand."""

    report: int
    shown: int
    hidden: int


@event("reports.report_hidden")
@dataclass(frozen=True, kw_only=True)
class ReportHidden(Event):
    """Its reporter took it out of everyone's sight, for good; `state` is its public state at that moment."""

    report: int
    state: str


@event("reports.report_corrected")
@dataclass(frozen=True, kw_only=True)
class ReportCorrected(Event):
    """Its reporter changed the words before an officer had verified them."""

    report: int


@event("reports.words_added")
@dataclass(frozen=True, kw_only=True)
class WordsAdded(Event):
    """Its reporter added words for the office."""

    report: int
    message: int


@event("reports.contact_corrected")
@dataclass(frozen=True, kw_only=True)
class ContactCorrected(Event):
    report: int


@event("reports.person_erased")
@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """Who reported was erased on the person's own request; the report stays without one."""

    report: int


@event("reports.words_erased")
@dataclass(frozen=True, kw_only=True)
class WordsErased(Event):
    """The reporter's words and photos were erased."""

    report: int


@event("reports.data_given")
@dataclass(frozen=True, kw_only=True)
class DataGiven(Event):
    """The reporter took a copy of all that is kept about them here."""

    report: int


@event("reports.data_requested")
@dataclass(frozen=True, kw_only=True)
class DataRequested(Event):
    report: int
    request: int
    kind: str


@event("reports.data_request_decided")
@dataclass(frozen=True, kw_only=True)
class DataRequestDecided(Event):
    report: int
    request: int
    kind: str
    is_granted: bool


@event("reports.photo_blurred")
@dataclass(frozen=True, kw_only=True)
class PhotoBlurred(Event):
    """Parts of a photo were made unreadable; by its reporter, who has no account here, the original is gone too."""

    report: int
    is_original_kept: bool
    photo: str = ""


@event("reports.lapor_item_entered")
@dataclass(frozen=True, kw_only=True)
class LaporItemEntered(Event):
    """A coordinator brought in what a resident had sent to SP4N-LAPOR!; it keeps its number there."""

    report: int
    external_id: str


@event("reports.report_entered")
@dataclass(frozen=True, kw_only=True)
class ReportEntered(Event):
    """A report came by another channel, entered by an officer or (a mail) by itself; whether the resident agreed that
    their contact is kept."""

    report: int
    channel: str
    has_consent: bool


@event("reports.lapor_answer_copied")
@dataclass(frozen=True, kw_only=True)
class LaporAnswerCopied(Event):
    """An officer carried the answers up to a fact back to SP4N-LAPOR!."""

    report: int
    through: int


@event("reports.lapor_reaction_recorded")
@dataclass(frozen=True, kw_only=True)
class LaporReactionRecorded(Event):
    """A coordinator wrote down what the reporter said in SP4N-LAPOR! of the finished work."""

    report: int
    reaction: str
    message: int


@event("reports.report_merged")
@dataclass(frozen=True, kw_only=True)
class ReportMerged(Event):
    """The report `into` stands for this one from now on."""

    report: int
    into: int
    merge: int


@event("reports.report_separated")
@dataclass(frozen=True, kw_only=True)
class ReportSeparated(Event):
    """The merge was taken back, by an office or because the reporter said so in `message`."""

    report: int
    into: int
    merge: int
    message: int | None = None


@event("reports.report_gathered")
@dataclass(frozen=True, kw_only=True)
class ReportGathered(Event):
    """This report stands for `merged` too, or (`is_over`) no longer."""

    report: int
    merged: int
    number: str
    is_over: bool


@event("reports.report_added_to")
@dataclass(frozen=True, kw_only=True)
class ReportAddedTo(Event):
    """A neighbour joined instead of reporting again and left words, which only officers read."""

    report: int
    message: int


@event("reports.sent_by_client")
@dataclass(frozen=True, kw_only=True)
class SentByClient(Event):
    """A report came by a program with a key (`client`, of `people`)."""

    report: int
    client: int


@event("reports.link_changed")
@dataclass(frozen=True, kw_only=True)
class LinkChanged(Event):
    """The reporter took a new link; the old one opens nothing any more."""

    report: int


@event("reports.fix_witnessed")
@dataclass(frozen=True, kw_only=True)
class FixWitnessed(Event):
    """Somebody besides the reporter said of a completion whether it is fixed; `kind` is KETUA_RT or WARGA. Where the
    report does not say its RT (`is_rt_known`), the head of one said that they had looked there."""

    report: int
    evidence: int
    kind: str
    is_fixed: bool
    is_rt_known: bool = True


@event("reports.category_model_trained")
@dataclass(frozen=True, kw_only=True)
class CategoryModelTrained(Event):
    """A model that suggests categories was trained on decided cases; shares in thousandths, never a word of them."""

    model: int
    digest: str
    cases: int
    held_out: int
    first: int
    among_three: int


@event("reports.category_corrected")
@dataclass(frozen=True, kw_only=True)
class CategoryCorrected(Event):
    """An officer put a report under the category that it is about; `message` says why."""

    report: int
    from_category: str
    to_category: str
    became_hazard: bool
    message: int


@event("reports.question_defined")
@dataclass(frozen=True, kw_only=True)
class QuestionDefined(Event):
    """A category asks a question in a new version (`edition`), or (`is_over`) no longer."""

    attribute: int
    category: str
    code: str
    edition: int
    is_over: bool

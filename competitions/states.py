"""States, phases and closed sets of competitions and applications. Pure."""

from enum import StrEnum

from app.core.states import Machine


class CompetitionKind(StrEnum):
    """What is given: grants against a budget, or prizes."""

    GRANT = "grant"
    PRIZE = "prize"


class CompetitionState(StrEnum):
    """Acts of people; what is going on today is `phase`, computed from the calendar."""

    DRAFT = "draft"
    APPROVED = "approved"
    ANNOUNCED = "announced"
    DECIDED = "decided"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


COMPETITION = Machine(
    "competition",
    CompetitionState.DRAFT,
    [
        (CompetitionState.DRAFT, CompetitionState.APPROVED, "approve"),
        (CompetitionState.APPROVED, CompetitionState.DRAFT, "reopen"),
        (CompetitionState.APPROVED, CompetitionState.ANNOUNCED, "announce"),
        (CompetitionState.ANNOUNCED, CompetitionState.DECIDED, "decide"),
        (CompetitionState.DECIDED, CompetitionState.ANNOUNCED, "reconsider"),
        (CompetitionState.DECIDED, CompetitionState.PUBLISHED, "publish"),
        (CompetitionState.DRAFT, CompetitionState.CANCELLED, "cancel"),
        (CompetitionState.APPROVED, CompetitionState.CANCELLED, "cancel"),
        (CompetitionState.ANNOUNCED, CompetitionState.CANCELLED, "cancel"),
    ],
)


class Milestone(StrEnum):
    """The instants of a calendar, in the order in which they normally come."""

    OPENS = "opens"
    CLOSES = "closes"
    CHECKED = "checked"
    FREEZES = "freezes"
    SCORING_OPENS = "scoring_opens"
    SCORING_CLOSES = "scoring_closes"
    PITCH = "pitch"
    PUBLISHES = "publishes"
    APPEALS_CLOSE = "appeals_close"
    CONTRACTS = "contracts"
    PAYS = "pays"
    INTERIM_REPORTS = "interim_reports"
    REPORTS = "reports"


class Phase(StrEnum):
    """What is going on at an instant; computed, never stored."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CHECKING = "checking"
    TRAINING = "training"
    SCORING = "scoring"
    PITCH = "pitch"
    DECIDING = "deciding"
    CONTRACTING = "contracting"
    REPORTING = "reporting"


class RulesState(StrEnum):
    """The life of one version of the rules."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


RULES = Machine(
    "rules",
    RulesState.DRAFT,
    [
        (RulesState.DRAFT, RulesState.APPROVED, "approve"),
        (RulesState.APPROVED, RulesState.SUPERSEDED, "supersede"),
    ],
)


class QuestionKind(StrEnum):
    """What kind of answer a question takes."""

    SHORT = "short"
    LONG = "long"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    MULTIPLE_CHOICE = "multiple_choice"
    YES_NO = "yes_no"
    PHONE = "phone"
    EMAIL = "email"
    TABLE = "table"
    BUDGET = "budget"
    FILE = "file"
    DISTRICT = "district"
    PERSON_NAME = "person_name"
    IIN = "iin"
    CONTACT = "contact"
    REGION_DISTRICT = "region_district"
    INSTITUTION = "institution"
    CONSENT = "consent"
    TEXT_BLOCK = "text_block"


class ApplicationState(StrEnum):
    """Acts on one application; finalist, winner and the rest are computed from scoring and awards."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ADMITTED = "admitted"
    NOT_ADMITTED = "not_admitted"
    WITHDRAWN = "withdrawn"


APPLICATION = Machine(
    "application",
    ApplicationState.DRAFT,
    [
        (ApplicationState.DRAFT, ApplicationState.SUBMITTED, "submit"),
        (ApplicationState.SUBMITTED, ApplicationState.RETURNED, "return"),
        (ApplicationState.RETURNED, ApplicationState.SUBMITTED, "resubmit"),
        (ApplicationState.RETURNED, ApplicationState.SUBMITTED, "undo_return"),
        (ApplicationState.SUBMITTED, ApplicationState.ADMITTED, "admit"),
        (ApplicationState.SUBMITTED, ApplicationState.NOT_ADMITTED, "refuse"),
        (ApplicationState.RETURNED, ApplicationState.NOT_ADMITTED, "refuse"),
        (ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN, "withdraw"),
        (ApplicationState.RETURNED, ApplicationState.WITHDRAWN, "withdraw"),
        (ApplicationState.ADMITTED, ApplicationState.WITHDRAWN, "withdraw"),
        (ApplicationState.ADMITTED, ApplicationState.SUBMITTED, "undo_admit"),
        (ApplicationState.NOT_ADMITTED, ApplicationState.SUBMITTED, "undo_refuse"),
        (ApplicationState.NOT_ADMITTED, ApplicationState.SUBMITTED, "uphold_appeal"),
        (ApplicationState.WITHDRAWN, ApplicationState.SUBMITTED, "undo_withdraw"),
        (ApplicationState.WITHDRAWN, ApplicationState.RETURNED, "undo_withdraw"),
        (ApplicationState.WITHDRAWN, ApplicationState.ADMITTED, "undo_withdraw"),
    ],
)


class CheckOutcome(StrEnum):
    """What a checker decided of one application."""

    RETURNED = "returned"
    ADMITTED = "admitted"
    NOT_ADMITTED = "not_admitted"

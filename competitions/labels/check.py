"""The words of checking: why it cannot be done now, and what the computer noticed."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.modules import Label
from competitions.rules.checking import BulkAct, CheckRefusal, Hint, Order
from competitions.rules.likeness import Likeness

LABELS: tuple[dict[Any, Label], ...] = (
    {
        CheckRefusal.REASON_MISSING: Label(_l("Write at least one reason: the applicant must know what to do.")),
        CheckRefusal.REASON_TOO_LONG: Label(_l("A reason is longer than %(limit)s characters.")),
        CheckRefusal.DUE_IN_THE_PAST: Label(_l("The term for corrections must end in the future.")),
        CheckRefusal.FROZEN: Label(
            _l("The applications were frozen on %(instant)s for the jury, so nothing can be corrected now. Admit it or not.")
        ),
        CheckRefusal.DUE_AFTER_FREEZE: Label(_l("Corrections must be in before the applications are frozen: %(instant)s.")),
        CheckRefusal.DUE_BEFORE_CLOSING: Label(
            _l("Applications are open until %(instant)s: corrections must not be due earlier than that.")
        ),
        CheckRefusal.TERM_RUNNING: Label(_l("The applicant has until %(instant)s to correct the application.")),
        CheckRefusal.LETTER_SENT: Label(_l("The letter left on %(instant)s, so the decision can no longer be taken back.")),
        CheckRefusal.NOTHING_TO_UNDO: Label(_l("There is no decision that could be taken back.")),
        CheckRefusal.SAME_PERSON_ADMITTED: Label(
            _l(
                "%(code)s has the same identity number and is admitted already. One person has one application: "
                "find out whose number it is, and do not admit the other one."
            )
        ),
        CheckRefusal.NOT_WAITING: Label(_l("They do not wait for a check.")),
        CheckRefusal.ONE_OF_TWO: Label(
            _l("The same person has another application here. Open them and decide one by one which of them takes part.")
        ),
        CheckRefusal.TOO_MANY: Label(_l("As many are decided at once as you can go through by eye. These come next.")),
        CheckRefusal.NONE_CHOSEN: Label(_l("Tick at least one application.")),
        CheckRefusal.MOVED_ON: Label(
            _l("Nothing was done: meanwhile something changed in %(codes)s. The list below is as it stands now; look again.")
        ),
        CheckRefusal.NEWER_VERSION: Label(
            _l("Nothing was done: on %(instant)s the applicant sent a newer version. Read it, then decide.")
        ),
        CheckRefusal.CONSENT_WITHDRAWN: Label(
            _l(
                "The consent to the processing of personal data is withdrawn, and nobody is admitted without it. Write to the "
                "applicant: if she wants to go on, return the application, and she gives the consent when she sends it again."
            )
        ),
    },
    {
        Hint.UNCHANGED: Label(_l("This version is word for word the one before it."), "warning"),
        Hint.AGE_OUTSIDE: Label(_l("The age on the closing day is outside the limits of the rules."), "danger"),
        Hint.IIN_DIFFERS: Label(
            _l("The identity number does not begin with the date of birth. Since 2013 this may be so: ask if in doubt."),
            "warning",
        ),
        Hint.SAME_PERSON: Label(_l("Another application here has the same identity number: %(code)s."), "danger"),
        Hint.NAME_IN_PROJECT: Label(
            _l("The surname of the applicant stands in the project part, which the jury reads."), "warning"
        ),
        Hint.PHONE_IN_PROJECT: Label(
            _l("A phone number of the applicant stands in the project part, which the jury reads."), "warning"
        ),
        Hint.ADDRESS_IN_PROJECT: Label(
            _l("An address stands in the project part, which the jury reads: %(address)s. It may tell who the applicant is."),
            "warning",
        ),
        Hint.FORBIDDEN_ITEM: Label(
            _l("Line %(row)s of the budget may be something the grant must not pay for: %(word)s."), "warning"
        ),
        Hint.QUOTES_MISSING: Label(
            _l("Something in the budget is dear enough to need a price quote, and none is attached."), "warning"
        ),
        Hint.STATUS_UNPROVEN: Label(
            _l("No proof of graduate status is attached: ask the institution to confirm it."), "warning"
        ),
        Hint.AMOUNT_DIFFERS: Label(_l("The amount requested differs from the grant part of the budget."), "warning"),
    },
    {
        Likeness.SAME_PERSON: Label(_l("The same person: one identity number, or records that were joined."), "danger"),
        Likeness.SAME_PHONE_AND_BIRTH: Label(_l("The same phone %(phone)s and the same date of birth."), "danger"),
        Likeness.SIMILAR_NAME: Label(_l("The names are alike: “%(name)s” and “%(other)s”."), "warning"),
        Likeness.SIMILAR_TEXT: Label(
            _l("%(share)s%% of the text is the same word for word. The longest passage: “%(passage)s”."),
            "warning",
        ),
    },
    {
        BulkAct.ADMIT: Label(_l("Admit several applications")),
        BulkAct.RETURN: Label(_l("Return several applications")),
        BulkAct.UNDO: Label(_l("Take several decisions back")),
    },
    {
        Order.CODE: Label(_l("by code")),
        Order.WAITING: Label(_l("longest waiting first")),
        Order.NEWEST: Label(_l("last changed first")),
        Order.NAME: Label(_l("by name")),
    },
)
# Verbs of the record of acts, as the history of an application tells them.
VERBS: dict[str, Any] = {
    "start": _l("started"),
    "submit": _l("submitted"),
    "copy": _l("answers copied from an earlier application"),
    "ask": _l("question of the applicant"),
    "answer": _l("answer to the applicant"),
    "settle": _l("no answer needed"),
    "appeal": _l("appeal against the refusal"),
    "answer_appeal": _l("appeal answered"),
    "attach": _l("file attached"),
    "detach": _l("file removed"),
    "amend": _l("sent again by the applicant"),
    "return": _l("returned for revision"),
    "resubmit": _l("being checked again"),
    "admit": _l("admitted to the competition"),
    "refuse": _l("not admitted"),
    "withdraw": _l("withdrawn"),
    "undo_return": _l("return taken back"),
    "undo_admit": _l("admission taken back"),
    "undo_refuse": _l("refusal taken back"),
    "uphold_appeal": _l("being checked again after the appeal"),
    "undo_withdraw": _l("withdrawal taken back"),
}

"""The words of appeals: why one is not taken or not answered."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.modules import Label
from competitions.rules.appeal import AppealRefusal

LABELS: tuple[dict[Any, Label], ...] = (
    {
        AppealRefusal.NOT_REFUSED: Label(_l("There is no refusal to appeal against.")),
        AppealRefusal.TERM_PASSED: Label(_l("Appeals were taken until %(instant)s.")),
        AppealRefusal.APPEALED_ALREADY: Label(_l("You have appealed already; the answer comes by letter.")),
        AppealRefusal.NO_APPEAL: Label(_l("There is no appeal to answer.")),
        AppealRefusal.ANSWERED_ALREADY: Label(_l("This appeal is answered already.")),
    },
)

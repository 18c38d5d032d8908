"""The words of acts on competitions and applications."""

from typing import Any

from flask_babel import lazy_gettext as _l

# Acts as the record of acts names them, by `Noun.verb`.
ACTS: dict[str, Any] = {
    "Competition.create": _l("a competition was made"),
    "Competition.edit_texts": _l("texts of a competition were edited"),
    "Competition.compare_languages": _l("the languages of a text were compared"),
    "Competition.edit_dates": _l("dates of a competition were edited"),
    "Competition.edit_settings": _l("settings of a competition were edited"),
    "Competition.edit_section": _l("a section of the rules was edited"),
    "Competition.amend_dates": _l("dates were changed after the announcement"),
    "Competition.approve": _l("a competition was approved"),
    "Competition.reopen": _l("a competition went back to draft"),
    "Competition.announce": _l("a competition was announced"),
    "Competition.decide": _l("winners were decided"),
    "Competition.reconsider": _l("the decision was reopened"),
    "Competition.publish": _l("results went public"),
    "Competition.cancel": _l("a competition was cancelled"),
    "Competition.export": _l("the list of applications was downloaded"),
    "SavedView.save": _l("a search was kept"),
    "SavedView.forget": _l("a kept search was given up"),
    "Rules.approve": _l("rules were approved"),
    "Rules.supersede": _l("rules were replaced by a new version"),
    "Application.start": _l("an application was begun"),
    "Application.copy": _l("answers were copied from an earlier application"),
    "Application.ask": _l("an applicant asked something"),
    "Application.answer": _l("an applicant was answered"),
    "Application.settle": _l("an applicant's question was found to need no answer"),
    "Application.attach": _l("a file was attached"),
    "Application.detach": _l("a file was removed"),
    "Application.submit": _l("an application was submitted"),
    "Application.amend": _l("an application got a new version"),
    "Application.return": _l("an application was returned"),
    "Application.resubmit": _l("an application was submitted again"),
    "Application.admit": _l("an application was admitted"),
    "Application.refuse": _l("an application was not admitted"),
    "Application.withdraw": _l("an application was withdrawn"),
    "Application.undo_admit": _l("an admission was taken back"),
    "Application.undo_refuse": _l("a refusal was taken back"),
    "Application.undo_withdraw": _l("a withdrawal was taken back"),
}

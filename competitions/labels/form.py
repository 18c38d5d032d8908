"""What may be wrong with an application form, in words."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.modules import Label
from competitions.rules.form import FormRefusal

LABELS: tuple[dict[Any, Label], ...] = (
    {
        FormRefusal.NOT_A_FORM: Label(_l("This file is no form. The first place that does not fit: %(place)s")),
        FormRefusal.UNKNOWN_QUESTION: Label(_l("This question or group is not in the form any more.")),
        FormRefusal.GROUP_NOT_EMPTY: Label(_l("There are questions in the group “%(group)s”. Move or remove them first.")),
        FormRefusal.GROUP_UNNAMED: Label(_l("Group %(number)s has no name.")),
        FormRefusal.QUESTION_UNNAMED: Label(_l("The question %(key)s has no words.")),
        FormRefusal.TOO_LONG: Label(_l("The words of the question “%(question)s” are too long.")),
        FormRefusal.TOO_MANY: Label(_l("This is too much for one form: at most %(limit)s.")),
        FormRefusal.CHOICES_MISSING: Label(_l("“%(question)s”: give at least two different answers to choose from.")),
        FormRefusal.COLUMNS_MISSING: Label(_l("“%(question)s”: give the table at least one column.")),
        FormRefusal.ASKED_TWICE: Label(_l("Only one question of this kind fits into a form: %(kind)s")),
        FormRefusal.PROJECT_UNNAMED: Label(
            _l("A form always asks for the name of the project: a short text, which the jury sees.")
        ),
        FormRefusal.NAME_NEEDED: Label(_l("The form asks everybody for the name: it is written in the diploma.")),
        FormRefusal.BIRTH_DATE_NEEDED: Label(
            _l("The rules have limits of age, so the form asks everybody for the date of birth.")
        ),
        FormRefusal.REGION_NEEDED: Label(_l("The rules are for one region, so the form asks everybody where they live.")),
        FormRefusal.AMOUNT_NEEDED: Label(
            _l("The grant is the sum that is asked for, so the form asks everybody for it, and the jury sees it.")
        ),
        FormRefusal.BUDGET_NEEDED: Label(
            _l("The rules limit what the grant may be spent on, so the form asks everybody for a budget.")
        ),
        FormRefusal.WORDS_MISSING: Label(_l("“%(question)s” is not complete in one language: %(language)s.")),
        FormRefusal.FILE_LIMIT_WRONG: Label(_l("“%(question)s”: from 1 to %(limit)s files may be asked for.")),
        FormRefusal.CONDITION_LATER: Label(
            _l("“%(question)s” depends on a question that does not stand before it. Move it, or change when it is asked.")
        ),
        FormRefusal.CONDITION_PRIVATE: Label(
            _l("“%(question)s” is seen by the jury, so it must not depend on the private answer to “%(on)s”.")
        ),
        FormRefusal.CONDITION_UNANSWERABLE: Label(
            _l("“%(question)s”: choose to which answers to “%(on)s” it is asked, or a range that fits.")
        ),
        FormRefusal.LIMIT_WRONG: Label(_l("“%(question)s”: the longest answer may have from 1 to %(limit)s characters.")),
        FormRefusal.KIND_CHANGED: Label(
            _l("Applicants have answered “%(question)s” already, so its kind stays. Add a new question instead.")
        ),
        FormRefusal.PRIVACY_CHANGED: Label(
            _l("Who sees the answer to “%(question)s” was promised to applicants and stays as it was.")
        ),
        FormRefusal.NOTHING_CHANGED: Label(_l("The new version asks the same as the one in force.")),
        FormRefusal.TOO_LATE: Label(_l("Applications are closed, so the form does not change any more.")),
    },
)

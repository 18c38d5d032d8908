"""The words of applications: states, questions, and every reason why something is not in order."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.modules import Label
from competitions.rules.answers import AnswerRefusal
from competitions.rules.application import ApplicationRefusal
from competitions.rules.budget import BudgetRefusal
from competitions.rules.change import Outcome, Standing
from competitions.rules.eligibility import EligibilityQuestion, EligibilityRefusal
from competitions.rules.query import Field
from competitions.rules.query_text import QueryRefusal
from competitions.rules.readiness import ReadinessRefusal
from competitions.rules.withdrawal import WithdrawalReason
from competitions.states import ApplicationState, QuestionKind

LABELS: tuple[dict[Any, Label], ...] = (
    {
        ApplicationState.DRAFT: Label(_l("draft, not sent"), "warning"),
        ApplicationState.SUBMITTED: Label(_l("submitted"), "success"),
        ApplicationState.RETURNED: Label(_l("returned for revision"), "warning"),
        ApplicationState.ADMITTED: Label(_l("admitted to the competition"), "success"),
        ApplicationState.NOT_ADMITTED: Label(_l("not admitted"), "neutral"),
        ApplicationState.WITHDRAWN: Label(_l("withdrawn"), "neutral"),
    },
    {
        Field.STATUS: Label(_l("state of the application")),
        Field.LANGUAGE: Label(_l("language of the project")),
        Field.REGION: Label(_l("region of the applicant")),
        Field.AGE: Label(_l("age of the applicant")),
        Field.SUM: Label(_l("sum requested")),
        Field.SUBMITTED: Label(_l("day it was submitted")),
        Field.NAME: Label(_l("name of the applicant")),
        Field.CODE: Label(_l("code or project")),
    },
    {
        QueryRefusal.TOO_LONG: Label(_l("This is too long to search by: at most %(limit)s characters.")),
        QueryRefusal.TOO_MANY: Label(_l("This is too much at once: at most %(limit)s words.")),
        QueryRefusal.UNKNOWN_FIELD: Label(
            _l("Nothing is called “%(name)s” here. The help lists what can be asked for; in quotes it is looked for as a text.")
        ),
        QueryRefusal.UNKNOWN_VALUE: Label(_l("“%(value)s” in “%(word)s” is not known.")),
        QueryRefusal.NO_NUMBER: Label(_l("“%(value)s” in “%(word)s” is not a number.")),
        QueryRefusal.NO_DAY: Label(_l("“%(value)s” in “%(word)s” is not a day. Write it as 2026-08-14 or 14.08.2026.")),
        QueryRefusal.NO_WORD: Label(_l("“%(word)s” has no letter and no digit to look for.")),
        QueryRefusal.NOTHING_AFTER: Label(_l("Something is missing beside “%(word)s”.")),
        QueryRefusal.UNPAIRED: Label(_l("“%(word)s”: a quote or a bracket stands alone.")),
        QueryRefusal.EMPTY: Label(_l("There is nothing to look for in this search.")),
        QueryRefusal.TOO_MANY_VIEWS: Label(_l("You keep %(limit)s searches already. Give one up first.")),
        QueryRefusal.NOT_OPEN: Label(_l("You may not search by “%(word)s”.")),
    },
    {
        QuestionKind.SHORT: Label(_l("short text")),
        QuestionKind.LONG: Label(_l("long text")),
        QuestionKind.NUMBER: Label(_l("number")),
        QuestionKind.MONEY: Label(_l("sum of money")),
        QuestionKind.DATE: Label(_l("date")),
        QuestionKind.CHOICE: Label(_l("one of several")),
        QuestionKind.MULTIPLE_CHOICE: Label(_l("any of several")),
        QuestionKind.YES_NO: Label(_l("yes or no")),
        QuestionKind.PHONE: Label(_l("phone number")),
        QuestionKind.EMAIL: Label(_l("e-mail address")),
        QuestionKind.TABLE: Label(_l("table")),
        QuestionKind.BUDGET: Label(_l("budget")),
        QuestionKind.FILE: Label(_l("files")),
        QuestionKind.DISTRICT: Label(_l("district or city")),
        QuestionKind.PERSON_NAME: Label(_l("full name")),
        QuestionKind.IIN: Label(_l("identity number")),
        QuestionKind.CONTACT: Label(_l("contacts")),
        QuestionKind.REGION_DISTRICT: Label(_l("region and district")),
        QuestionKind.INSTITUTION: Label(_l("institution and year")),
        QuestionKind.CONSENT: Label(_l("consent")),
        QuestionKind.TEXT_BLOCK: Label(_l("text to read")),
    },
    {
        EligibilityQuestion.GRADUATE: Label(_l("Are you a graduate of a children's home?")),
        EligibilityQuestion.AGE: Label(_l("Will your age fit on the closing day?")),
        EligibilityQuestion.REGION: Label(_l("Do you live in this region?")),
    },
    {
        EligibilityRefusal.NOT_A_GRADUATE: Label(_l("This competition is for graduates of children's homes.")),
        EligibilityRefusal.AGE_OUTSIDE: Label(_l("On %(day)s applicants must be from %(youngest)s to %(oldest)s years old.")),
        EligibilityRefusal.OTHER_REGION: Label(_l("This competition is for people who live in its region.")),
        EligibilityRefusal.TOO_YOUNG: Label(
            _l("On the closing day, %(day)s, the applicant's age is %(age)s; it must be at least %(limit)s.")
        ),
        EligibilityRefusal.TOO_OLD: Label(
            _l("On the closing day, %(day)s, the applicant's age is %(age)s; it must be at most %(limit)s.")
        ),
        EligibilityRefusal.QUESTIONS_UNANSWERED: Label(_l("Please answer all the questions.")),
    },
    {
        AnswerRefusal.REQUIRED: Label(_l("Please fill this in.")),
        AnswerRefusal.TOO_LONG: Label(
            _l("The text may have %(limit)s characters; please shorten it. Characters too many: %(over)s.")
        ),
        AnswerRefusal.FORBIDDEN_CHARACTERS: Label(
            _l("The text holds invisible characters that cannot be printed. Please delete it here and type it again.")
        ),
        AnswerRefusal.FINER_THAN_DISTRICT: Label(
            _l("Write the district or the city only, without village, street or house: the jury reads this answer.")
        ),
        AnswerRefusal.NOT_A_NUMBER: Label(_l("Please write a whole number, 0 or more, such as 12.")),
        AnswerRefusal.NOT_A_SUM: Label(_l("Please write the sum in tenge, such as 500 000.")),
        AnswerRefusal.NOT_A_DATE: Label(_l("Please write a real date as day.month.year, such as 14.08.2001.")),
        AnswerRefusal.NOT_AN_OPTION: Label(_l("Please choose one of the answers.")),
        AnswerRefusal.NOT_A_PHONE: Label(
            _l("Please write a phone number of Kazakhstan, such as +7\u00a0700\u00a0000\u00a000\u00a001.")
        ),
        AnswerRefusal.NOT_AN_EMAIL: Label(_l("Please write an e-mail address, such as name@example.com, or leave it empty.")),
        AnswerRefusal.NOT_A_YEAR: Label(_l("Please write the year with four digits, 1900 or later, such as 2019.")),
        AnswerRefusal.YEAR_TO_COME: Label(_l("This year is still to come. Please check it.")),
        AnswerRefusal.YEAR_BEFORE_BIRTH: Label(_l("This year is before the birth date you have given. Please check both.")),
        AnswerRefusal.ROW_INCOMPLETE: Label(_l("Line %(row)s, “%(column)s”: please fill this in, or remove the line.")),
        AnswerRefusal.CELL_NOT_A_NUMBER: Label(
            _l("Line %(row)s, “%(column)s”: please write a whole number in digits, such as 12.")
        ),
        AnswerRefusal.CELL_NOT_A_SUM: Label(
            _l("Line %(row)s, “%(column)s”: please write a sum in whole tenge, such as 180\u00a0000.")
        ),
        AnswerRefusal.CELL_TOO_LONG: Label(
            _l("Line %(row)s, “%(column)s”: the text may have %(limit)s characters. Characters too many: %(over)s.")
        ),
        AnswerRefusal.CELL_FORBIDDEN_CHARACTERS: Label(
            _l("Line %(row)s, “%(column)s”: the text holds invisible characters. Please delete it here and type it again.")
        ),
        AnswerRefusal.TOO_MANY_ROWS: Label(_l("The table may have %(limit)s lines; please join some of them.")),
        AnswerRefusal.DATE_IN_THE_FUTURE: Label(_l("This date is still to come. Please check the year.")),
        AnswerRefusal.NOT_UNDERSTOOD: Label(_l("This answer could not be read. Please type it again.")),
    },
    {
        BudgetRefusal.ITEM_MISSING: Label(_l("Line %(row)s: please say what is bought.")),
        BudgetRefusal.CATEGORY_MISSING: Label(_l("Line %(row)s: please choose a category.")),
        BudgetRefusal.QUANTITY_WRONG: Label(_l("Line %(row)s: please write the quantity as a number above zero.")),
        BudgetRefusal.PRICE_WRONG: Label(_l("Line %(row)s: please write the price in whole tenge.")),
        BudgetRefusal.SHARES_WRONG: Label(_l("Line %(row)s: please write the grant and your own money in whole tenge.")),
        BudgetRefusal.ROW_SPLIT: Label(
            _l("Line %(row)s: quantity times price is %(sum)s, but the grant and your own money together are %(shares)s.")
        ),
        BudgetRefusal.TEXT_WRONG: Label(_l("Line %(row)s: the text is too long or holds invisible characters.")),
        BudgetRefusal.TOO_MANY_LINES: Label(_l("The budget may have %(limit)s lines; please join some of them.")),
        BudgetRefusal.OVER_CAP: Label(_l("The budget takes %(grant)s from the grant; one grant is at most %(cap)s.")),
        BudgetRefusal.NOT_THE_AMOUNT: Label(
            _l("The budget takes %(grant)s from the grant, but you ask for %(amount)s. The two sums must be equal.")
        ),
        BudgetRefusal.AMOUNT_OVER_CAP: Label(_l("You ask for %(amount)s; at most %(cap)s can be asked for.")),
        BudgetRefusal.AMOUNT_NOT_POSITIVE: Label(_l("Please ask for a sum above zero.")),
        BudgetRefusal.CATEGORY_OVER_SHARE: Label(
            _l("%(category)s: at most %(share)s %% of the grant, here %(most)s; your budget has %(spent)s.")
        ),
        BudgetRefusal.QUOTE_MISSING: Label(
            _l(
                "Please attach a price quote: “%(item)s” costs %(threshold)s or more apiece, so its price is to be proven. "
                "Such lines: %(count)s."
            )
        ),
    },
    {
        ReadinessRefusal.NOT_ANSWERED: Label(_l("Please fill this in.")),
        ReadinessRefusal.DOCUMENT_MISSING: Label(_l("Please attach a file.")),
    },
    {
        ApplicationRefusal.NO_RULES: Label(
            _l("This competition has no approved rules yet, so applications cannot be started.")
        ),
        ApplicationRefusal.UNKNOWN_QUESTION: Label(_l("The form has no such question. Reload the page.")),
        ApplicationRefusal.IDENTITY_CHECKED: Label(
            _l("Your application was admitted under another identity number. To correct a mistake in it, call %(phone)s.")
        ),
        ApplicationRefusal.NAME_CHECKED: Label(
            _l("Your application was admitted under this name: results and diplomas show it. To correct it, call %(phone)s.")
        ),
        ApplicationRefusal.UNDO_TOO_LATE: Label(
            _l("A withdrawal can be taken back within 72 hours and before the jury begins; this time has passed.")
        ),
        ApplicationRefusal.ANOTHER_STANDS: Label(
            _l("You have another application in this competition. One person may have one application.")
        ),
        ApplicationRefusal.TOO_MANY_FILES: Label(_l("An application may have %(limit)s files; please remove some.")),
        ApplicationRefusal.FILES_TOO_LARGE: Label(_l("The files of an application may have %(limit)s MB together.")),
        ApplicationRefusal.ACCOUNT_FULL: Label(
            _l("All files you keep here may have %(limit)s MB together. Remove files that you no longer need.")
        ),
        ApplicationRefusal.TOO_MANY_BEGUN: Label(
            _l(
                "So many files are on their way already: at most %(limit)s at once, %(megabytes)s MB together. "
                "Let them end, or come back tomorrow."
            )
        ),
        ApplicationRefusal.PIECE_WRONG: Label(_l("The file did not arrive as it was sent. Choose it once more.")),
        ApplicationRefusal.ANSWER_TYPED: Label(
            _l("You have written an answer: send it, or delete it and press “No answer is needed” again.")
        ),
        ApplicationRefusal.THREAD_GREW: Label(
            _l("The applicant has written again meanwhile. Read what is new, then send your answer.")
        ),
        ApplicationRefusal.TOO_MANY_NOTES: Label(
            _l("You have written %(limit)s times without an answer yet. Please wait for one, or call.")
        ),
        ApplicationRefusal.CONSENT_NEEDED: Label(
            _l("Without your consent to the processing of personal data the application cannot be accepted.")
        ),
    },
    {
        Outcome.SAVED: Label(_l("saved"), "success"),
        Outcome.UNTOUCHED: Label(_l("changed in another place, left alone here"), "success"),
        Outcome.LATE: Label(_l("kept, but came after the deadline"), "warning"),
        Outcome.CONFLICT: Label(_l("changed in another place meanwhile"), "warning"),
    },
    {
        Standing.PRESENT: Label(_l("stands in the form"), "success"),
        Standing.EARLIER: Label(_l("an earlier text"), "neutral"),
        Standing.NOT_CHOSEN: Label(_l("written in another place at the same time"), "info"),
        Standing.LATE: Label(_l("came too late"), "warning"),
    },
    {
        WithdrawalReason.OTHER_FUNDING: Label(_l("I found other money for the project")),
        WithdrawalReason.NO_TIME: Label(_l("I have no time for the project now")),
        WithdrawalReason.PLANS_CHANGED: Label(_l("My plans have changed")),
        WithdrawalReason.MISTAKE: Label(_l("I applied by mistake")),
        WithdrawalReason.UNSAID: Label(_l("I would rather not say")),
    },
)

"""The words of competitions: states, phases, milestones, and what can be wrong with rules and calendars."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.modules import Label
from competitions.policy import Obstacle
from competitions.rules.calendar import CalendarRefusal
from competitions.rules.parity import ParityRefusal
from competitions.rules.publishing import Place, PublishingRefusal
from competitions.rules.settings import ScoringMethod, SettingsRefusal
from competitions.states import CheckOutcome, CompetitionKind, CompetitionState, Milestone, Phase, RulesState

LABELS: tuple[dict[Any, Label], ...] = (
    {
        CompetitionKind.GRANT: Label(_l("grants")),
        CompetitionKind.PRIZE: Label(_l("prizes")),
    },
    {
        CompetitionState.DRAFT: Label(_l("being prepared"), "neutral"),
        CompetitionState.APPROVED: Label(_l("rules approved"), "info"),
        CompetitionState.ANNOUNCED: Label(_l("announced"), "success"),
        CompetitionState.DECIDED: Label(_l("decided"), "accent"),
        CompetitionState.PUBLISHED: Label(_l("results published"), "success"),
        CompetitionState.CANCELLED: Label(_l("cancelled"), "danger"),
    },
    {
        Milestone.OPENS: Label(_l("Applications open")),
        Milestone.CLOSES: Label(_l("Applications close")),
        Milestone.CHECKED: Label(_l("Checking ends")),
        Milestone.FREEZES: Label(_l("Revised versions are frozen")),
        Milestone.SCORING_OPENS: Label(_l("Scoring opens")),
        Milestone.SCORING_CLOSES: Label(_l("Scoring closes")),
        Milestone.PITCH: Label(_l("Pitch and jury meeting")),
        Milestone.PUBLISHES: Label(_l("Results are published")),
        Milestone.APPEALS_CLOSE: Label(_l("Appeals end")),
        Milestone.CONTRACTS: Label(_l("Contracts are signed")),
        Milestone.PAYS: Label(_l("Awards are paid")),
        Milestone.INTERIM_REPORTS: Label(_l("Interim reports are due")),
        Milestone.REPORTS: Label(_l("Final reports are due")),
    },
    {
        Phase.UPCOMING: Label(_l("opens soon"), "info"),
        Phase.OPEN: Label(_l("open for applications"), "success"),
        Phase.CHECKING: Label(_l("applications are being checked"), "accent"),
        Phase.TRAINING: Label(_l("seminars and advice"), "accent"),
        Phase.SCORING: Label(_l("the jury is scoring"), "accent"),
        Phase.PITCH: Label(_l("finalists prepare their pitch"), "accent"),
        Phase.DECIDING: Label(_l("the jury is deciding"), "accent"),
        Phase.CONTRACTING: Label(_l("contracts are being signed"), "info"),
        Phase.REPORTING: Label(_l("projects are carried out and reported"), "neutral"),
    },
    {
        RulesState.DRAFT: Label(_l("draft of the rules"), "neutral"),
        RulesState.APPROVED: Label(_l("in force"), "success"),
        RulesState.SUPERSEDED: Label(_l("replaced by a newer version"), "neutral"),
    },
    {
        CheckOutcome.RETURNED: Label(_l("returned for revision"), "warning"),
        CheckOutcome.ADMITTED: Label(_l("admitted to the competition"), "success"),
        CheckOutcome.NOT_ADMITTED: Label(_l("not admitted"), "danger"),
    },
    {
        ScoringMethod.MEAN: Label(_l("average score of the jurors")),
        ScoringMethod.MEDIAN: Label(_l("median score of the jurors")),
        ScoringMethod.TRIMMED: Label(_l("average without the highest and lowest scores")),
    },
    {
        CalendarRefusal.DATE_MISSING: Label(_l("The date is missing: %(milestone)s.")),
        CalendarRefusal.DATE_NOT_AFTER: Label(_l("“%(milestone)s” must come after “%(earlier)s”, which is %(instant)s.")),
        CalendarRefusal.CLOSING_PASSED: Label(
            _l("Applications would already be closed: %(instant)s. Move the dates before announcing.")
        ),
    },
    {
        SettingsRefusal.WEIGHTS_NOT_HUNDRED: Label(
            _l("The weights of the criteria add up to %(total)s; they must add up to 100.")
        ),
        SettingsRefusal.CRITERION_WITHOUT_STAGE: Label(_l("Criterion %(criterion)s must belong to exactly one stage.")),
        SettingsRefusal.STAGE_WITHOUT_CRITERIA: Label(_l("Stage %(stage)s has no criteria.")),
        SettingsRefusal.UNKNOWN_CRITERION: Label(_l("Criterion %(criterion)s is named but not described.")),
        SettingsRefusal.PASS_MARK_TOO_HIGH: Label(_l("The pass mark %(mark)s is above the most that can be scored, %(most)s.")),
        SettingsRefusal.PASS_TOTAL_TOO_HIGH: Label(
            _l("The total for a winner, %(mark)s, is above the most that can be scored, %(most)s.")
        ),
        SettingsRefusal.FUND_TOO_SMALL: Label(
            _l("The awards add up to %(promised)s, but the fund is %(fund)s. Raise the fund or lower the awards.")
        ),
        SettingsRefusal.PRIZE_ABOVE_CAP: Label(
            _l("The prize of place %(place)s is %(prize)s, more than the largest award, %(cap)s.")
        ),
        SettingsRefusal.CAP_ABOVE_FUND: Label(_l("One award of %(cap)s is more than the whole fund of %(fund)s.")),
        SettingsRefusal.AGES_DISORDERED: Label(_l("The ages from %(least)s to %(most)s are not a range.")),
        SettingsRefusal.QUORUM_IMPOSSIBLE: Label(_l("A quorum of %(quorum)s cannot be reached by %(jurors)s jurors.")),
        SettingsRefusal.CATEGORY_CAP_IMPOSSIBLE: Label(_l("The share of “%(category)s” must be between 1 and 100 percent.")),
        SettingsRefusal.LABEL_MISSING: Label(_l("The name of %(key)s is missing in one language: %(language)s.")),
    },
    {
        Obstacle.OWN_APPLICATION: Label(_l("This is your own application, so someone else must work on it.")),
        Obstacle.OWN_INTEREST: Label(
            _l("You have an application of your own in this competition, so somebody else of the team does this.")
        ),
        Obstacle.ADMITTED_ELSEWHERE: Label(
            _l(
                "Another programme, where you have no role, admitted this person under her name."
                " Ask its organiser or the administrator."
            )
        ),
        Obstacle.NOT_OPEN_YET: Label(_l("Applications open on %(instant)s.")),
        Obstacle.DEADLINE_PASSED: Label(
            _l("The deadline passed on %(instant)s. What you wrote is kept and you can still read it.")
        ),
        Obstacle.APPLICATIONS_CLOSED: Label(
            _l("Applications closed on %(instant)s. Look on the first page for other competitions.")
        ),
        Obstacle.RETURN_TERM_PASSED: Label(_l("The term for corrections ended on %(instant)s. What you wrote is kept.")),
        Obstacle.FROZEN: Label(_l("Revised versions were frozen on %(instant)s. The jury scores the version of that moment.")),
        Obstacle.BEING_CHECKED: Label(_l("The application is being checked. You can correct it if it is returned to you.")),
        Obstacle.APPLICATION_ENDED: Label(_l("This application can no longer be changed. Its state: %(state)s.")),
        Obstacle.NOT_SUBMITTED_YET: Label(_l("This application has not been submitted, so there is nothing to withdraw.")),
        Obstacle.SCORING_STARTED: Label(_l("Scoring began on %(instant)s. To withdraw now, please call us.")),
        Obstacle.COMPETITION_NOT_RUNNING: Label(_l("The competition takes no applications. Its state: %(state)s.")),
        Obstacle.COMPETITION_OVER: Label(_l("The competition can no longer be changed. Its state: %(state)s.")),
        Obstacle.DECIDED_ALREADY: Label(_l("The winners of this competition are decided: it can no longer be cancelled.")),
    },
    {
        ParityRefusal.TEXT_OLDER: Label(_l("“%(place)s” is older in one language. Changed: %(newer)s. Older: %(older)s.")),
        ParityRefusal.SECTION_OLDER: Label(
            _l("Section %(number)s of the rules is older in one language. Changed: %(newer)s. Older: %(older)s.")
        ),
        ParityRefusal.ARTICLE_OLDER: Label(
            _l("Article %(number)s of the rules is older in one language. Changed: %(newer)s. Older: %(older)s.")
        ),
        ParityRefusal.ANSWER_OLDER: Label(
            _l("Question and answer No. %(number)s is older in one language. Changed: %(newer)s. Older: %(older)s.")
        ),
        PublishingRefusal.TEXT_MISSING: Label(_l("“%(place)s” is empty in one language: %(language)s.")),
        PublishingRefusal.SECTION_MISSING: Label(
            _l("Section %(number)s of the rules has no title in one language: %(language)s.")
        ),
        PublishingRefusal.ARTICLE_MISSING: Label(_l("Article %(number)s of the rules is empty in one language: %(language)s.")),
        PublishingRefusal.ANSWER_MISSING: Label(
            _l("Question and answer No. %(number)s is not complete in one language: %(language)s.")
        ),
        PublishingRefusal.PLACEHOLDER_UNKNOWN: Label(_l("A text asks for a value that does not exist: %(name)s.")),
        PublishingRefusal.PLACEHOLDERS_DIFFER: Label(
            _l("Article %(number)s of the rules does not give the same values in all languages.")
        ),
        PublishingRefusal.RULES_EMPTY: Label(_l("The rules have no articles.")),
        PublishingRefusal.FORM_EMPTY: Label(_l("The application form has no questions.")),
        PublishingRefusal.CONTACT_MISSING: Label(_l("There is no phone or e-mail at which applicants can ask for help.")),
        PublishingRefusal.RULES_NOT_APPROVED: Label(_l("The rules are not approved yet.")),
        PublishingRefusal.RULES_LOCKED: Label(
            _l("The rules are approved and locked. Reopen them to change dates, numbers or text.")
        ),
        PublishingRefusal.ACT_MISSING: Label(_l("Give the number and the date of the act that approves the rules.")),
        PublishingRefusal.ACT_IN_THE_FUTURE: Label(_l("The act cannot be of a day that is still to come: %(day)s.")),
        PublishingRefusal.ADDRESS_TAKEN: Label(_l("Another competition already has this address.")),
        PublishingRefusal.REASON_MISSING: Label(_l("Say why the competition is cancelled: applicants will read it.")),
        PublishingRefusal.CLOSING_EARLIER: Label(
            _l("Applicants were promised time until %(instant)s. The call can be made longer, not shorter.")
        ),
        PublishingRefusal.NAME_LOCKED: Label(_l("The name stands in the approved rules, so it does not change any more.")),
        PublishingRefusal.DATE_IN_THE_PAST: Label(
            _l("“%(milestone)s” has passed or would be in the past, so it cannot be moved.")
        ),
    },
    {
        Place.NAME: Label(_l("Name of the competition")),
        Place.TAGLINE: Label(_l("Short invitation")),
        Place.DESCRIPTION: Label(_l("Description")),
    },
)

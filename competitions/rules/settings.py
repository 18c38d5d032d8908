"""The numbers and lists of a competition's rules: one source for document, form limits, checks, scoring and decision. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from app.core.refusals import Refusal, Tenge

WEIGHTS_TOTAL = 100
PERCENT = 100
LANGUAGES = ("kk", "ru", "en")

Text = Mapping[str, str]
LANGUAGE_NAMES = {"kk": "қазақша", "ru": "русский", "en": "English"}


class SettingsRefusal(StrEnum):
    """What can be wrong with the settings of rules."""

    WEIGHTS_NOT_HUNDRED = "weights_not_hundred"
    CRITERION_WITHOUT_STAGE = "criterion_without_stage"
    STAGE_WITHOUT_CRITERIA = "stage_without_criteria"
    UNKNOWN_CRITERION = "unknown_criterion"
    PASS_MARK_TOO_HIGH = "pass_mark_too_high"  # noqa: S105 - a mark, not a password
    PASS_TOTAL_TOO_HIGH = "pass_total_too_high"  # noqa: S105 - a mark, not a password
    FUND_TOO_SMALL = "fund_too_small"
    CAP_ABOVE_FUND = "cap_above_fund"
    PRIZE_ABOVE_CAP = "prize_above_cap"
    AGES_DISORDERED = "ages_disordered"
    QUORUM_IMPOSSIBLE = "quorum_impossible"
    CATEGORY_CAP_IMPOSSIBLE = "category_cap_impossible"
    LABEL_MISSING = "label_missing"


class ScoringMethod(StrEnum):
    """How sheets become one score."""

    MEAN = "mean"
    MEDIAN = "median"
    TRIMMED = "trimmed"


@dataclass(frozen=True, slots=True)
class BudgetCategory:
    """One category of costs; `cap_percent` is its largest share of the grant."""

    key: str
    label: Text
    cap_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Prize:
    """One place of a prize competition."""

    place: int
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a range of points means, in words."""

    lowest: int
    highest: int
    label: Text


@dataclass(frozen=True, slots=True)
class CriterionSettings:
    """One criterion; its weight is also the most points it can bring."""

    key: str
    weight: int
    label: Text
    guidance: Text
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class StageSettings:
    """One stage of scoring; an application below `pass_mark` goes no further."""

    key: str
    is_blind: bool
    criteria: tuple[str, ...]
    pass_mark: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for which the rules let a checker return or refuse an application, in words the applicant reads."""

    key: str
    text: Text


@dataclass(frozen=True, slots=True)
class RulesSettings:
    """All that the rules fix. Money in tenge, marks in points of 100, terms in working days."""

    age_min: int
    age_max: int
    region: str
    fund: int
    award_cap: int
    award_count: int
    prizes: tuple[Prize, ...]
    budget_categories: tuple[BudgetCategory, ...]
    forbidden_items: tuple[Text, ...]
    quote_threshold: int
    criteria: tuple[CriterionSettings, ...]
    stages: tuple[StageSettings, ...]
    pass_total: int
    ties: tuple[str, ...]
    scale_low: int = 0
    scale_high: int = 10
    comment_at_most: int = 3
    comment_at_least: int = 9
    method: ScoringMethod = ScoringMethod.MEAN
    juror_count: int = 5
    quorum_numerator: int = 2
    quorum_denominator: int = 3
    check_days: int = 10
    return_days: int = 3
    scoring_days: int = 15
    appeal_days: int = 3
    pitch_minutes: int = 7
    must_be_graduate: bool = True
    customer: Text = field(default_factory=dict)
    return_reasons: tuple[Reason, ...] = ()
    refusal_reasons: tuple[Reason, ...] = ()

    def criterion(self, key: str) -> CriterionSettings:
        """The criterion with this key."""
        return next(one for one in self.criteria if one.key == key)

    def category(self, key: str) -> BudgetCategory | None:
        """The budget category with this key, if the rules know it."""
        return next((one for one in self.budget_categories if one.key == key), None)

    def stage_max(self, stage: StageSettings) -> int:
        """The most points a stage can bring."""
        return sum(one.weight for one in self.criteria if one.key in stage.criteria)

    def quorum(self, juror_count: int | None = None) -> int:
        """How many jurors must be present: the share of the rules, rounded up."""
        share = Fraction(self.quorum_numerator, self.quorum_denominator) * (juror_count or self.juror_count)
        return -(-share.numerator // share.denominator)


def to_json(settings: RulesSettings) -> dict[str, Any]:
    """As plain JSON values, in the order of the fields."""
    plain: dict[str, Any] = _plain(settings)
    return plain


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return dict(value)
    return value.value if isinstance(value, StrEnum) else value


def from_json(data: Mapping[str, Any]) -> RulesSettings:
    """The settings that `to_json` wrote; unknown and missing names raise TypeError."""
    lists: dict[str, Any] = {
        "prizes": tuple(Prize(**one) for one in data["prizes"]),
        "budget_categories": tuple(BudgetCategory(**one) for one in data["budget_categories"]),
        "forbidden_items": tuple(dict(one) for one in data["forbidden_items"]),
        "criteria": tuple(_criterion(one) for one in data["criteria"]),
        "stages": tuple(StageSettings(**{**one, "criteria": tuple(one["criteria"])}) for one in data["stages"]),
        "ties": tuple(data["ties"]),
        "return_reasons": tuple(Reason(**one) for one in data.get("return_reasons", ())),
        "refusal_reasons": tuple(Reason(**one) for one in data.get("refusal_reasons", ())),
    }
    if "method" in data:
        lists["method"] = ScoringMethod(data["method"])
    return RulesSettings(**{**data, **lists})


def _criterion(data: Mapping[str, Any]) -> CriterionSettings:
    return CriterionSettings(**{**data, "anchors": tuple(Anchor(**one) for one in data["anchors"])})


def check_settings(settings: RulesSettings, languages: tuple[str, ...] = ("kk", "ru")) -> list[Refusal]:
    """Everything by which the settings contradict themselves, all at once."""
    return [*_check_money(settings), *_check_people(settings), *_check_scoring(settings), *_check_labels(settings, languages)]


def promised(settings: RulesSettings) -> int:
    """What the awards cost together if each is as large as the rules allow."""
    if settings.prizes:
        return sum(prize.count * prize.amount for prize in settings.prizes)
    return settings.award_cap * settings.award_count


def _check_money(settings: RulesSettings) -> list[Refusal]:
    found = []
    if promised(settings) > settings.fund:
        params = {"promised": Tenge(promised(settings)), "fund": Tenge(settings.fund)}
        found.append(Refusal(SettingsRefusal.FUND_TOO_SMALL, params, field="fund"))
    if settings.award_cap > settings.fund:
        params = {"cap": Tenge(settings.award_cap), "fund": Tenge(settings.fund)}
        found.append(Refusal(SettingsRefusal.CAP_ABOVE_FUND, params, field="award_cap"))
    found += [
        Refusal(
            SettingsRefusal.PRIZE_ABOVE_CAP,
            {"place": one.place, "prize": Tenge(one.amount), "cap": Tenge(settings.award_cap)},
            field=f"prize_{one.place}",
        )
        for one in settings.prizes
        if one.amount > settings.award_cap
    ]
    found += [
        Refusal(SettingsRefusal.CATEGORY_CAP_IMPOSSIBLE, {"category": one.label}, field="budget_categories")
        for one in settings.budget_categories
        if one.cap_percent is not None and not 0 < one.cap_percent <= PERCENT
    ]
    return found


def _check_people(settings: RulesSettings) -> list[Refusal]:
    found = []
    if not 0 < settings.age_min <= settings.age_max:
        params = {"least": settings.age_min, "most": settings.age_max}
        found.append(Refusal(SettingsRefusal.AGES_DISORDERED, params, field="age_min"))
    if not 0 < settings.quorum() <= settings.juror_count:
        params = {"quorum": settings.quorum(), "jurors": settings.juror_count}
        found.append(Refusal(SettingsRefusal.QUORUM_IMPOSSIBLE, params, field="juror_count"))
    return found


def _check_scoring(settings: RulesSettings) -> list[Refusal]:
    keys = [one.key for one in settings.criteria]
    staged = [key for stage in settings.stages for key in stage.criteria]
    total = sum(one.weight for one in settings.criteria)
    found = []
    if total != WEIGHTS_TOTAL:
        found.append(Refusal(SettingsRefusal.WEIGHTS_NOT_HUNDRED, {"total": total}, field="weights"))
    found += [Refusal(SettingsRefusal.CRITERION_WITHOUT_STAGE, {"criterion": key}) for key in keys if staged.count(key) != 1]
    found += [
        Refusal(SettingsRefusal.UNKNOWN_CRITERION, {"criterion": key}) for key in (*staged, *settings.ties) if key not in keys
    ]
    found += [
        Refusal(SettingsRefusal.STAGE_WITHOUT_CRITERIA, {"stage": stage.key}) for stage in settings.stages if not stage.criteria
    ]
    found += [
        Refusal(
            SettingsRefusal.PASS_MARK_TOO_HIGH,
            {"mark": stage.pass_mark, "most": settings.stage_max(stage)},
            field=f"pass_{stage.key}",
        )
        for stage in settings.stages
        if stage.pass_mark is not None and stage.pass_mark > settings.stage_max(stage)
    ]
    if settings.pass_total > total:
        params = {"mark": settings.pass_total, "most": total}
        found.append(Refusal(SettingsRefusal.PASS_TOTAL_TOO_HIGH, params, field="pass_total"))
    return found


def _check_labels(settings: RulesSettings, languages: tuple[str, ...]) -> list[Refusal]:
    texts = [(one.key, one.label) for one in settings.criteria]
    texts += [(one.key, one.label) for one in settings.budget_categories]
    return [
        Refusal(SettingsRefusal.LABEL_MISSING, {"key": key, "language": language})
        for key, text in texts
        for language in languages
        if not text.get(language, "").strip()
    ]

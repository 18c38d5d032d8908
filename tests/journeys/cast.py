"""Who acts in the tables of wrong things, where and when: what more than one table names."""

from tests.journeys.wrongs import Act

ORGANISER, CHECKER, JUROR = (f"{one}@demo.example" for one in ("organiser", "organiser.jas", "juror2"))
SENDER, WRITER, OTHER_WRITER = (f"{one}@demo.example" for one in ("jas1", "jas4", "jas5"))
NEWCOMER = "aigerim@example.kz"
OWN, APPLICATION = "/my/applications/{own:jas4}", "/manage/applications/{application:JQ26-001}"
AFTER = "jas-qadam closes +1"
TEXT = "Ауылда жастар үшін шеберхана ашамыз"


def check(verb: str, *, at: str = "+0", **typed: str) -> Act:
    """A decision of the check, on the one version that was sent."""
    return Act(CHECKER, f"{APPLICATION}/{verb}", {"seen": "1", **typed}, at=at)


ADMIT = check("admit")

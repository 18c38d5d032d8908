"""What jurors, their organiser and their chair can do wrong."""

import pytest

from tests.journeys.cast import ADMIT, CHECKER, JUROR, ORGANISER
from tests.journeys.demo import Demo
from tests.journeys.wrongs import Act, Stage, Wrong, faults, in_both

pytestmark = pytest.mark.timeout(600)


CHAIR = "chair@demo.example"
JURY, SHEET = "/manage/competitions/{start}/jury", "/jury/reviews/{sheet:juror2 draft}"
INVITED = {"family_name": "Сарапшы", "given_name": "Қанат", "email": "qanat@example.kz", "languages": ["kk"], "language": "kk"}
COMMENT = "Жоспар апталап бөлінген, бірақ тәуекелдер айтылмаған."
POINTS = {"C1": "7", "C2": "7", "C3": "7", "C4": "7", "C5": "7"}
LATE = "start-app scoring_closes +1"


def invite(**typed: object) -> Act:
    """A juror invited."""
    return Act(ORGANISER, f"{JURY}/invite", INVITED | typed)


def sheet(act: str = "sign", *, at: str = "+0", which: str = "juror2 draft", **typed: str) -> Act:
    """A score sheet sent as a plain form."""
    seen = {f"version-{name}": f"{{field:version-{name}}}" for name in POINTS}
    given = {**POINTS, **seen, "act": act, **{name.replace("__", "-"): value for name, value in typed.items()}}
    return Act(JUROR, f"/jury/reviews/{{sheet:{which}}}", given, at=at)


def stroke(**typed: str) -> Act:
    """One field sent by the script."""
    return Act(JUROR, f"{SHEET}/scores", {"field": "C1", "value": "7", "base_version": "0", "change_id": "a1"} | typed)


LOOK = Act(JUROR, SHEET)
FOR_ANOTHER = (
    "This invitation is for the account %(email)s. Sign out, open the link of the letter again and sign in to that account."
)
BY_HOLDER = (
    "The letter went to %(invited)s, and the seat goes to the account you are signed in to: %(own)s."
    " If that is not your account, sign out and open the link again."
)
LINK = "{link:qanat@example.kz}"
SEAT = "/manage/competitions/{jas}/jury"
SEATED = (
    ADMIT,
    Act(CHECKER, f"{SEAT}/assignments", {"act": "all"}),
    Act(CHECKER, f"{SEAT}/assignments", {"act": "apply", "scope": "all", "signature": "{field:signature}"}),
)
JURIES = (
    Wrong("a juror invited without a name", invite(family_name=""), 422, ("Please fill this in.",)),
    Wrong(
        "a juror invited at a bad address", invite(email="qanat"), 422, ("Write an e-mail address, such as aigul@example.kz.",)
    ),
    Wrong("a juror invited who reads no language", invite(languages=[]), 422, ("Choose at least one language.",)),
    Wrong(
        "a juror invited twice",
        invite(),
        409,
        ("This person already has, or had, a seat on this jury. It is offered anew in the list of the jury.",),
        before=(invite(),),
    ),
    Wrong(
        "a second chair invited", invite(is_chair="y"), 409, ("The jury already has a chair. Remove the present one first.",)
    ),
    Wrong(
        "an invitation sent again after it was answered",
        Act(ORGANISER, f"{JURY}/{{seat:juror2}}/again", {}),
        409,
        ("This person already has, or had, a seat on this jury. It is offered anew in the list of the jury.",),
    ),
    Wrong(
        "a seat ended twice",
        Act(ORGANISER, f"{JURY}/{{seat:juror5}}/remove", {}),
        409,
        ("This has already been done, or changed since you opened the page.",),
        before=(Act(ORGANISER, f"{JURY}/{{seat:juror5}}/remove", {}),),
    ),
    Wrong(
        "a seat of another jury ended", Act(ORGANISER, f"{JURY}/{{seat:juror1}}/remove", {}), 404, ("There is no such page",)
    ),
    Wrong(
        "an invitation accepted without the terms",
        Act(None, f"{LINK}/accept", {"password": "төрт қызыл алма"}),
        422,
        ("Accept the terms, or decline the invitation.",),
        before=(invite(),),
    ),
    Wrong(
        "an invitation accepted with a short password",
        Act(None, f"{LINK}/accept", {"terms": "y", "password": "алма"}),
        409,
        ("The password needs at least %(count)s characters. Three or four words are good.",),
        before=(invite(),),
    ),
    Wrong(
        "an invitation accepted without a password",
        Act(None, f"{LINK}/accept", {"terms": "y", "password": ""}),
        422,
        ("Choose a password.",),
        before=(invite(),),
    ),
    Wrong(
        "an invitation accepted twice",
        Act(None, LINK),
        410,
        ("This link does not work any more",),
        before=(invite(), Act(None, f"{LINK}/accept", {"terms": "y", "password": "төрт қызыл алма"})),
    ),
    Wrong(
        "an invitation that has expired",
        Act(None, LINK, at="+60"),
        410,
        ("This link does not work any more",),
        before=(invite(),),
    ),
    Wrong(
        "an invitation of somebody with an account opened with another account",
        Act("jas1@demo.example", "{link:juror1@demo.example}"),
        200,
        (FOR_ANOTHER,),
        before=(invite(email="juror1@demo.example"),),
    ),
    Wrong(
        "an invitation of somebody without an account opened with another account",
        Act("jas1@demo.example", LINK),
        200,
        (BY_HOLDER,),
        before=(invite(),),
    ),
    Wrong(
        "an invitation declined twice",
        Act(None, f"{LINK}/decline", {}),
        410,
        ("This link does not work any more",),
        before=(invite(), Act(None, f"{LINK}/decline", {})),
    ),
    Wrong(
        "applications read before declaring",
        Act("juror1@demo.example", "/jury/{seat:juror1}"),
        303,
        ("First say with which applications you have a conflict of interest.",),
    ),
    Wrong(
        "a sheet opened before declaring",
        Act("juror1@demo.example", "/jury/reviews/{sheet:juror1 assigned}"),
        403,
        ("First say which applications you have a conflict of interest with.",),
        before=SEATED,
    ),
    Wrong(
        "a sheet filled before declaring",
        Act("juror1@demo.example", "/jury/reviews/{sheet:juror1 assigned}", {"C1": "7", "comment-C1": COMMENT}),
        403,
        ("First say which applications you have a conflict of interest with.",),
        keeps=("comment-C1",),
        before=SEATED,
    ),
    Wrong(
        "points off the scale",
        sheet(C1="11", note=COMMENT),
        409,
        ("Points for %(criterion)s go from %(low)s to %(high)s.",),
        keeps=("note", "C2"),
        before=(LOOK,),
    ),
    Wrong(
        "points in words",
        sheet(C1="жеті", note=COMMENT),
        409,
        ("Points for %(criterion)s go from %(low)s to %(high)s.",),
        keeps=("note", "C2"),
        before=(LOOK,),
    ),
    Wrong(
        "points below zero",
        sheet(C1="-1", note=COMMENT),
        409,
        ("Points for %(criterion)s go from %(low)s to %(high)s.",),
        keeps=("note",),
        before=(LOOK,),
    ),
    Wrong(
        "signed with a gap",
        sheet(C3="", note=COMMENT),
        409,
        ("Give points for %(criterion)s.",),
        keeps=("note", "C1", "C2"),
        before=(LOOK,),
    ),
    Wrong(
        "no comment where one is due",
        sheet(C1="0", comment__C1="", note=COMMENT),
        409,
        ("Say in a comment on %(criterion)s why you gave %(points)s.",),
        keeps=("note", "C1"),
        before=(LOOK,),
    ),
    Wrong(
        "a comment that is too long",
        sheet(comment__C1=COMMENT * 90),
        409,
        ("The text is longer than %(limit)s characters. Shorten it by %(over)s.",),
        keeps=("comment-C1",),
        before=(LOOK,),
    ),
    Wrong(
        "an old window of the sheet",
        sheet("save", C1="2", version__C1="99", note=COMMENT),
        409,
        ("This sheet was changed in another window",),
        keeps=("C1",),
        before=(LOOK,),
    ),
    Wrong(
        "one stroke off the scale",
        stroke(value="99"),
        422,
        ("Points for %(criterion)s go from %(low)s to %(high)s.",),
        keeps=(),
    ),
    Wrong(
        "one stroke into no field", stroke(field="C9"), 422, ("This sheet has no such field. Open the page again.",), keeps=()
    ),
    Wrong(
        "changed after signing",
        sheet("save", which="juror2 signed", C1="1", note=COMMENT),
        303,
        ("This sheet is signed. The chair of the jury can give it back to you.",),
        keeps=(),
        before=(LOOK,),
    ),
    Wrong(
        "changed after the stage closed",
        sheet("save", at=LATE, note=COMMENT),
        303,
        ("Scoring closed on %(instant)s.",),
        keeps=(),
        before=(LOOK,),
    ),
    Wrong("a sheet of another juror", Act("juror3@demo.example", SHEET, {"note": COMMENT}), 404, ("There is no such page",)),
    Wrong(
        "an application closed by a conflict",
        Act("juror4@demo.example", "/jury/reviews/{sheet:juror4 recused}"),
        403,
        ("You have a conflict of interest with this application, so it is closed to you.",),
    ),
    Wrong(
        "stepping back without a word",
        Act(JUROR, f"{SHEET}/recuse", {"kind": "family", "note": " "}),
        422,
        ("Please fill this in.",),
        keeps=("kind",),
    ),
    Wrong(
        "stepping back for no kind of reason",
        Act(JUROR, f"{SHEET}/recuse", {"kind": "ренжідім", "note": COMMENT}),
        422,
        ("Please choose one of the answers.",),
        keeps=("note",),
    ),
    Wrong(
        "stepping back twice",
        Act("juror4@demo.example", "/jury/reviews/{sheet:juror4 recused}/recuse", {"kind": "family", "note": COMMENT}),
        403,
        ("You have a conflict of interest with this application, so it is closed to you.",),
        keeps=("note",),
    ),
    Wrong(
        "assigned by an old difference",
        Act(ORGANISER, f"{JURY}/assignments", {"act": "apply", "scope": "all", "signature": "ескі"}),
        409,
        ("Something changed since this difference was computed. Look at the new one before you apply it.",),
        keeps=(),
    ),
    Wrong(
        "assigned without a jury",
        Act(CHECKER, f"{SEAT}/assignments", {"act": "apply", "scope": "all", "signature": ""}),
        409,
        ("Nobody sits on the jury yet. Invite jurors, and assign when they have accepted.",),
        keeps=(),
        before=(ADMIT, Act(CHECKER, f"{SEAT}/{{seat:juror1}}/remove", {})),
    ),
    Wrong(
        "assigned before an application is admitted",
        Act(CHECKER, f"{SEAT}/assignments", {"act": "apply", "scope": "all", "signature": ""}),
        409,
        ("No application is admitted yet, so there is nothing to assign.",),
        keeps=(),
    ),
    Wrong(
        "assigned to leave an application to nobody",
        Act(CHECKER, f"{SEAT}/assignments", {"act": "preview"}),
        200,
        ("Nobody would score these applications: %(codes)s.",),
        keeps=(),
        before=(ADMIT,),
    ),
    Wrong(
        "a conflict entered twice",
        Act(
            ORGANISER,
            f"{JURY}/conflicts",
            {"juror": "{seat:juror3}", "application": "{application:SA26-001}", "kind": "family", "note": COMMENT},
        ),
        409,
        ("This conflict of interest is already on record.",),
        before=(
            Act(
                ORGANISER,
                f"{JURY}/conflicts",
                {"juror": "{seat:juror3}", "application": "{application:SA26-001}", "kind": "family", "note": COMMENT},
            ),
        ),
    ),
    Wrong(
        "a conflict of nobody",
        Act(
            ORGANISER,
            f"{JURY}/conflicts",
            {"juror": "жоқ", "application": "{application:SA26-001}", "kind": "family", "note": COMMENT},
        ),
        422,
        ("Please choose one of the answers.",),
        keeps=("application", "note"),
    ),
    Wrong(
        "a conflict lifted that is not there",
        Act(ORGANISER, f"{JURY}/conflicts/AAAAAAAAAAAAAAAAAAAAAA/lift", {}),
        404,
        ("There is no such page",),
    ),
    Wrong(
        "the next stage opened with sheets unsigned",
        Act(ORGANISER, f"{JURY}/open-stage", {}),
        409,
        ("Sheets not signed yet: %(count)s. Wait until they are signed or the stage has closed.",),
    ),
    Wrong(
        "a stage opened where none is left",
        Act(ORGANISER, f"{JURY}/open-stage", {}),
        409,
        ("There is no further stage to open.",),
        state="finished",
    ),
    Wrong(
        "a sheet given back without a reason",
        Act(CHAIR, "/jury/{seat:chair}/reopen/{sheet:juror2 signed}", {"reason": " "}),
        422,
        ("Please fill this in.",),
        keeps=(),
    ),
    Wrong(
        "a sheet given back that is not signed",
        Act(CHAIR, "/jury/{seat:chair}/reopen/{sheet:juror2 draft}", {"reason": COMMENT}),
        403,
        ("This sheet is not signed, so there is nothing to give back.",),
    ),
    Wrong(
        "the chair's own sheet given back",
        Act(CHAIR, "/jury/{seat:chair}/reopen/{sheet:chair signed}", {"reason": COMMENT}),
        404,
        ("There is no such page",),
    ),
    Wrong("a jury of another competition", Act("organiser.jas@demo.example", JURY), 404, ("There is no such page",)),
)
ROWS = JURIES


@pytest.mark.parametrize(("wrong", "language"), in_both(ROWS))
def test_a_checker_juror_or_decider_reads_what_is_wrong_and_keeps_her_words(demo: Demo, wrong: Wrong, language: str) -> None:
    demo.restore(wrong.state)
    found = faults(wrong, Stage(demo, language))

    assert not found, found

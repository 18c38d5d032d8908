"""What an organiser can do wrong with events, her team and accounts."""

import pytest

from tests.journeys.cast import ORGANISER
from tests.journeys.demo import Demo
from tests.journeys.wrongs import Act, Stage, Wrong, faults, in_both

pytestmark = pytest.mark.timeout(600)

ADMIN = "admin@demo.example"
EVENT = {
    "competition": "{start}", "kind": "seminar", "title-kk": "Баға мен шығын", "title-ru": "Цена и расходы",
    "place-kk": "Талдықорған, Жастар үйі", "place-ru": "Талдыкорган, Дом молодёжи", "starts_at": "{time:+5}",
    "ends_at": "{time:+5.1}", "capacity": "30",
}  # fmt: skip
PLAN = Act(ORGANISER, "/manage/events/new", EVENT)


def event(**typed: str) -> Act:
    """A new event with other values."""
    return Act(ORGANISER, "/manage/events/new", EVENT | {name.replace("_in_", "-"): value for name, value in typed.items()})


EVENTS = (
    Wrong("an event without a title", event(title_in_kk=""), 422, ("Please fill this in.",)),
    Wrong("an event that ends before it begins", event(ends_at="{time:+4}"), 409, ("The end must come after the beginning.",)),
    Wrong("an event without a beginning", event(starts_at=""), 422, ("Please fill this in.",)),
    Wrong(
        "an event on a day that is no date",
        event(starts_at="ертең"),
        422,
        ("Write the date and the time, such as 14.08.2026 18:00.",),
    ),
    Wrong("an event with no seats", event(capacity="0"), 422, ("Write a whole number from %(min)s to %(max)s.",)),
    Wrong("an event with seats in words", event(capacity="отыз"), 422, ("Write a whole number from %(min)s to %(max)s.",)),
    Wrong(
        "an event with an address that is no link",
        event(online_url="zoom kk"),
        422,
        ("Write a whole address that begins with https://.",),
    ),
    Wrong(
        "an event of a foreign competition",
        event(competition="{jas}"),
        422,
        ("Please choose one of the answers.",),
        keeps=("title-kk", "place-ru"),
    ),
    Wrong(
        "an event of a day that has passed",
        event(starts_at="{time:-5}", ends_at="{time:-4.9}"),
        422,
        ("This time has passed. Choose a later one.",),
        keeps=("title-kk", "starts_at"),
    ),
    Wrong(
        "an event announced when its time has passed",
        Act(ORGANISER, "/manage/events/{event}/announce", {}, at="+6"),
        409,
        ("The event begins on %(instant)s, which has passed. Change its time, then announce it.",),
        before=(PLAN,),
    ),
    Wrong(
        "an event announced twice",
        Act(ORGANISER, "/manage/events/{event}/announce", {}),
        409,
        ("This has already been done, or changed since you opened the page.",),
        before=(PLAN, Act(ORGANISER, "/manage/events/{event}/announce", {})),
    ),
    Wrong(
        "fewer seats than are taken",
        Act(ORGANISER, "/manage/events/{event:4}/edit", {**EVENT, "capacity": "3"}),
        409,
        ("People already have seats: %(count)s. The number of seats cannot be smaller than that.",),
        keeps=("title-kk", "capacity", "starts_at"),
    ),
    Wrong(
        "an event cancelled without a reason",
        Act(ORGANISER, "/manage/events/{event:4}/cancel", {"reason": ""}),
        422,
        ("Please fill this in.",),
    ),
    Wrong(
        "an event cancelled twice",
        Act(ORGANISER, "/manage/events/{event:4}/cancel", {"reason": "Зал жабық болды"}),
        403,
        ("This event is not open: it has not been announced, or was cancelled.",),
        before=(Act(ORGANISER, "/manage/events/{event:4}/cancel", {"reason": "Зал жабық"}),),
    ),
    Wrong(
        "presence marked before the event begins",
        Act(ORGANISER, "/manage/events/{event:4}/sessions/{session:4}/attendance", {"present": ["{person:guest1}"]}),
        409,
        ("Presence can be marked from the beginning of the event.",),
        keeps=(),
    ),
    Wrong(
        "presence of somebody who was not listed",
        Act(ORGANISER, "/manage/events/{event:1}/sessions/{session:1}/attendance", {"present": ["999999"]}),
        422,
        ("Please choose one of the answers.",),
        keeps=(),
    ),
    Wrong(
        "presence at a session of another event",
        Act(ORGANISER, "/manage/events/{event:1}/sessions/{session:2}/attendance", {"present": []}),
        404,
        ("There is no such page",),
    ),
)
MEMBERS = "/manage/programmes/{start_programme}/members"
INVITED = {"email": "aigul@example.kz", "role": "checker", "language": "kk"}
ORGANISATION = {
    "kind": "partner",
    "name-kk": "Жаңа қор",
    "name-ru": "Новый фонд",
    "bin": "100140000015",
    "phone": "+7 700 000 00 10",
    "email": "fond@example.kz",
}
PROGRAMME = {
    "name-kk": "Жаңа бағдарлама",
    "name-ru": "Новая программа",
    "slug": "jana",
    "organisation_id": "1",
    "timezone": "Asia/Almaty",
}
TEAM = (
    Wrong("an invitation without an address", Act(ORGANISER, MEMBERS, INVITED | {"email": ""}), 422, ("Please fill this in.",)),
    Wrong(
        "an invitation to a bad address",
        Act(ORGANISER, MEMBERS, INVITED | {"email": "aigul@@example"}),
        422,
        ("This is not an e-mail address. It looks like name@example.kz.",),
    ),
    Wrong(
        "an invitation to a role that does not exist",
        Act(ORGANISER, MEMBERS, INVITED | {"role": "king"}),
        422,
        ("Please choose one of the answers.",),
        keeps=("email",),
    ),
    Wrong(
        "an invitation of somebody who has the role",
        Act(ORGANISER, MEMBERS, INVITED | {"email": "checker@demo.example"}),
        409,
        ("This person already has this role in the programme.",),
    ),
    Wrong(
        "the last organiser's role ended",
        Act(ORGANISER, "/manage/members/{member:organiser}/end", {}),
        409,
        ("A programme keeps at least one organiser. Invite another one first.",),
    ),
    Wrong(
        "a role ended twice",
        Act(ORGANISER, "/manage/members/{member:press}/end", {}),
        303,
        ("The role has ended.",),
        before=(Act(ORGANISER, "/manage/members/{member:press}/end", {}),),
    ),
    Wrong(
        "a role of another programme ended",
        Act(ORGANISER, "/manage/members/{member:organiser.jas}/end", {}),
        404,
        ("There is no such page",),
    ),
    Wrong(
        "an invitation that was never sent",
        Act(None, "/invitation/AAAAAAAAAAAAAAAAAAAAAA"),
        410,
        ("This link does not work any more",),
    ),
    Wrong(
        "an invitation taken with another account",
        Act("graduate1@demo.example", "{link:aigul@example.kz}", {}),
        409,
        ("The invitation is for another address. Sign out and open the link again.",),
        before=(Act(ORGANISER, MEMBERS, INVITED),),
    ),
    Wrong(
        "an invitation taken with a short password",
        Act(None, "{link:aigul@example.kz}", {"password": "abc"}),
        422,
        ("The password needs at least %(count)s characters. Three or four words are good.",),
        before=(Act(ORGANISER, MEMBERS, INVITED),),
    ),
    Wrong(
        "an identity number opened without a reason",
        Act("checker@demo.example", "/manage/people/{person:graduate1}/identity", {}),
        422,
        ("Choose a reason.",),
    ),
    Wrong(
        "an organisation with a bad number",
        Act(ADMIN, "/admin/organisations/new", ORGANISATION | {"bin": "12"}),
        422,
        ("A BIN has 12 digits.",),
    ),
    Wrong(
        "an organisation with a bad e-mail",
        Act(ADMIN, "/admin/organisations/new", ORGANISATION | {"email": "fond"}),
        422,
        ("This is not an e-mail address. It looks like name@example.kz.",),
    ),
    Wrong(
        "an organisation without a Russian name",
        Act(ADMIN, "/admin/organisations/new", ORGANISATION | {"name-ru": ""}),
        422,
        ("Please fill this in.",),
    ),
    Wrong(
        "a programme at a taken address",
        Act(ADMIN, "/admin/programmes/new", PROGRAMME | {"slug": "start-app"}),
        409,
        ("Another programme has this address. Choose a different one.",),
    ),
    Wrong(
        "a programme in a time zone elsewhere",
        Act(ADMIN, "/admin/programmes/new", PROGRAMME | {"timezone": "Mars"}),
        422,
        ("Please choose one of the answers.",),
        keeps=("name-kk", "slug"),
    ),
    Wrong(
        "an administrator blocks herself",
        Act(ADMIN, "/admin/users/{user:admin}/block", {}),
        409,
        ("You cannot block your own account.",),
    ),
    Wrong(
        "an account blocked twice",
        Act(ADMIN, "/admin/users/{user:jas1}/block", {}),
        409,
        ("This has already been done, or changed since you opened the page.",),
        before=(Act(ADMIN, "/admin/users/{user:jas1}/block", {}),),
    ),
    Wrong(
        "a letter that arrived is sent again",
        Act(ORGANISER, "/manage/outbox/{message}/send-again", {}),
        409,
        ("This letter is on its way or has arrived. Reload the page to see it.",),
    ),
)
ROWS = (*EVENTS, *TEAM)


@pytest.mark.parametrize(("wrong", "language"), in_both(ROWS))
def test_an_organiser_reads_what_is_wrong_and_keeps_her_words(demo: Demo, wrong: Wrong, language: str) -> None:
    demo.restore(wrong.state)
    found = faults(wrong, Stage(demo, language))

    assert not found, found

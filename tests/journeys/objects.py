"""What the pages of the demo speak of: by the object in the address, or by what belongs to a page that lists."""

import json

from sqlalchemy import Engine, text

from tests.journeys.atlas import Found, routes

# What a page must show because its address names an object: by table, the words for the row with this public id, slug or code.
OF_APPLICATION = (
    "SELECT COALESCE(a.code, c.name) FROM competitions_applications a"
    " JOIN competitions_competitions c ON c.id = a.competition_id"
)
STEPS = (
    "competitions_applicant.group",
    "competitions_applicant.check_answers",
    "competitions_applicant.thread",
    "competitions_applicant.appeal",
)
OF_STEP = (
    "SELECT c.name FROM competitions_applications a JOIN competitions_competitions c ON c.id = a.competition_id"
    " WHERE a.public_id = :value"
)
OF_SHEET = (
    f"{OF_APPLICATION} JOIN scoring_assignments s ON s.application_id = a.id JOIN scoring_reviews v ON v.assignment_id = s.id"
)
OF_SEAT = (
    "SELECT c.name FROM scoring_jurors j JOIN scoring_rounds r ON r.id = j.round_id"
    " JOIN competitions_competitions c ON c.id = r.competition_id"
)
NAMED = (
    "SELECT name FROM competitions_competitions WHERE :value IN (public_id, slug)",
    "SELECT name FROM programmes_programmes WHERE public_id = :value",
    "SELECT name FROM programmes_organisations WHERE public_id = :value",
    "SELECT family_name FROM people_persons WHERE public_id = :value",
    "SELECT title FROM seminars_events WHERE public_id = :value",
    "SELECT e.title FROM seminars_events e JOIN seminars_sessions s ON s.event_id = e.id WHERE s.public_id = :value",
    "SELECT number FROM certificates_certificates WHERE :value IN (public_id, code)",
    "SELECT subject FROM messages_messages WHERE public_id = :value",
    "SELECT strftime('%d.%m.%Y', given_at, '+5 hours') FROM people_consents WHERE public_id = :value",
    f"{OF_APPLICATION} WHERE a.public_id = :value",
    f"{OF_SHEET} WHERE v.public_id = :value",
    f"{OF_SEAT} WHERE j.public_id = :value",
)

OF_TEAM = (
    "IN (SELECT m.programme_id FROM programmes_memberships m JOIN people_users u ON u.id = m.user_id WHERE u.email = :email)"
)
HER = "(SELECT person_id FROM people_users WHERE email = :email)"
CALLS_OF_TEAM = f"SELECT name FROM competitions_competitions WHERE programme_id {OF_TEAM}"
PROGRAMMES_OF_TEAM = f"SELECT name FROM programmes_programmes WHERE id {OF_TEAM}"
EVENTS_OF_TEAM = f"SELECT title FROM seminars_events WHERE programme_id {OF_TEAM}"
# What belongs to a page whose address names nothing: one of these must stand there for the person of this address.
LISTS = {
    "app_organiser.desk": PROGRAMMES_OF_TEAM,
    "app_person.home": f"{OF_SEAT} JOIN scoring_assignments s ON s.juror_id = j.id JOIN scoring_reviews v"
    f" ON v.assignment_id = s.id WHERE v.state = 'draft' AND j.person_id = {HER}",
    "app_public.front": "SELECT name FROM competitions_competitions WHERE state = 'announced'",
    "awards_public.all_results": "SELECT name FROM competitions_competitions WHERE state = 'published'",
    "certificates_account.certificates": f"SELECT number FROM certificates_certificates WHERE person_id = {HER}",
    "certificates_organiser.certificates": f"SELECT number FROM certificates_certificates WHERE programme_id {OF_TEAM}",
    "competitions_applicant.my_applications": f"{OF_APPLICATION} WHERE a.applicant_id = {HER}",
    "competitions_organiser.competitions": CALLS_OF_TEAM,
    "competitions_organiser.new_competition": PROGRAMMES_OF_TEAM,
    "messages_admin.outbox": "SELECT subject FROM messages_messages",
    "messages_organiser.outbox": f"SELECT subject FROM messages_messages WHERE programme_id {OF_TEAM}",
    "people_admin.users": "SELECT email FROM people_users",
    "people_person.consent_list": "SELECT strftime('%d.%m.%Y', given_at, '+5 hours') FROM people_consents"
    f" WHERE person_id = {HER}",
    "people_person.settings": "SELECT email FROM people_users WHERE email = :email",
    "programmes_admin.audit_log": "SELECT p.family_name FROM people_persons p JOIN people_users u ON u.person_id = p.id"
    " WHERE u.id IN (SELECT user_id FROM core_audit_entries)",
    "programmes_admin.new_programme": "SELECT name FROM programmes_organisations",
    "programmes_admin.organisations": "SELECT name FROM programmes_organisations",
    "programmes_admin.programmes": "SELECT name FROM programmes_programmes",
    "programmes_organiser.audit_log": PROGRAMMES_OF_TEAM,
    "programmes_organiser.teams": PROGRAMMES_OF_TEAM,
    "reports_funder.figures": CALLS_OF_TEAM,
    "scoring_juror.seats": f"{OF_SEAT} WHERE j.person_id = {HER}",
    "seminars_organiser.events": EVENTS_OF_TEAM,
    "seminars_organiser.new_event": CALLS_OF_TEAM,
    "seminars_participant.registrations": "SELECT e.title FROM seminars_events e JOIN seminars_registrations r"
    f" ON r.event_id = e.id WHERE r.person_id = {HER}",
    "seminars_public.events": "SELECT title FROM seminars_events WHERE state = 'announced'",
}
# Pages that speak of nothing in the demo, and why.
SPEAKS_OF_NOTHING = {
    "app_admin.components": "shows the parts pages are made of",
    "app_admin.overview": "tells what fails in the installation, and leads to its lists",
    "certificates_public.look_up": "asks for a code",
    "people_person.devices": "the demo's people hold no session before somebody signs in",
    "people_person.email": "asks for another address",
    "people_person.password": "asks for another password",
    "people_public.request_reset": "asks for an address",
    "people_public.sign_in": "asks who is there",
    "people_public.sign_up": "asks who is there",
    "programmes_admin.new_organisation": "an empty form that offers nothing of the demo",
}


class Objects:
    """What the objects of the demo are called, in any language."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def shown_on(self, found: Found, email: str | None) -> list[str] | None:
        """One of these must stand on the page; none if nothing there is hers, None if it speaks of nothing."""
        if found.is_about:
            return self.named_by(found.path)
        if found.endpoint in SPEAKS_OF_NOTHING:
            return None
        return [name for name in self._called(LISTS[found.endpoint], email=email) if len(name) > 3]

    def has_more(self, found: Found, email: str | None) -> bool:
        """Whether there is something to look for: not on a list of hers that is empty, as others' are not."""
        return found.is_about or self.shown_on(found, email) != []

    def named_by(self, path: str) -> list[str]:
        """What the most particular object of the address is called; a step of the form names its call."""
        endpoint, values = routes().url_map.bind("localhost").match(path)
        asked = (OF_STEP,) if endpoint in STEPS else NAMED
        found = [[name for one in asked for name in self._called(one, value=str(value))] for value in values.values()]
        return next((names for names in reversed(found) if names), [])

    def _called(self, select: str, **values: str | None) -> list[str]:
        with self.engine.connect() as connection:
            rows = connection.execute(text(select), values).scalars().all()
        return [part.strip() for row in rows if row for part in spoken(str(row))]


def spoken(value: str) -> list[str]:
    """The texts in a column: of every language where it holds one each, of every cell where it holds a table."""
    try:
        held = json.loads(value)
    except ValueError:
        return [value]
    parts = list(held.values()) if isinstance(held, dict) else held if isinstance(held, list) else []
    return [text for part in parts for text in (spoken(part) if isinstance(part, str) else spoken(json.dumps(part)))] or [value]

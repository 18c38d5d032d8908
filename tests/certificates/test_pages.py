"""Pages about certificates: everybody may verify, the holder and the organisers may read, nobody else."""

import io

import pytest

from app.access.actor import COMMAND
from app.access.routes import BODY_LIMIT
from app.certificates.models import Certificate
from app.certificates.queries import by_id
from app.certificates.rules import shown_code
from app.certificates.services import revoke
from app.core import audit, clock, jobs, storage
from app.core.db import db, writing
from app.messages.models import Message
from app.people.services.passwords import hash_password
from app.programmes.models import Organisation
from app.programmes.queries import programme_by_slug
from app.programmes.services import give_role
from app.programmes.states import Role
from tests import factories
from tests.client import PASSWORD, enter


@pytest.fixture
def issued(app, issue_one):
    """One rendered certificate of a graduate: (code, public id)."""
    with app.app_context():
        with writing():
            kept = hash_password(PASSWORD)
            ours, theirs = factories.programme("start-app"), factories.programme("jas-qadam")
            for name, programme in (("organiser", ours), ("stranger", theirs)):
                account = factories.user(f"{name}@example.com", password_hash=kept)
                give_role(programme, account, role=Role.ORGANISER, by=COMMAND, at=factories.LONG_AGO)
            graduate = factories.user("graduate@example.com", password_hash=kept)
            certificate = issue_one(ours, person_id=graduate.person_id)
            found = (certificate.code, certificate.public_id)
        jobs.drain()
    return found


def only_certificate():
    return by_id(db.session.scalars(db.select(Certificate.id)).one())


def document(app, language="kk"):
    with app.app_context():
        (made,) = [one for one in only_certificate().files if one.language == language]
        return storage.read(made.storage_key)


def test_everybody_may_verify_and_learns_only_what_is_public(client, issued):
    code, public_id = issued
    answer = client.get(f"/verify/{code}?lang=en")

    assert answer.status_code == 200
    for shown in ("SA26-Д-0001", "30.10.2026", "Үлгібаева Т."):
        assert shown in answer.text
    for hidden in ("Тоғжан", "Қолөнер", "1 000 000", public_id):
        assert hidden not in answer.text


def test_code_is_read_as_it_is_typed(client, issued):
    code, _public_id = issued
    answer = client.get("/verify", query_string={"code": shown_code(code).lower()})

    assert (answer.status_code, answer.location) == (303, f"/verify/{code}")


def test_an_empty_code_is_asked_for_again(client):
    asked, empty = client.get("/verify?lang=en"), client.get("/verify?lang=en&code=+")

    assert ["Type the code printed below the QR code." in one.text for one in (asked, empty)] == [False, True]
    assert (asked.status_code, empty.status_code) == (200, 422)


@pytest.mark.parametrize("code", ["A" * 26, "x", "%00", "..%2f..%2fetc"])
def test_unknown_code_is_said_to_be_unknown(client, issued, code):
    assert client.get(f"/verify/{code}").status_code == 404


def test_what_cannot_be_a_code_is_told_from_an_unknown_one(client):
    mistyped, unknown = client.get("/verify/ABC?lang=en").text, client.get(f"/verify/{'A' * 26}?lang=en").text

    assert "does not look like a code" in mistyped
    assert "There is no certificate with this code" in unknown
    assert 'value="ABC"' in client.get("/verify?typed=ABC&lang=en").text


def test_page_says_what_the_certificate_is_for(client, issued):
    page = client.get(f"/verify/{issued[0]}?lang=en").text

    assert "Diploma" in page
    assert "Winner of “Start App”" in page


def test_holder_reads_what_her_certificate_is_for(app, issued):
    page = enter(app, "graduate").get("/my/certificates").text

    assert "«Start App» байқауының жеңімпазы" in page
    assert shown_code(issued[0]) in page


def test_revoked_certificate_says_so(app, client, issued):
    with app.app_context(), writing():
        revoke(only_certificate(), reason="құпия себеп", by=COMMAND, at=clock.now())
    answer = client.get(f"/verify/{issued[0]}?lang=en")

    assert "was revoked" in answer.text
    assert "құпия себеп" not in answer.text


def test_holder_who_is_not_to_be_named_is_not_named(app, client, issue_one):
    with app.app_context(), writing():
        code = issue_one(factories.programme(), public_name="").code

    assert "has not agreed to be named" in client.get(f"/verify/{code}?lang=en").text


def test_issued_file_is_told_from_any_other(app, client, issued):
    made = document(app)

    def compare(data):
        return client.post(
            f"/verify/{issued[0]}", data={"document": (io.BytesIO(data), "a.pdf")}, headers={"Accept-Language": "en"}
        )

    assert "Yes, it is the issued file" in compare(made).text
    forged = compare(made + b" ").text
    assert "No, it is another file" in forged
    assert "This certificate is valid" not in forged
    assert forged.index("No, it is another file") < forged.index("Issued under this code")
    assert "No, it is another file" in compare(made + b" " * BODY_LIMIT).text
    empty, photo = compare(b""), compare(b"\xff\xd8\xff\xe0 a photo")
    assert (empty.status_code, photo.status_code) == (422, 422)
    assert "The file is empty" in empty.text
    assert "This is not a PDF" in photo.text
    assert "another file" not in empty.text + photo.text
    assert client.post(f"/verify/{issued[0]}", data={}).status_code == 422


def test_issued_file_is_told_from_that_of_another_certificate(app, client, issued, issue_one):
    made = document(app)
    with app.app_context():
        with writing():
            other = issue_one(programme_by_slug("start-app"), "award-2").code
        jobs.drain()

    def compare(code):
        sent = {"document": (io.BytesIO(made), "a.pdf")}
        return client.post(f"/verify/{code}", data=sent, headers={"Accept-Language": "en"}).text

    assert "Yes, it is the issued file" in compare(issued[0])
    assert "No, it is another file" in compare(other)


def test_thirty_look_ups_a_minute_are_answered(client, issued):
    answers = [client.get(f"/verify/{issued[0]}").status_code for _ in range(31)]

    assert answers == [200] * 30 + [429]


def test_holder_takes_her_documents_and_leaves_a_trace(app, client, issued):
    graduate = enter(app, "graduate")
    listed = graduate.get("/my/certificates")
    taken = graduate.get(f"/my/certificates/{issued[1]}/kk.pdf")

    assert "SA26-Д-0001" in listed.text
    assert taken.data == document(app)
    assert taken.headers["Content-Disposition"].startswith("attachment;")
    with app.app_context():
        assert [entry.verb for entry in audit.history(only_certificate())] == ["issue", *["print"] * 3, "download"]


@pytest.mark.parametrize(
    "address",
    [
        "/my/certificates/{}/kk.pdf",
        "/manage/certificates/{}",
        "/manage/certificates/{}/kk.pdf",
        "/manage/certificates/{}/revoke",
    ],
)
def test_another_programmes_organiser_finds_nothing(app, client, issued, address):
    stranger = enter(app, "stranger")

    assert stranger.get(address.format(issued[1])).status_code == stranger.get(address.format("absent")).status_code == 404
    assert "SA26" not in stranger.get("/manage/certificates").text


def test_holder_has_no_staff_rights_on_her_certificate(app, client, issued):
    assert enter(app, "graduate").post(f"/manage/certificates/{issued[1]}/revoke", data={"reason": "x"}).status_code == 404


def letters(kind):
    return [one.text for one in db.session.scalars(db.select(Message).where(Message.kind == kind))]


def test_holder_of_a_revoked_certificate_is_told_why_and_gets_a_corrected_one(app, client, issued):
    code, public_id = issued
    organiser, address = enter(app, "organiser"), f"/manage/certificates/{public_id}"
    organiser.post(f"{address}/revoke", data={"reason": "Аты қате жазылған."})
    shown = organiser.get(address).text
    missing = organiser.post(f"{address}/correct", data={"name": "", "reason": ""})
    answer = organiser.post(f"{address}/correct", data={"name": "Үлгібаева Тоғжан Ерқызы", "reason": "Толық аты жазылды."})
    again = organiser.post(f"{address}/correct", data={"name": "Басқа", "reason": "тағы"})

    assert f"{address}/correct" in shown
    assert (missing.status_code, answer.status_code, again.status_code) == (422, 303, 409)
    assert "was replaced by another one" in client.get(f"/verify/{code}?lang=en").text
    with app.app_context():
        old, heir = db.session.scalars(db.select(Certificate).order_by(Certificate.id))
        assert (old.replaced_by_id, heir.name, heir.state.value) == (heir.id, "Үлгібаева Тоғжан Ерқызы", "valid")
        assert (heir.public_name, heir.facts) == ("", old.facts)
        (revoked,), (replaced,) = letters("certificates.revoked"), letters("certificates.replaced")
    assert "Аты қате жазылған." in revoked
    assert heir.number in replaced


def test_holder_reads_beside_a_certificate_that_ended_why_and_which_to_show(app, issued):
    organiser, holder = enter(app, "organiser"), enter(app, "graduate")
    holder.post("/language", data={"language": "en"})
    with app.app_context(), writing():
        db.session.execute(db.update(Organisation).values(email="call@example.kz", phone="+7 727 000 00 00"))
    organiser.post(f"/manage/certificates/{issued[1]}/revoke", data={"reason": "Аты қате жазылған."})
    revoked = holder.get("/my/certificates").text
    organiser.post(f"/manage/certificates/{issued[1]}/correct", data={"name": "Үлгібаева Т.", "reason": "Жаңа аты."})
    replaced = holder.get("/my/certificates").text

    for said in ("do not show it any more", "Аты қате жазылған.", "call@example.kz, +7 727 000 00 00"):
        assert said in revoked
        assert said not in replaced
    assert "SA26-Д-0002 stands in its place: show that one" in replaced
    assert "Жаңа аты." in replaced
    with app.app_context():
        assert "call@example.kz, +7 727 000 00 00" in letters("certificates.revoked")[0]


def test_organiser_revokes_with_a_reason_and_only_with_one(app, client, issued):
    organiser, address = enter(app, "organiser"), f"/manage/certificates/{issued[1]}"
    assert "SA26-Д-0001" in organiser.get("/manage/certificates").text
    assert organiser.get(f"{address}/ru.pdf").status_code == 200
    assert organiser.post(f"{address}/revoke", data={"reason": " "}).status_code == 422
    assert organiser.post(f"{address}/revoke", data={"reason": "қате"}).status_code == 303
    again = organiser.post(f"{address}/revoke", data={"reason": "тағы"})

    assert again.status_code == 409
    assert "қате" in organiser.get(address).text

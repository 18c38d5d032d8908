"""What jurors cannot know of applicants, and applicants not of jurors: canaries in every field, looked for everywhere."""

import json
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.core import storage
from app.core.db import db, drop_guards, put_guards, writing
from app.people.models import User
from app.people.services.persons import set_identity
from competitions.models import Answer, ApplicationVersion, Document, Question
from competitions.queries.form import form_in_force
from scoring.queries import blind, sheet
from scoring.services import sheets
from scoring.services.sheets import Stroke
from scoring.states import ConflictKind
from tests import factories
from tests.scoring.crawling import bodies, read_all
from tests.scoring.scenario import SCORED_AT, make_jury, sign_in

FROZEN_AT = datetime(2026, 9, 18, 18, tzinfo=factories.ALMATY)
IIN = "010203699013"
IDENTITY = {
    "family_name": "Канарейқызы", "given_name": "Аққанат", "patronymic": "Қызғышқызы", "email": "canary@bird.example",
    "district": "Қараторғай ауданы",
}  # fmt: skip
CANARIES = [
    *IDENTITY.values(), IIN, "7001234567", "2001-02-03", "Торғай балалар үйі", "canary-passport",
    "Аққулы ауданы",
]  # fmt: skip


def add_private_answers(application, form):
    """Answers of the private part, as rows and sealed into the version, and a file with a name that tells."""
    sealed = {"name": {"family": IDENTITY["family_name"]}, "iin": IIN, "status": {"institution": "Торғай балалар үйі"}}
    for key, value in sealed.items():
        db.session.add(
            Answer(application_id=application.id, question_key=key, sealed=json.dumps(value), version=1, saved_at=SCORED_AT)
        )
    drop_guards(db.session.connection())  # as if it had asked so from the beginning
    private = Question(
        form_id=form.id, position=90, group="person", key="proof", kind="file", label=factories.text(), is_private=True
    )
    home = Question(
        form_id=form.id, position=0, group="person", key="home", kind="district", label=factories.text(), is_private=True
    )
    shown = Question(form_id=form.id, position=91, group="money", key="price_proof", kind="file", label=factories.text())
    db.session.add_all((private, home, shown))
    db.session.flush()
    put_guards(db.session.connection())
    return json.dumps(sealed)


def document(application, key, number):
    stored = storage.put(f"%PDF-1.4 {key}".encode(), suffix=".pdf")
    made = Document(
        application_id=application.id, question_key=key, name=f"canary-passport-{number}.pdf", media_type="application/pdf",
        extension="pdf", size=stored.size, sha256=stored.sha256, storage_key=stored.key, uploaded_at=SCORED_AT,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return {"public_id": made.public_id, "question_key": key, "sha256": made.sha256, "size": made.size, "extension": "pdf"}


def mark(world):
    """Put a canary into every field of the first application that names a person."""
    application = world.applications[0]
    applicant = factories.user(IDENTITY["email"])
    for name, value in IDENTITY.items():
        setattr(applicant.person, name, value)
    set_identity(applicant.person, iin=IIN, born_on=date(2001, 2, 3), phone="+77001234567", by=world.manager(), at=SCORED_AT)
    application.applicant_id = applicant.person_id
    application.entered_by_id = applicant.id
    form = form_in_force(world.competition)
    sealed = add_private_answers(application, form)
    documents = [document(application, "proof", 1), document(application, "price_proof", 2)]
    db.session.add(
        ApplicationVersion(
            application_id=application.id, number=2, sealed=sealed, documents=documents, sha256="2" * 64, user_id=applicant.id,
            content={"title": "Нан үйі", "problem": "Нан аз", "place": "Кербұлақ ауданы", "home": "Аққулы ауданы"},
            submitted_at=FROZEN_AT - timedelta(days=1),
        )
    )  # fmt: skip
    db.session.flush()
    return applicant


@pytest.fixture
def world(app, at, kept):
    at(SCORED_AT)
    return kept(app, marked_jury)


def marked_jury():
    with writing():
        made = make_jury(jurors=2, applications=2)
        made.keys["applicant"] = mark(made).id
        made.ids["review"] = made.review(0, 0).public_id
    return made


@pytest.fixture
def juror(app, client, world):
    with app.app_context(), writing():
        return sign_in(client, world.again().users[0])


def test_a_blind_application_is_the_version_before_the_freeze(app, world):
    with app.app_context():
        found = blind.blind_application(world.keys["applications"][0])

    assert (found.title, found.district) == ("Нан үйі", "Кербұлақ ауданы")
    assert "Аққулы ауданы" not in [one.value for one in found.answers]
    assert [(one.number, one.name) for one in found.documents] == [(1, f"{found.code}-1.pdf")]


def test_no_version_comes_after_the_freeze(app, world):
    late = {
        "number": 3,
        "content": {"title": "Кеш"},
        "sealed": "{}",
        "documents": [],
        "sha256": "3" * 64,
        "submitted_at": FROZEN_AT,
    }
    with app.app_context(), pytest.raises(IntegrityError, match="nothing_is_corrected_after_the_freeze"), writing():
        db.session.add(ApplicationVersion(application_id=world.keys["applications"][0], **late))


def test_nothing_a_juror_can_reach_holds_the_applicants_identity(juror, world):
    """The chair, who reaches most of all jurors, follows every link; then every other way to what she may act on."""
    pages = read_all(juror, "/jury")
    review = f"/jury/reviews/{world.ids['review']}"
    fields_sent = {"field": "C1", "value": "7", "change_id": "c1", "base_version": "0"}
    answers = [
        juror.post(f"{review}/scores", data=fields_sent),
        juror.post(f"{review}/scores", data=fields_sent | {"value": "5", "change_id": "c2"}),
        juror.post(review, data={"act": "sign"}),
        juror.get(f"{review}/documents/1"),
        juror.get(f"{review}/documents/2"),
        juror.get(f"/jury/{world.ids['seat']}/ranking"),
    ]
    everything = list(pages.values()) + [f"{one.headers}\n{one.data.decode('utf-8', 'replace')}" for one in answers]

    assert any("Нан үйі" in text for text in everything)
    assert any(f"{world.ids['code0']}-1.pdf" in text for text in everything)
    assert [one.status_code for one in answers] == [200, 409, 409, 200, 404, 403]
    found = [(canary, address) for address, text in pages.items() for canary in CANARIES if canary in text]
    assert found == []
    assert [canary for canary in CANARIES if any(canary in text for text in everything)] == []


@pytest.mark.parametrize(
    "address",
    ["/manage/competitions/{c}", "/manage/competitions/{c}/jury", "/manage/competitions/{c}/jury/assignments", "/manage/"],
)
def test_a_jurors_seat_opens_no_desk(juror, world, address):
    assert juror.get(address.format(c=world.ids["competition"])).status_code == 404


def test_the_download_is_a_file_that_no_browser_runs(juror, world):
    response = juror.get(f"/jury/reviews/{world.ids['review']}/documents/1")

    assert response.data == b"%PDF-1.4 price_proof"
    assert f"{world.ids['code0']}-1.pdf" in response.headers["Content-Disposition"]
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_a_pitch_shows_the_given_name_and_no_more(app, client, world, at):
    with app.app_context(), writing():
        again = world.again()
        pitch = again.round.stages[1]
        again.review(0, 0).stage_id = pitch.id
        opened_at = pitch.opens_at + timedelta(hours=1)
    at(opened_at)
    with app.app_context(), writing():
        sign_in(client, world.again().users[0], at=opened_at)
    text = client.get(f"/jury/reviews/{world.ids['review']}").get_data(as_text=True)

    assert IDENTITY["given_name"] in text
    assert [canary for canary in CANARIES if canary in text] == [IDENTITY["given_name"]]


def test_a_recused_juror_no_longer_sees_the_application(juror, world):
    review = f"/jury/reviews/{world.ids['review']}"
    said = juror.post(f"{review}/recuse", data={"kind": ConflictKind.MENTOR.value, "note": "Тәлімгерімін."})
    after = {address: juror.get(address).status_code for address in (review, f"{review}/documents/1", f"{review}/signed.json")}
    queue = juror.get(f"/jury/{world.ids['seat']}").get_data(as_text=True)

    assert said.status_code == 303
    assert set(after.values()) == {403}
    assert world.ids["code0"] not in queue
    assert juror.post(f"{review}/scores", data={"field": "C1", "value": "7"}).status_code == 403


def test_nothing_an_applicant_can_reach_changes_with_what_the_jury_does(app, client, world):
    """No score, note, name or count, and not one character more or less on any page."""
    with app.app_context(), writing():
        sign_in(client, db.session.get_one(User, world.keys["applicant"]))
    before = bodies(read_all(client, "/my"))
    with app.app_context(), writing():
        world = world.again()
        for field, value in (("note", "Жапалақ-жазба"), ("feedback", "Жапалақ-пікір"), ("comment-C1", "Жапалақ-түсінік")):
            review = world.review(0, 0)
            version = sheet.versions_of(review).get(field, 0)
            sheets.save_field(review, Stroke(field, value, version, field), by=world.by(0), at=SCORED_AT)
        world.sign_all()
        names = [user.person.family_name for user in world.users]
    after = bodies(read_all(client, "/my"))

    assert len(before) > 3
    assert before == after
    canaries = ["Жапалақ", *names]
    assert [canary for canary in canaries if any(canary in text for text in after.values())] == []

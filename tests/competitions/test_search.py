"""One query over applications: read in three languages, the same in the database as in plain words, by the asker's rights."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select, update

from app.core.columns import blind_index
from app.core.db import db, writing
from app.core.events import emit
from app.core.refusals import RefusedError
from app.people.models import Person
from app.people.services.persons import set_name
from app.programmes.queries import actor_of
from app.programmes.states import Role
from competitions.events import CalendarMoved
from competitions.invariants import SEALS
from competitions.models import Application, ApplicationVersion, Competition, Form, Rules, SearchEntry, SearchWord
from competitions.policy import CHECKING, Permission
from competitions.queries.check import exported, listed, listed_counts
from competitions.queries.competition import programme_of
from competitions.queries.search import age_index, asked_query, found, rows_asked, views_for
from competitions.rules.checking import Order
from competitions.rules.query import (
    LIST,
    All,
    Asked,
    Between,
    Field,
    Flag,
    Not,
    OneOf,
    Some,
    answers,
    scopes,
    words_asked,
)
from competitions.rules.query_text import WHOLE, Piece, Query, QueryRefusal, read_query
from competitions.rules.query_words import FIELDS, STATES, FlagWords, values_meant
from competitions.rules.regions import REGIONS
from competitions.rules.stems import stems, stems_of
from competitions.services.application import submit_application
from competitions.services.search import index_applications, index_rows, save_view
from competitions.states import ApplicationState, Milestone
from tests import factories
from tests.competitions.scene import CONSENT, OPEN_AT, announced_call, applicant, draft, write
from tests.examples import examples

SEMINAR = [FlagWords("seminar", {"kk": ("семинар",), "ru": ("семинар",), "en": ("seminar",)})]
VOCABULARY = ("киіз", "кәдесый", "шеберхана", "мастерская", "tufting", "сумка", "001")
NAMES = ("Айгүл", "Сынақбай", "Иванова")


# --- Words --------------------------------------------------------------------------------------------------------------


@pytest.mark.unit
@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Тuффting", "тuфтинг"), ("туфтинг", "Тuффting"), ("TUFTING", "Тuффting"), ("киізден", "Киіз"), ("киз", "КИІЗ"),
        ("кәдесыйлардың", "кәдесый"), ("шеберханаға", "шеберхана"), ("мастерскую", "Мастерская"), ("cумки", "сумка"),
        ("сумка", "cумка"), ("workshop", "workshops"), ("ёлка", "елка"), ("ұлттық", "улттык"), ("шебер", "шеберхана"),
    ],
)  # fmt: skip
def test_a_word_is_found_in_any_form_and_spelling(typed, written):
    assert answers(words_asked(typed), Asked("submitted", "kk", project=stems_of(f"Біздің {written}, жаңа")))


@pytest.mark.unit
@pytest.mark.parametrize(("typed", "written"), [("киіз", "кино"), ("10", "100000"), ("ши", "шифер"), ("сауда", "саулық")])
def test_another_word_is_not_found(typed, written):
    assert not answers(words_asked(typed), Asked("submitted", "kk", project=stems_of(written)))


# --- The text of a query ------------------------------------------------------------------------------------------------


@pytest.mark.unit
def test_the_example_of_the_help_is_understood():
    query = read_query("status:returned region:33 sum:>800000 -seminar", SEMINAR)
    assert query.node == All(
        (
            OneOf(Field.STATUS, frozenset({"returned"})),
            OneOf(Field.REGION, frozenset({"KZ-33"})),
            Between(Field.SUM, 800_001, None),
            Not(Flag("seminar")),
        )
    )
    assert query.without(query.pieces[1]) == "status:returned sum:>800000 -seminar"


@pytest.mark.unit
@pytest.mark.parametrize(
    "text",
    [
        "статус:возвращена регион:33 сумма:>800000 -семинар",
        "күйі:қайтарылды өңір:Жетісу сома:>800000 -семинар",
        "status: ret REGION:zhetisu sum:> 800 000 \u2212seminar",
        "(state:returned) (lang:kk OR -lang:kk) sum:800001.. region:KZ-33 -seminar",
    ],
)
def test_one_query_in_three_languages_finds_the_same(text):
    sought = Asked("returned", "kk", region="KZ-33", sum=900_000)
    for other in ({"sum": 800_000}, {"region": "KZ-35"}, {"status": "submitted"}, {"flags": frozenset({"seminar"})}):
        changed = Asked(**{name: getattr(sought, name) for name in Asked.__slots__} | other)
        assert answers(read_query(text, SEMINAR).node, sought)
        assert not answers(read_query(text, SEMINAR).node, changed), other


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("киіз foo:bar", QueryRefusal.UNKNOWN_FIELD, "foo:bar"),
        ("sum:көп киіз", QueryRefusal.NO_NUMBER, "sum:көп"),
        ("status:жоқ", QueryRefusal.UNKNOWN_VALUE, "status:жоқ"),
        ("submitted:31.02.2026", QueryRefusal.NO_DAY, "submitted:31.02.2026"),
        ("киіз %", QueryRefusal.NO_WORD, "%"),
        ("киіз OR", QueryRefusal.NOTHING_AFTER, "OR"),
        ("sum:", QueryRefusal.NOTHING_AFTER, "sum:"),
        ("киіз (жүн", QueryRefusal.UNPAIRED, "("),
        ("киіз) жүн", QueryRefusal.UNPAIRED, ")"),
        ('жүн "киіз', QueryRefusal.UNPAIRED, '"киіз'),
        ("-(a OR )", QueryRefusal.NOTHING_AFTER, "OR"),
        ("sum:>" + "9" * 40, QueryRefusal.NO_NUMBER, "sum:>" + "9" * 40),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text, code, place):
    with pytest.raises(RefusedError) as refused:
        read_query(text, SEMINAR)
    (refusal,) = refused.value.refusals
    assert (refusal.code, text[refusal.params["start"] : refusal.params["end"]]) == (code, place)


@pytest.mark.unit
@given(st.text(alphabet='аbқ1 :-()"|<>=.,«», \u00a0₸', max_size=60))
def test_any_text_is_read_or_refused(text):
    with suppress(RefusedError):
        assert read_query(text, SEMINAR).text == text


@pytest.mark.unit
def test_or_holds_for_the_two_words_beside_it():
    query = read_query("status:draft a OR b -c", SEMINAR)
    assert [query.text[one.start : one.end] for one in query.pieces] == ["status:draft", "a OR b", "-c"]
    assert query.node == read_query("status:draft (a или b) -(c)").node


@pytest.mark.unit
def test_no_word_of_a_query_means_two_things():
    words = [word for spoken in FIELDS.values() for words in spoken.values() for word in set(words)]
    assert len(words) == len(set(words))
    assert all(
        values_meant(Field.STATUS, word) == {state.value}
        for state, spoken in STATES.items()
        for said in spoken.values()
        for word in said
    )
    assert all(code in values_meant(Field.REGION, name) for code, names in REGIONS.items() for name in names.values())


# --- In the database ----------------------------------------------------------------------------------------------------


@pytest.fixture
def scene(database, app, kept):
    return kept(app, announced)


def announced():
    with writing():
        competition = announced_call()
        programme = db.session.get_one(Competition.programme.property.mapper.class_, competition.programme_id)
        checker = actor_of(factories.user(member_of=programme, role=Role.CHECKER))
    return competition, checker, programme


def submitted(competition, **changed):
    _account, actor = applicant()
    application = draft(competition, actor)
    write(application, actor, **changed)
    submit_application(application, by=actor, at=OPEN_AT, declarations=CONSENT)
    return application


FINDING = (
    *("туфтинг", "шеберхана", "sa26-001", "name:сынақбай", "Арлан", "age:26", "age:<30", "region:жетісу", "sum:90000"),
    *("submitted:01.08.2026", "тілі:қазақша", "status:submitted -files -corrected -seminar"),
)
MISSING = (
    *("name:киіз", "code:сынақбай", "age:>26", "-region:33", "sum:<90000", "submitted:<2026-08-01", "files", "-туфтинг"),
)


def codes(actor, competition, text):
    page = listed(actor, competition, state=None, query=asked_query(text), order=Order.CODE, number=1)
    return [row.application.code for row in page.items]


def test_what_was_submitted_is_found_by_all_that_can_be_asked(scene):
    competition, checker, _programme = scene
    with writing():
        submitted(competition, title="Тuффting шеберханасы")
        draft(competition, applicant()[1])
    for text in FINDING:
        assert codes(checker, competition, text) == ["SA26-001"], text
    for text in MISSING:
        assert codes(checker, competition, text) == [], text
    assert codes(checker, competition, "status:draft") == [None]


# One that was returned has a check beside it.
STATES_OF_ROWS = tuple(one for one in ApplicationState if one is not ApplicationState.RETURNED)


def random_rows(competition):
    """Applications of all states with words, sums, regions and ages, written as what they are found by."""
    form_id = db.session.scalars(select(Form.id).where(Form.competition_id == competition.id)).first()
    rules_id = db.session.scalars(select(Rules.id).where(Rules.competition_id == competition.id)).first()
    rows = {}
    for number in range(36):
        state = STATES_OF_ROWS[number % 5]
        is_draft = state is ApplicationState.DRAFT
        person = Person(created_at=OPEN_AT)
        db.session.add(person)
        db.session.flush()
        sent_at = OPEN_AT + timedelta(hours=7 * number)
        one = Application(
            programme_id=competition.programme_id, competition_id=competition.id, applicant_id=person.id, form_id=form_id,
            rules_id=rules_id, language=("kk", "ru")[number % 2], state=state, code=None if is_draft else f"SA26-{number:03d}",
            created_at=OPEN_AT, edited_at=OPEN_AT, submitted_at=None if is_draft else sent_at,
        )  # fmt: skip
        db.session.add(one)
        db.session.flush()
        if is_draft:
            rows[one.id] = Asked(state.value, one.language)
            continue
        for version in range(1 + number % 3 // 2 + 1) if number % 4 == 0 else range(1):
            db.session.add(
                ApplicationVersion(
                    application_id=one.id, number=version + 1, content={}, sealed="{}", documents=[], sha256="0" * 64,
                    submitted_at=OPEN_AT,
                )
            )  # fmt: skip
        rows[one.id] = Asked(
            status=state.value,
            language=one.language,
            region=(None, "KZ-33", "KZ-35")[number % 3],
            age=(None, 18, 25, 30)[number % 4],
            sum=(None, 0, 500_000, 900_000, 1_000_000)[number % 5],
            submitted=(sent_at + timedelta(hours=5)).date(),
            project=frozenset().union(*(stems(word) for place, word in enumerate(VOCABULARY) if number >> place % 4 & 1)),
            name=stems_of(NAMES[number % 3]),
            flags=frozenset({"corrected"} if number % 4 == 0 else ()),
        )
    index_rows({key: one for key, one in rows.items() if one.submitted})
    return rows


LEAVES = st.one_of(
    st.sampled_from([*VOCABULARY, *NAMES, "маст", "киізден"]).flatmap(
        lambda word: st.sampled_from([None, Field.NAME, Field.CODE]).map(lambda of: words_asked(word, of))
    ),
    st.sets(st.sampled_from(list(ApplicationState)), min_size=1).map(
        lambda one: OneOf(Field.STATUS, frozenset(s.value for s in one))
    ),
    st.sampled_from(["kk", "ru", "en"]).map(lambda one: OneOf(Field.LANGUAGE, frozenset({one}))),
    st.sampled_from(["KZ-33", "KZ-35", "KZ-10"]).map(lambda one: OneOf(Field.REGION, frozenset({one}))),
    st.tuples(st.none() | st.integers(-5, 130), st.none() | st.integers(-5, 130)).map(lambda b: Between(Field.AGE, *b)),
    st.tuples(*[st.none() | st.sampled_from([0, 1, 500_000, 899_999, 900_000])] * 2).map(lambda b: Between(Field.SUM, *b)),
    st.tuples(*[st.none() | st.dates(date(2026, 7, 31), date(2026, 8, 14))] * 2).map(lambda b: Between(Field.SUBMITTED, *b)),
    st.sampled_from(["corrected", "files", "seminar"]).map(Flag),
)
QUERIES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Some(tuple(parts))),
    ),
    max_leaves=8,
)


def test_the_database_answers_as_plain_words_do(scene):
    competition, checker, _programme = scene
    with writing():
        rows = random_rows(competition)

    @settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(QUERIES)
    def holds(node):
        is_about_contents = scopes([node]) != {LIST}
        query = Query("", (Piece(node, 0, 0),))
        wanted = found(checker, competition, query, may=Permission.APPLICATION_LIST)
        expected = {key for key, one in rows.items() if answers(node, one) and (one.submitted or not is_about_contents)}
        assert {one.id for one in db.session.scalars(wanted)} == expected
        assert sum(listed_counts(checker, competition, query).values()) == len(expected)

    holds()


def test_drafts_are_found_by_their_state_only(scene):
    competition, checker, _programme = scene
    with writing():
        draft(competition, applicant()[1])
    assert codes(checker, competition, "status:draft") == [None]
    for text in ("-киіз", "-region:33", "-age:5", "-sum:1", "-name:Айгүл", "-lang:en", "-files", "status:draft OR киіз"):
        assert codes(checker, competition, text) == [], text


def test_who_may_not_see_it_neither_finds_nor_counts_by_it(scene):
    competition, _checker, programme = scene
    with writing():
        application = submitted(competition)
        outsiders = [actor_of(factories.user(member_of=programme, role=role)) for role in set(Role) - CHECKING]
        outsiders += [actor_of(factories.user(member_of=factories.programme(), role=Role.CHECKER)), applicant()[1]]
    assert application.code
    for outsider in outsiders:
        assert listed_counts(outsider, competition, WHOLE) == {}
        for text in ("age:26", "-age:26", "Арлан", "region:33"):
            with pytest.raises(RefusedError) as refused:
                listed_counts(outsider, competition, asked_query(text))
            assert [one.code for one in refused.value.refusals] == [QueryRefusal.NOT_OPEN]


def test_exports_hold_what_the_list_holds(scene):
    competition, checker, _programme = scene
    with writing():
        submitted(competition)
        submitted(competition, title="Қолөнер")
    for text in ("қолөнер", "киіз", "sum:90000", "status:draft", "киіз OR қолөнер"):
        rows = exported(checker, competition, query=asked_query(text))
        assert [row.application.code for row in rows] == codes(checker, competition, text)


def test_a_new_name_and_a_new_closing_day_change_what_finds_it(scene):
    competition, checker, _programme = scene
    with writing():
        application = submitted(competition)
        person = db.session.get_one(Person, application.applicant_id)
        set_name(person, family_name="Жаңабаева", given_name="Ұлту", patronymic="", by=checker, at=OPEN_AT)
    assert (codes(checker, competition, "Сынақбай"), codes(checker, competition, "Жанабаева улту")) == ([], [application.code])
    with writing():
        closing = next(one for one in competition.dates if one.milestone is Milestone.CLOSES)
        closing.at += timedelta(days=366)
        emit(CalendarMoved(competition.id))
    assert (codes(checker, competition, "age:26"), codes(checker, competition, "age:27")) == ([], [application.code])


def test_ages_are_kept_as_no_one_can_read_them(scene):
    competition, _checker, _programme = scene
    with writing():
        application = submitted(competition)
    entry = db.session.scalars(select(SearchEntry).where(SearchEntry.application_id == application.id)).one()
    assert (entry.age_index, entry.amount, entry.region) == (age_index(26), 90_000, "KZ-33")
    assert entry.age_index == blind_index("competitions_search_entries.age", "26") != "26"


def test_made_anew_it_is_the_same(scene):
    competition, _checker, _programme = scene
    with writing():
        application = submitted(competition)
    kept = sorted(db.session.execute(select(SearchWord.stem, SearchWord.is_name)).all())
    with writing():
        index_applications([application.id])
    assert sorted(db.session.execute(select(SearchWord.stem, SearchWord.is_name)).all()) == kept
    assert {stem for stem, is_name in kept if is_name} == rows_asked([application.id])[application.id].name


def test_rows_by_which_something_else_is_found_are_named(scene):
    competition, _checker, _programme = scene
    (seal,) = (one for one in SEALS if one.name == "what applications are found by")
    with writing():
        application = submitted(competition)
    assert list(seal.broken()) == []
    for statement in (
        update(SearchEntry).values(amount=1),
        update(SearchEntry).values(amount=90_000, age_index=age_index(20)),
        delete(SearchWord).where(SearchWord.is_name),
    ):
        with writing():
            db.session.execute(statement)
        assert list(seal.broken()) == [str(application.id)]
    with writing():
        index_applications([application.id])
    assert list(seal.broken()) == []


def test_a_search_costs_the_same_for_few_and_for_many(scene):
    competition, checker, _programme = scene
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    def cost():
        db.session.rollback()
        before = len(statements)
        codes(checker, competition, "киіз sum:>1 -seminar")
        return len(statements) - before

    with writing():
        submitted(competition)
    few = cost()
    with writing():
        for _ in range(5):
            submitted(competition)
    assert cost() == few


def test_a_shared_search_is_for_those_alone_who_may_list_everything_there(database):
    """It may name an applicant of any competition of the programme; a rival, who works in the others, does not read it."""
    with writing():
        call = announced_call()
        owner = programme_of(call)
        other = factories.called(owner)
        keeper, clean, rival = (factories.user(member_of=owner, role=Role.CHECKER) for _number in range(3))
        draft(call, actor_of(rival))
        save_view(call, name="Тексеру", query="name:Сарсенова", is_shared=True, by=actor_of(keeper), at=OPEN_AT)
        save_view(other, name="Өз іздеуім", query="жүн", is_shared=False, by=actor_of(rival), at=OPEN_AT)

    assert [one.name for one in views_for(actor_of(clean), other)] == ["Тексеру"]
    assert [one.name for one in views_for(actor_of(rival), other)] == ["Өз іздеуім"]

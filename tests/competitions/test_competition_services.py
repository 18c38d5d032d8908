"""The verbs of an organiser, on both databases."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.access.actor import COMMAND
from app.core import audit
from app.core.columns import Translation
from app.core.db import db, writing
from app.core.refusals import RefusedError
from app.programmes.models import Organisation, Programme
from app.programmes.states import OrganisationKind
from competitions.models import Competition, Rules
from competitions.queries.competition import call_of, current_rules, languages_behind, programme_of, rules_versions
from competitions.queries.starters import starters
from competitions.rules.calendar import Calendar
from competitions.services.competition import (
    Act,
    amend_dates,
    announce,
    approve_rules,
    cancel,
    compare_languages,
    create_competition,
    edit_dates,
    edit_section,
    edit_settings,
    edit_texts,
    reopen_rules,
    texts_of,
)
from competitions.states import CompetitionState, Milestone, Phase, RulesState
from competitions.views.rules_document import rules_document
from tests.kept import Kept

ALMATY = ZoneInfo("Asia/Almaty")
MADE_AT = datetime(2026, 7, 10, 5, 0, tzinfo=UTC)
APPROVED_AT = datetime(2026, 7, 17, 5, 0, tzinfo=UTC)
ANNOUNCED_AT = datetime(2026, 7, 20, 3, 59, tzinfo=UTC)
ACT = Act("1", date(2026, 7, 17))


@pytest.fixture
def programme(database: str, app: Flask, kept: Kept) -> Programme:
    return kept(app, owner)


@pytest.fixture
def competition(database: str, app: Flask, kept: Kept) -> Competition:
    return kept(app, from_starter)


def owner() -> Programme:
    with writing():
        organisation = Organisation(
            kind=OrganisationKind.ASSOCIATION, name=Translation(kk="Қауымдастық", ru="Ассоциация"), created_at=MADE_AT
        )
        db.session.add(organisation)
        db.session.flush()
        made = Programme(slug="p", name=Translation(kk="Start App"), organisation_id=organisation.id, created_at=MADE_AT)
        db.session.add(made)
    return made


def from_starter() -> Competition:
    return make(owner())


def make(programme: Programme, key: str = "start_app", name: Translation | None = None) -> Competition:
    starter = starters()[key]
    return create_competition(
        programme, starter, name=name or starter.title(2026), region="KZ-33", opens_on=date(2026, 7, 20), by=COMMAND, at=MADE_AT
    )


def codes(refused: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [refusal.code.value for refusal in refused.value.refusals]


def verbs(competition: Competition) -> list[str]:
    return [entry.verb for entry in audit.history(competition)]


@pytest.mark.parametrize("key", ["start_app", "jas_qadam"])
def test_a_starter_gives_a_call_that_can_be_announced_at_once(programme, key):
    competition = make(programme, key)
    approve_rules(competition, ACT, by=COMMAND, at=APPROVED_AT)
    announce(competition, by=COMMAND, at=ANNOUNCED_AT)
    assert competition.state is CompetitionState.ANNOUNCED
    assert current_rules(competition).state is RulesState.APPROVED
    assert verbs(competition) == ["create", "approve", "announce"]


def test_a_starter_computes_the_calendar_from_the_opening_day(competition):
    calendar = call_of(competition).calendar
    assert calendar.at(Milestone.OPENS) == datetime(2026, 7, 20, 9, 0, tzinfo=ALMATY)
    assert calendar.at(Milestone.CLOSES) == datetime(2026, 8, 14, 18, 0, tzinfo=ALMATY)
    assert calendar.at(Milestone.PITCH) == datetime(2026, 10, 20, 10, 0, tzinfo=ALMATY)
    assert calendar.at(Milestone.APPEALS_CLOSE) == datetime(2026, 10, 28, 18, 0, tzinfo=ALMATY)
    assert calendar.phase(datetime(2026, 9, 25, tzinfo=ALMATY)) is Phase.SCORING


def test_a_second_edition_in_the_same_year_gets_its_own_address_and_codes(competition):
    second = make(programme_of(competition))
    assert (competition.slug, competition.code_prefix) == ("start-app-2026", "SA26")
    assert (second.slug, second.code_prefix) == ("start-app-2026-2", "SA26B")


def test_competitions_of_the_same_name_made_at_once_share_neither_address_nor_codes(app, programme):
    owners, ready = [programme.id], threading.Barrier(6)
    with writing():
        for number in range(5):
            other = Programme(
                slug=f"p-{number}", name=Translation(kk="Start App"), organisation_id=programme.organisation_id,
                created_at=MADE_AT,
            )  # fmt: skip
            db.session.add(other)
            db.session.flush()
            owners.append(other.id)

    def work(owner):
        ready.wait()
        with app.app_context():
            make(db.session.get_one(Programme, owner))

    threads = [threading.Thread(target=work, args=(owner,)) for owner in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    made = db.session.execute(select(Competition.slug, Competition.code_prefix)).all()
    assert sorted(slug for slug, _prefix in made) == ["start-app-2026", *(f"start-app-2026-{n}" for n in range(2, 7))]
    assert sorted(prefix for _slug, prefix in made) == ["SA26", *(f"SA26{letter}" for letter in "BCDEF")]


@pytest.mark.parametrize(
    ("name", "address", "prefix"),
    [
        ("Start App 2027", "start-app-2027", "SA27"),
        ("Проба 2027", "proba-2027", "PR27"),
        ("Жаңа байқау", "zhana-bayqau", "ZB26"),
        ("№ 7 «Ұшқыр ой, жүйрік іс» үлкен байқауы", "7-ushqyr-oy-zhuyrik-is-ulken-bayqauy", "UOZI26"),
        ("???", "start-app-2026", "SA26"),
    ],
)
def test_the_address_and_the_codes_follow_the_name(programme, name, address, prefix):
    made = make(programme, name=Translation(dict.fromkeys(("kk", "ru", "en"), name)))

    assert (made.slug, made.code_prefix) == (address, prefix)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("key", ["start_app", "jas_qadam"])
def test_the_rules_document_has_a_value_for_every_placeholder(programme, key, language):
    call = call_of(make(programme, key))
    document = rules_document(call.competition, call.programme, call.rules, language)
    articles = [text for section in document.sections for _number, text in section.articles]
    assert len(articles) > 15
    assert [text for text in articles if "{" in text or "–." in text or not text] == []


def test_the_rules_document_writes_money_and_instants_of_its_settings(competition):
    call = call_of(competition)
    document = rules_document(competition, call.programme, call.rules, "kk")
    text = " ".join(text for section in document.sections for _number, text in section.articles)
    assert "4\u00a0000\u00a0000\u00a0₸" in text
    assert "14.08.2026, 18:00\u00a0(UTC+5)" in text


def test_approved_rules_cannot_be_edited(competition):
    approve_rules(competition, ACT, by=COMMAND, at=APPROVED_AT)
    call = call_of(competition)
    for change in (
        lambda: edit_dates(competition, call.calendar.moved(timedelta(days=7)), by=COMMAND, at=APPROVED_AT),
        lambda: edit_settings(competition, replace(call.settings, fund=1), by=COMMAND, at=APPROVED_AT),
        lambda: edit_section(competition, 1, title=Translation(kk="x"), articles=[], by=COMMAND, at=APPROVED_AT),
    ):
        with pytest.raises(RefusedError) as refused:
            change()
        assert codes(refused) == ["rules_locked"]


@pytest.mark.parametrize("name", ["settings", "sections"])
def test_approved_rules_are_locked_by_the_database_itself(competition, name):
    approve_rules(competition, ACT, by=COMMAND, at=APPROVED_AT)
    with pytest.raises(IntegrityError), writing():
        db.session.execute(text(f"UPDATE competitions_rules SET {name} = '[]' WHERE competition_id = {competition.id}"))


def test_reopening_keeps_the_approved_version_and_makes_a_draft_of_it(competition):
    approve_rules(competition, ACT, by=COMMAND, at=APPROVED_AT)
    reopen_rules(competition, by=COMMAND, at=APPROVED_AT)
    versions = rules_versions(competition)
    assert [(one.number, one.state) for one in versions] == [(2, RulesState.DRAFT), (1, RulesState.SUPERSEDED)]
    assert versions[0].sections == versions[1].sections
    assert versions[0].settings == versions[1].settings
    assert competition.state is CompetitionState.DRAFT
    approve_rules(competition, replace(ACT, number="2"), by=COMMAND, at=APPROVED_AT)
    assert current_rules(competition).act_number == "2"


def test_a_call_with_an_empty_required_language_is_not_approved_or_announced(competition):
    sections = call_of(competition).rules.sections
    articles = [Translation(one) for one in sections[0]["articles"]]
    articles[0]["ru"] = ""
    edit_section(competition, 1, title=Translation(sections[0]["title"]), articles=articles, by=COMMAND, at=MADE_AT)
    with writing():
        competition.tagline = Translation(kk="Тек қазақша")
    with pytest.raises(RefusedError) as refused:
        approve_rules(competition, ACT, by=COMMAND, at=APPROVED_AT)
    assert codes(refused) == ["article_missing"]
    with pytest.raises(RefusedError) as refused:
        announce(competition, by=COMMAND, at=ANNOUNCED_AT)
    assert codes(refused) == ["article_missing", "text_missing", "rules_not_approved"]


def test_an_approval_needs_an_act_that_is_not_of_tomorrow(competition):
    with pytest.raises(RefusedError) as refused:
        approve_rules(competition, Act(" ", None), by=COMMAND, at=APPROVED_AT)
    assert codes(refused) == ["act_missing"]
    with pytest.raises(RefusedError) as refused:
        approve_rules(competition, Act("1", date(2026, 7, 18)), by=COMMAND, at=APPROVED_AT)
    assert codes(refused) == ["act_in_the_future"]


def test_a_call_whose_deadline_has_passed_is_not_announced(competition):
    approve_rules(competition, ACT, by=COMMAND, at=APPROVED_AT)
    with pytest.raises(RefusedError) as refused:
        announce(competition, by=COMMAND, at=datetime(2026, 8, 14, 18, 0, tzinfo=ALMATY))
    assert codes(refused) == ["closing_passed"]


def test_dates_of_an_announced_call_move_by_an_act_into_a_new_version_of_the_rules(competition):
    approve_rules(competition, ACT, by=COMMAND, at=APPROVED_AT)
    announce(competition, by=COMMAND, at=ANNOUNCED_AT)
    before = call_of(competition).calendar
    later = Calendar({**before.dates, Milestone.CLOSES: datetime(2026, 8, 17, 18, 0, tzinfo=ALMATY)})
    at = datetime(2026, 8, 10, 12, 0, tzinfo=ALMATY)
    amend_dates(competition, later, Act("7", date(2026, 8, 10)), by=COMMAND, at=at)
    assert call_of(competition).calendar == later
    assert [(one.number, one.state, one.act_number) for one in rules_versions(competition)] == [
        (2, RulesState.APPROVED, "7"),
        (1, RulesState.SUPERSEDED, "1"),
    ]
    with pytest.raises(RefusedError) as refused:
        amend_dates(competition, before.moved(timedelta(days=1)), Act("8", date(2026, 8, 10)), by=COMMAND, at=at)
    assert "date_in_the_past" in codes(refused)


def test_a_competition_is_cancelled_with_a_reason_only(competition):
    with pytest.raises(RefusedError) as refused:
        cancel(competition, reason="  ", by=COMMAND, at=MADE_AT)
    assert codes(refused) == ["reason_missing"]
    cancel(competition, reason="Қаржы бөлінбеді.", by=COMMAND, at=MADE_AT)
    assert (competition.state, competition.cancellation) == (CompetitionState.CANCELLED, "Қаржы бөлінбеді.")


def places_behind(competition):
    return [(one.field, one.params["newer"], one.params["older"]) for one in languages_behind(call_of(competition))]


def with_tagline(competition, **words):
    texts = texts_of(competition)
    return replace(texts, tagline=Translation({**texts.tagline, **words}))


def test_a_language_that_was_not_changed_with_another_holds_the_announcement_until_compared(competition):
    approve_rules(competition, ACT, by=COMMAND, at=APPROVED_AT)
    edit_texts(competition, with_tagline(competition, kk="Жаңа сөз"), by=COMMAND, at=APPROVED_AT)

    assert places_behind(competition) == [("tagline", "қазақша", "русский")]
    with pytest.raises(RefusedError) as refused:
        announce(competition, by=COMMAND, at=ANNOUNCED_AT)
    assert codes(refused) == ["text_older"]

    compare_languages(competition, "tagline", by=COMMAND, at=ANNOUNCED_AT)
    assert places_behind(competition) == []
    announce(competition, by=COMMAND, at=ANNOUNCED_AT)


def test_languages_changed_at_once_are_equally_new_and_the_older_one_catches_up(competition):
    edit_texts(competition, with_tagline(competition, kk="Бір", ru="Один"), by=COMMAND, at=MADE_AT)
    assert places_behind(competition) == []
    edit_texts(competition, with_tagline(competition, ru="Два"), by=COMMAND, at=MADE_AT + timedelta(hours=1))
    assert places_behind(competition) == [("tagline", "русский", "қазақша")]
    edit_texts(competition, with_tagline(competition, kk="Екі"), by=COMMAND, at=MADE_AT + timedelta(hours=2))
    assert places_behind(competition) == []
    edit_texts(competition, with_tagline(competition, kk="Үш"), by=COMMAND, at=MADE_AT + timedelta(hours=3))
    assert places_behind(competition) == [("tagline", "қазақша", "русский")]


def test_a_translation_written_where_there_was_none_is_as_new_as_its_original(competition):
    edit_texts(competition, with_tagline(competition, kk="Бір", ru=""), by=COMMAND, at=MADE_AT)
    edit_texts(competition, with_tagline(competition, ru="Один"), by=COMMAND, at=MADE_AT + timedelta(hours=1))

    assert places_behind(competition) == []


def test_an_article_of_the_rules_is_held_in_all_languages_too(competition):
    section = call_of(competition).rules.sections[1]
    articles = [Translation(one) for one in section["articles"]]
    articles[0]["ru"] += " Уточнено."
    edit_section(competition, 2, title=Translation(section["title"]), articles=articles, by=COMMAND, at=MADE_AT)

    assert places_behind(competition) == [("article-2.1", "русский", "қазақша")]


def test_an_approved_competition_can_be_cancelled_before_its_announcement(competition):
    approve_rules(competition, ACT, by=COMMAND, at=APPROVED_AT)
    cancel(competition, reason="Қаржы бөлінбеді.", by=COMMAND, at=APPROVED_AT)

    assert competition.state is CompetitionState.CANCELLED


def test_a_second_announcement_is_refused_not_repeated(competition):
    approve_rules(competition, ACT, by=COMMAND, at=APPROVED_AT)
    announce(competition, by=COMMAND, at=ANNOUNCED_AT)
    with pytest.raises(RefusedError) as refused:
        announce(competition, by=COMMAND, at=ANNOUNCED_AT)
    assert codes(refused) == ["state_changed"]
    assert verbs(competition).count("announce") == 1


def test_settings_that_contradict_themselves_are_refused_together(competition):
    settings = replace(call_of(competition).settings, fund=3_999_999, pass_total=101)
    with pytest.raises(RefusedError) as refused:
        edit_settings(competition, settings, by=COMMAND, at=MADE_AT)
    assert codes(refused) == ["fund_too_small", "pass_total_too_high"]
    edit_settings(competition, replace(settings, fund=8_000_000, pass_total=50), by=COMMAND, at=MADE_AT)
    assert (competition.fund, db.session.get_one(Rules, current_rules(competition).id).settings["pass_total"]) == (
        8_000_000,
        50,
    )

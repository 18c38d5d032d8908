"""One word for one thing: what `docs/glossary.md` says never stands in no name of the code, no address and no sentence."""

import ast
import re
from collections.abc import Iterator

from babel.messages.pofile import read_po

from tests.architecture.test_code import ROOT, trees

# Words that mean something else as well; in that meaning they stand.
MEANT = {
    "call": "the public page of a competition, and the telephone",
    "contact": "how to reach somebody: one of her data",
    "judge": "the verb of a policy",
    "prize": "what a competition for prizes gives",
    "revision": "one of the schema; and an application is returned for revision",
    "status": "HTTP's, and the line that tells an applicant where she stands; that of a graduate",
    "submitter": "the button that sends a form, as browsers name it",
    "user": "an account",
}
TEMPLATES = ROOT / "templates"
# One "қаралама" is a draft; who submits "өтінім" is not one who makes "өтініш", a request.
NOT_KAZAKH = re.compile(r"өтініш беруші\w*|қарамала\w*|№ %\(\w+\)s себеп", re.IGNORECASE)
SCRIPTS = ROOT / "app" / "static" / "js"


def never() -> set[str]:
    """The third column of the words of the code, without what is said of them in brackets."""
    table = (ROOT / "docs" / "glossary.md").read_text().partition("## Words of the code")[2]
    columns = [line.split("|")[3] for line in table.splitlines() if line.count("|") == 4]
    said = [re.sub(r"\(.*?\)", "", column).split(",") for column in columns]
    return {word.strip().lower() for words in said for word in words} - {"", "never", "---"}


def words_in(name: str) -> set[str]:
    """`check_Proposals2` speaks of `check` and of `proposal`."""
    found = {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}
    return found | {word.removesuffix("s") for word in found}


def names() -> Iterator[tuple[str, str]]:
    """Every name of the code, its templates and its scripts, with its place."""
    for path, tree in trees():
        for node in ast.walk(tree):
            found = (getattr(node, field, None) for field in ("name", "id", "attr", "arg", "module"))
            yield from ((str(path), name) for name in found if isinstance(name, str))
    for template in TEMPLATES.rglob("*.*"):
        yield str(template.relative_to(ROOT)), str(template.relative_to(TEMPLATES))
        code = " ".join(re.findall(r"{[{%].*?[}%]}", re.sub(r"{#.*?#}", "", template.read_text(), flags=re.DOTALL)))
        yield from ((str(template), name) for name in re.findall(r"\w+", re.sub(r"\"[^\"]*\"|'[^']*'", "", code)))
    for script in SCRIPTS.rglob("*.js"):
        code = re.sub(r"(^|\s)//.*|/\*.*?\*/|`[^`]*`|\"[^\"\n]*\"|'[^'\n]*'", "", script.read_text())
        yield from ((str(script.relative_to(ROOT)), name) for name in re.findall(r"\w+", code))


def test_no_name_says_what_the_glossary_says_never():
    forbidden = never() - set(MEANT)

    assert {"proposal", "profile", "contest", "submission"} <= forbidden
    assert sorted({place for place in names() if words_in(place[1]) & forbidden}) == []


def test_no_address_and_no_table_says_what_the_glossary_says_never(app):
    forbidden, db = never() - set(MEANT), app.extensions["sqlalchemy"]
    said = [rule.rule for rule in app.url_map.iter_rules()] + [rule.endpoint for rule in app.url_map.iter_rules()]
    said += [str(column) for table in db.metadata.tables.values() for column in table.columns] + list(db.metadata.tables)

    assert sorted(one for one in said if words_in(one) & forbidden) == []


def test_no_sentence_says_what_the_glossary_says_never():
    forbidden = never() - set(MEANT)
    with (ROOT / "app" / "translations" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        said = [one.id if isinstance(one.id, str) else " ".join(one.id) for one in read_po(file)]

    assert len(said) > 1000
    assert [one for one in said if words_in(one) & forbidden] == []


def test_an_applicant_submits_an_application_in_kazakh_and_a_draft_is_spelt_right():
    texts = [*(ROOT / "app" / "translations" / "kk").rglob("*.po"), *(ROOT / "competitions" / "starters").glob("*.json")]
    wrong = [f"{one.name}: {word}" for one in texts for word in NOT_KAZAKH.findall(" ".join(one.read_text().split()))]

    assert texts
    assert wrong == []


def test_no_word_is_excused_that_the_glossary_allows():
    assert set(MEANT) <= never()


def test_words_of_a_name_are_told_apart():
    assert {"check", "proposal"} <= words_in("checkProposals") & words_in("check_proposals") & words_in("CHECK_PROPOSALS")
    assert "contest" not in words_in("contested")


def test_no_word_of_the_page_is_said_to_be_in_the_language_of_somebody_elses_text():
    """A voice reads what stands inside `lang` by its rules: there belongs what people wrote, and no word of ours."""
    found, wrong = 0, []
    for template in TEMPLATES.rglob("*.html"):
        text = re.sub(r"{#.*?#}", "", template.read_text(), flags=re.DOTALL)
        ours = {name.strip() for names in re.findall(r"import (.*?)(?: with context)? %}", text) for name in names.split(",")}
        called = re.compile(rf"\b(?:_|ngettext|pgettext|label|sentence{''.join(f'|{name}' for name in sorted(ours))})\(")
        plain = re.sub(r"{% (?:if|endif).*?%}|<html [^>]*>", "", text)
        plain = re.sub(r'<(\w+) lang="{{ locale }}">.*?</\1>', "", plain, flags=re.DOTALL)
        for tag, inside in re.findall(r'<(\w+)[^<>]*\slang="{{ \w+(?:\.\w+)* }}"[^<>]*>(.*?)</\1>', plain, flags=re.DOTALL):
            found += 1
            wrong += [f"{template.relative_to(TEMPLATES)}: <{tag}> {inside[:60]}"] if called.search(inside) else []

    assert found > 10
    assert wrong == []

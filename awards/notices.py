"""Which letters go to whom when results are published."""

from collections.abc import Iterable

from app.certificates.rules import INNER_QUOTES
from app.core.columns import Translation
from app.messages.services import Address, post, post_to_all
from awards import queries
from awards.queries import Decided
from awards.states import AwardKind
from competitions.models import Competition
from competitions.queries.application import calendar_of
from competitions.states import Milestone


def results(competition: Competition, made: Iterable[Decided]) -> None:
    """Winners and the reserve each get their own letter; everyone else one mailing, kind and with a next step."""
    for one in made:
        if one.applicant.email:
            to = Address(one.applicant.email, one.applicant.language, one.applicant.given_name)
            kind = "awards.winner" if one.award.kind is AwardKind.WINNER else "awards.reserve"
            post(
                kind,
                to=to,
                key=one.award.public_id,
                programme_id=competition.programme_id,
                competition=Translation(competition.name),
                slug=competition.slug,
                project=one.project.translate(INNER_QUOTES),
                amount=one.award.amount,
                place=one.award.place,
                code=one.code,
                helpline=competition.helpline,
            )
    post_to_all(
        "awards.not_selected",
        key=competition.public_id,
        recipients=queries.not_selected(competition),
        programme_id=competition.programme_id,
        competition=Translation(competition.name),
        slug=competition.slug,
        appeals_close_at=calendar_of(competition).at(Milestone.APPEALS_CLOSE),
        email=competition.contact_email,
        helpline=competition.helpline,
    )

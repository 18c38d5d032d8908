"""The record of acts speaks the reader's language: every act that a state machine can make has its phrase."""

from app.core.db import Base


def test_every_move_of_every_state_has_a_phrase_in_the_record(app):
    acts = app.extensions["baiqau"].acts
    nouns = {mapper.class_: mapper.class_.machine for mapper in Base.registry.mappers if hasattr(mapper.class_, "machine")}
    silent = {
        f"{noun.__name__}.{arrow.verb}"
        for noun, machine in nouns.items()
        for arrow in machine.arrows
        if f"{noun.__name__}.{arrow.verb}" not in acts
    }

    assert len(nouns) > 5
    assert silent == set()

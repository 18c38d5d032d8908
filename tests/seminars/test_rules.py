"""Seats."""

import pytest

from seminars.rules import EventRefusal, check_capacity, seat_for, seats_to_give
from seminars.states import RegistrationState


@pytest.mark.parametrize(
    ("taken_count", "seat"),
    [(0, RegistrationState.REGISTERED), (29, RegistrationState.REGISTERED), (30, RegistrationState.WAITING)],
)
def test_seat_is_given_while_there_is_one(taken_count, seat):
    assert seat_for(taken_count, 30) is seat


@pytest.mark.parametrize(
    ("taken_count", "capacity", "waiting_count", "given"), [(30, 30, 5, 0), (29, 30, 5, 1), (28, 30, 1, 1), (31, 30, 2, 0)]
)
def test_free_seats_go_to_the_head_of_the_line(taken_count, capacity, waiting_count, given):
    assert seats_to_give(taken_count, capacity, waiting_count) == given


@pytest.mark.parametrize(("capacity", "expected"), [(31, []), (30, []), (29, [EventRefusal.CAPACITY_BELOW_SEATS])])
def test_room_shrinks_to_the_seats_that_are_taken_and_no_further(capacity, expected):
    assert [one.code for one in check_capacity(capacity, 30)] == expected

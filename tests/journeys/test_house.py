"""What the journeys rely on to see a fault that no page showed."""

import pytest

from tests.journeys.house import faults_of


@pytest.mark.parametrize(
    "line", ["Traceback (most recent call last):", "ERROR baiqau internal error: no answer", "ERROR baiqau unexpected error"]
)
def test_a_fault_is_seen_in_the_log(line):
    assert faults_of(f"INFO started\n{line}\nINFO ended") == [line]


def test_a_quiet_log_has_no_faults():
    assert faults_of("INFO started\nWARNING 404 Not Found") == []

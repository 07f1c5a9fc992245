"""Predecessors as text: what is read, what is refused and with which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain.kinds import LinkKind
from projects.domain.plan.predecessors import PredecessorsError, Wait, read, written

FS, SS = LinkKind.FINISH_START, LinkKind.START_START
FF, SF = LinkKind.FINISH_FINISH, LinkKind.START_FINISH


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" , ", []),
        ("3", [Wait(3)]),
        ("3FS+2d, 5SS", [Wait(3, FS, 2), Wait(5, SS)]),
        ("3 fs + 2 days; 5ff-1d", [Wait(3, FS, 2), Wait(5, FF, -1)]),
        ("7+3ed", [Wait(7, FS, 3, True)]),
        ("7SF−4edays", [Wait(7, SF, -4, True)]),
        ("7+0ed", [Wait(7)]),
        ("12-1", [Wait(12, FS, -1)]),
    ],
)
def test_what_is_read(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("roof", "“roof” cannot be read"),
        ("3XX", "“3XX” cannot be read"),
        ("3, 4FS+2weeks", "“4FS\\+2weeks” cannot be read"),
        ("3, 3SS", "Row 3 is named twice"),
        ("1" * 50, "cannot be read"),
    ],
)
def test_what_is_refused_in_words(text, message):
    with pytest.raises(PredecessorsError, match=message):
        read(text)


WAITS = st.builds(
    Wait, st.integers(1, 999_999), st.sampled_from(list(LinkKind)), st.integers(-9999, 9999)
)


@given(st.lists(WAITS, unique_by=lambda wait: wait.row), st.booleans())
def test_what_is_written_can_be_read_again(waits, elapsed):
    waits = [wait._replace(is_elapsed=elapsed and wait.lag != 0) for wait in waits]

    assert read(written(waits)) == sorted(waits)


def test_it_is_written_as_short_as_it_can_be():
    waits = [Wait(5, SS), Wait(3), Wait(9, FS, 2), Wait(7, FF, -3, True)]

    assert written(waits) == "3, 5SS, 7FF−3ed, 9FS+2d"

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.common.tabular import read
from pmo.common.tabular.guarding import RUNS, guarded, unguarded


@pytest.mark.parametrize("first", sorted(RUNS))
def test_text_that_would_run_gets_an_apostrophe(first):
    assert guarded(f"{first}1") == f"'{first}1"


@pytest.mark.parametrize(
    "text",
    [
        *("007", "00", "1.10", "1.0", ".5", "1E5", "12e-3", "1,000", "10 %", "50%"),
        *("3-4", "1/2", "12.03", "2026-11-15", "10:30", "1234567890123456"),
        *("MAR1", "Sept 5", "1-Jan", "5 March 2026", "dec-26"),
    ],
)
def test_text_that_would_be_rewritten_gets_an_apostrophe(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        *("", "Wing", "'tis", "1=1", "0", "7", "4711", "123456789012345"),
        *("EHR-01", "3rd floor", "007 Bond Street", "March", "Dec", "Marching 1", "Janitor"),
    ],
)
def test_other_text_stays(text):
    assert guarded(text) == text


@given(st.text())
def test_what_was_guarded_is_read_back_as_it_was(text):
    assert unguarded(guarded(text)) == text
    assert unguarded(guarded(f"'{text}")) == f"'{text}"


def test_a_table_out_of_rounds_is_read_with_its_own_codes():
    table = read(b"Code,Name\r\n'007,'=Wing\r\n'tis,O'Brien\r\n")

    assert [list(row.cells) for row in table.rows] == [
        ["007", "=Wing"],
        ["'tis", "O'Brien"],
    ]

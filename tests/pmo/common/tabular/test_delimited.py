import pytest

from pmo.common.tabular.delimited import read_delimited, sniff_delimiter
from pmo.common.tabular.errors import DamagedFileError, EmptyTableError, FileTooLargeError
from pmo.common.tabular.limits import Limits
from pmo.common.tabular.table import GridLine, Hints


def lines_of(text: str, **hints: str) -> list[GridLine]:
    return list(read_delimited(text.encode(), Hints(**hints)).lines)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("name;cost\nA;1,5\nB;2,5\n", ";"),
        ("a\tb, c\n1\t2, 3\n4\t5\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ("only\none\ncolumn, with a comma\n", ","),
        ('x;y\n"two; in one, and\nover lines";2\n"again, and, again";3\n', ";"),
    ],
)
def test_sniff_delimiter(text, delimiter):
    assert sniff_delimiter(text) == delimiter


def test_records_keep_the_line_they_start_on_through_mixed_line_ends():
    text = 'a,b\r\n"one\rtwo\nthree\r\nfour",2\r\n\r\nx,y\r'

    assert lines_of(text) == [
        GridLine(1, ("a", "b")),
        GridLine(2, ("one\rtwo\nthree\r\nfour", "2")),
        GridLine(7, ("x", "y")),
    ]


def test_announced_delimiter_is_taken_and_its_line_counted():
    assert lines_of("sep=;\na;b,c\n1;2,3\n") == [
        GridLine(2, ("a", "b,c")),
        GridLine(3, ("1", "2,3")),
    ]


def test_quotation_mark_that_never_closes_is_refused_with_its_line():
    with pytest.raises(DamagedFileError, match="starts on line 3 is never closed"):
        lines_of('a,b\n1,2\n3,"open\n4,5\n')


def test_quotation_mark_inside_a_cell_is_no_fault():
    assert lines_of('a,b\n5" pipe,"the ""new"" wing"\n')[1].cells == ('5" pipe', 'the "new" wing')


def test_cell_longer_than_the_reader_takes_is_refused():
    with pytest.raises(DamagedFileError, match="line 2 cannot be read"):
        lines_of("a,b\n" + "x" * 200_000 + ",1\n")


@pytest.mark.parametrize("text", ["", " \n\n", ",,,\n,,\n"])
def test_nothing_but_blanks(text):
    with pytest.raises(EmptyTableError, match="empty"):
        lines_of(text)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(rows=2), "more than 2 rows"),
        (Limits(columns=2), "more than 2 columns"),
        (Limits(cells=5), "more than 5 cells"),
    ],
)
def test_caps(limits, message):
    with pytest.raises(FileTooLargeError, match=message):
        read_delimited(b"a,b,c\n1,2,3\n4,5,6\n", Hints(), limits)


def test_odd_quoting_in_the_last_record_is_no_fault():
    assert lines_of('a,b\n1,"two" and more\n')[-1].cells == ("1", "two and more")

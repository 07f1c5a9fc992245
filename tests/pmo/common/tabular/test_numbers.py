from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.common.tabular.numbers import (
    COMMA,
    POINT,
    Number,
    NumberStyle,
    is_number_attempt,
    parse_number,
    style_of,
)

MILLION = Decimal(1_000_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("£0.00m", Number(Decimal("0.00"), MILLION, has_unit=True)),
        ("£2,294.07", Number(Decimal("2294.07"))),
        ("-£16.19m", Number(Decimal("-16.19"), MILLION, has_unit=True)),
        ("(1,250)", Number(Decimal(-1250))),
        ("($1,250.50)", Number(Decimal("-1250.50"))),
        ("−12", Number(Decimal(-12))),
        ("1 250 000", Number(Decimal(1250000))),
        ("1'250'000.5", Number(Decimal("1250000.5"))),
        ("1.5k", Number(Decimal("1.5"), Decimal(1000), has_unit=True)),
        ("2 bn", Number(Decimal(2), Decimal(1_000_000_000), has_unit=True)),
        ("-35.21%", Number(Decimal("-35.21"), None, has_unit=True)),
        ("USD 12", Number(Decimal(12))),
        ("12 €", Number(Decimal(12))),
        (".5", Number(Decimal("0.5"))),
        ("1,23,4", None),
        ("12O0", None),
        (">1000%", None),
        ("Exempt under section 43", None),
        ("n/a", None),
        ("-", None),
        ("--5", None),
        ("£", None),
        ("", None),
        (".", None),
        ("٣", None),
    ],
)
def test_parse_number_reads_or_refuses(text, expected):
    assert parse_number(text) == expected


def test_parse_number_comma_style():
    style = NumberStyle(COMMA)

    assert parse_number("1.250,50", style) == Number(Decimal("1250.50"))
    assert parse_number("1250.50", style) is None


@pytest.mark.parametrize(
    ("cells", "mark", "assumed"),
    [
        (["1,234", "2,345.60"], POINT, False),
        (["1.234", "2.345,60", "n/a"], COMMA, False),
        (["1,5", "2,25"], COMMA, False),
        (["1,234", "2,345"], POINT, True),
        (["12", "15"], POINT, False),
        ([None, "Exempt"], POINT, False),
        ([Decimal(12), "1,5"], COMMA, False),
    ],
)
def test_style_is_told_by_the_whole_column(cells, mark, assumed):
    assert style_of(cells) == NumberStyle(mark, assumed=assumed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12O0", True), ("£5..3", True), ("(4x)", True), ("Exempt", False), ("#N/A", False)],
)
def test_number_attempt_starts_with_a_digit(text, expected):
    assert is_number_attempt(text) is expected


@given(
    st.decimals(min_value=-(10**11), max_value=10**11, places=2, allow_nan=False),
    st.sampled_from([(POINT, COMMA), (COMMA, POINT), (POINT, " ")]),
)
def test_every_amount_comes_back_from_every_writing(amount, marks):
    mark, thousands = marks
    text = f"{amount:,.2f}".replace(",", "_").replace(".", mark).replace("_", thousands)

    read = parse_number(text, NumberStyle(mark))

    assert read is not None
    assert read.value == amount


def test_numbers_that_are_numbers_already_stay():
    assert parse_number(Decimal("1.5")) == Number(Decimal("1.5"))
    assert parse_number(None) is None

"""The arithmetic of the benchmark, and how it reads a form."""

import pytest

from bench.forms import fields_of
from bench.ratios import exponent, quantile, ratio_of, spread

pytestmark = pytest.mark.slow


def test_ratio_is_the_middle_of_the_pairs_not_the_ratio_of_the_middles():
    ratio = ratio_of([(10.0, 5.0), (30.0, 10.0), (100.0, 100.0)])

    assert (ratio.ours, ratio.bare, ratio.middle) == (30.0, 10.0, 2.0)
    assert (ratio.low, ratio.high) == pytest.approx((1.2, 2.8))


@pytest.mark.parametrize(("ratio", "expected"), [(1.0, 0.0), (10.0, 1.0), (100.0, 2.0)])
def test_exponent_says_how_time_grows_with_size(ratio, expected):
    assert exponent(ratio) == pytest.approx(expected)


def test_quantile_lies_on_the_line_between_neighbors():
    assert quantile([4.0, 1.0, 2.0, 3.0], 0.5) == 2.5
    assert quantile([7.0], 0.9) == 7.0


def test_spread_is_the_slowest_twentieth_against_the_middle():
    assert spread([1.0] * 20 + [3.0]) == 1.0
    assert spread([1.0] * 9 + [3.0] * 2) == 3.0


def test_a_form_is_read_as_a_browser_would_send_it():
    html = """<form><input name="q" value="other form"></form><form>
    <input type="hidden" name="version" value="0"><input type="radio" name="overall" value="red">
    <input type="radio" name="overall" value="green" checked><input type="checkbox" name="mine">
    <select name="unit"><option value="1">A</option><option value="2" selected>B</option></select>
    <textarea name="overall_note">
As planned &amp; quiet</textarea></form>"""

    assert fields_of(html) == {
        "version": "0",
        "overall": "green",
        "unit": "2",
        "overall_note": "As planned & quiet",
    }


def test_a_page_without_the_form_is_said_to_have_none():
    with pytest.raises(KeyError):
        fields_of("<p>Nothing here</p>")

"""What every chart shares."""

import pytest

from pmo.common.page import charts


def test_plain_makes_markup_literal():
    assert charts.plain('R&D <a href="https://x">lab</a>') == (
        'R&amp;D &lt;a href="https://x"&gt;lab&lt;/a&gt;'
    )


def test_an_unknown_role_is_gray_never_green():
    assert charts.roles(["red", "purple"]) == ["var(--rag-red)", "var(--rag-none)"]


@pytest.mark.parametrize(
    ("trace", "layout"),
    [
        ({"type": "bar", "hights": [1]}, {}),
        ({"type": "bar", "marker": {"color": "rag-red"}}, {}),
        ({"type": "scatter", "line": {"dash": "dots-and-dashes", "shape": "zigzag"}}, {}),
        ({"type": "bar"}, {"barmode": "beside"}),
        ({"type": "bar"}, {"xaxis": {"titel": "Months"}}),
    ],
)
def test_what_plotly_does_not_know_is_refused(trace, layout):
    with pytest.raises(ValueError, match="Invalid"):
        charts.figure([trace], **layout)


def test_every_role_is_a_color_to_plotly():
    figure = charts.figure([{"type": "bar", "marker": {"color": list(charts.ROLES.values())}}])

    assert figure["data"][0]["marker"]["color"] == list(charts.ROLES.values())


def test_figure_has_no_template_and_room_for_a_title():
    bare = charts.figure([{"type": "bar"}])
    titled = charts.figure([], xaxis={"title": {"text": "$ million"}}, height=500)

    assert bare["data"] == [{"type": "bar"}]
    assert "template" not in bare["layout"]
    assert (bare["layout"]["height"], bare["layout"]["margin"]["b"]) == (320, 36)
    assert (titled["layout"]["height"], titled["layout"]["margin"]["b"]) == (500, 64)


def test_bars_height_grows_with_rows():
    assert (charts.bars_height(0), charts.bars_height(1), charts.bars_height(10)) == (120, 120, 390)

"""What every chart shares."""

from pmo.common.page import charts


def test_plain_makes_markup_literal():
    assert charts.plain('R&D <a href="https://x">lab</a>') == (
        'R&amp;D &lt;a href="https://x"&gt;lab&lt;/a&gt;'
    )


def test_an_unknown_role_is_gray_never_green():
    assert charts.roles(["red", "purple"]) == ["var(--rag-red)", "var(--rag-none)"]


def test_figure_has_no_template_and_room_for_a_title():
    bare = charts.figure([{"type": "bar"}])
    titled = charts.figure([], xaxis={"title": {"text": "$ million"}}, height=500)

    assert bare["layout"]["template"] == {"layout": {}}
    assert (bare["layout"]["height"], bare["layout"]["margin"]["b"]) == (320, 36)
    assert (titled["layout"]["height"], titled["layout"]["margin"]["b"]) == (500, 64)


def test_bars_height_grows_with_rows():
    assert (charts.bars_height(0), charts.bars_height(1), charts.bars_height(10)) == (120, 120, 390)

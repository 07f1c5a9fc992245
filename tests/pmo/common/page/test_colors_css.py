"""Colors have one home, static/css/colors.css; nothing else names one."""

import re

import pytest

from pmo.common.page import charts, colors_css
from tests.tree import ROOT

# letters of a name that follow on (#decisions), and addresses, are no color
COLOR = re.compile(
    r"""(?<!href=["'])(?<!target=["'])#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})(?![\w-])"""
    r"""|\b(?:rgba?|hsla?|oklch|oklab)\(\s*\d"""
)
HOME = "static/css/colors.css"
FOREIGN = {
    "static/css/plotly-global.css",  # the rules of Plotly's own bundle, as it brings them
}
WRITTEN = ("*.py", "*.html", "*.css", "*.js", "*.typ", "*.svg", "*.txt")
FOLDERS = ("pmo", "portfolio", "projects", "risks", "reports", "starting", "templates", "static")


def strays(text):
    return COLOR.findall(text)


@pytest.mark.parametrize(
    "text",
    [
        "color: #fff;",
        'fill="#10303c"',
        'rgb("#4b5c66")',
        "rgba(0,0,0,0)",
        "rgb(8 20 26 / .5)",
        "background:#0b5870;",
        '"#ffffff59"',
    ],
)
def test_a_color_is_recognized(text):
    assert len(strays(text)) == 1


@pytest.mark.parametrize("text", ['href="#add"', "#decisions", "#h-cost", "rgb(c.muted)", "#1 of"])
def test_what_is_no_color_is_left_alone(text):
    assert strays(text) == []


def test_no_file_but_the_home_names_a_color():
    found = {}
    for folder in FOLDERS:
        for pattern in WRITTEN:
            for path in (ROOT / folder).rglob(pattern):
                name = path.relative_to(ROOT).as_posix()
                if name in FOREIGN | {HOME, "static/favicon.svg"} or name.startswith(
                    "static/vendor/"
                ):
                    continue
                if colors := strays(path.read_text(encoding="utf-8")):
                    found[name] = colors

    assert found == {}


def test_the_icon_of_the_browser_tab_wears_colors_of_the_home():
    named = set(strays((ROOT / "static/favicon.svg").read_text()))

    known = {color for shade in colors_css.palette().values() for color in shade}
    assert named
    assert named <= known


def test_every_role_of_a_chart_is_named_there():
    home = (ROOT / HOME).read_text()

    names = [re.fullmatch(r"var\((--[a-z0-9-]+)\)", role)[1] for role in charts.ROLES.values()]
    assert [name for name in names if f"    {name}: " not in home] == []


def test_colors_are_read_in_both_themes():
    assert colors_css.shade("rag-red") == "#9f1a24"
    assert colors_css.shade("rag-red", "dark") == "#f4716a"
    assert colors_css.shade("top-ink", "light") == colors_css.shade("top-ink", "dark") == "#eaf3f6"
    with pytest.raises(KeyError):
        colors_css.shade("purple")


def test_every_color_that_a_page_asks_for_is_named():
    sheets = [path.read_text() for path in (ROOT / "static/css").glob("*.css")]
    scripts = [path.read_text() for path in (ROOT / "static/js").glob("*.js")]
    named = {name for text in sheets for name in re.findall(r"(--[a-z0-9-]+)\s*:", text)}
    asked = {name for text in sheets + scripts for name in re.findall(r"var\((--[a-z0-9-]+)", text)}

    assert asked - named == set()

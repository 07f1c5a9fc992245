"""What must be true of every page in a real browser; use with the fixture `visit`."""

import json
import time
from pathlib import Path
from typing import Any

AXE = Path(__file__).with_name("vendor") / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# of these, what another color scheme can make wrong on a page that is the same otherwise
OF_COLORS = ["color-contrast", "link-in-text-block"]
RUN_AXE = """
axe.run(document, {runOnly: {type: '%s', values: %s}}).then(result => JSON.stringify(
  result.violations.flatMap(rule => rule.nodes.map(node => rule.id + ': ' + node.target.join(' ')))))
"""
# What a page may be looked at with: width, height, color scheme.
MODES = {
    "light": (1440, 900, "light"),
    "dark": (1440, 900, "dark"),
    "phone": (390, 844, "light"),
    "small phone": (320, 640, "dark"),
}


def axe_violations(page: Any, *, only_colors: bool = False) -> list[str]:
    """Run axe through the debugger: a script tag would be stopped by the page's own policy."""
    which = ("rule", OF_COLORS) if only_colors else ("tag", TAGS)
    session = page.context.new_cdp_session(page)
    if not page.evaluate("'axe' in window"):
        session.send("Runtime.evaluate", {"expression": AXE.read_text()})
    answer = session.send(
        "Runtime.evaluate",
        {
            "expression": RUN_AXE % (which[0], json.dumps(which[1])),
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    return list(json.loads(answer["result"]["value"]))


def faults(page: Any, *, only_colors: bool = False) -> dict[str, Any]:
    """Return everything that is wrong with the page as it stands; empty when nothing is."""
    page.wait_for_load_state()
    # what is asked for is dimmed until it is there
    wait_until(page, "!document.querySelector('.htmx-request')")
    found = {
        "axe": axe_violations(page, only_colors=only_colors),
        "policy": page.evaluate("window.policyViolations"),
        "console": [text for text in page.troubles if "Failed to load resource" not in text],
        "overflow": page.evaluate("document.documentElement.scrollWidth - window.innerWidth"),
    }
    return {name: value for name, value in found.items() if value}


def faults_by_mode(page: Any) -> dict[str, Any]:
    """
    Return what is wrong with the open page, by mode of MODES; empty when nothing is.

    One page is looked at four times, in the state in which a test has brought it. Dark has the boxes of
    light: only its colors are looked at.
    """
    found = {}
    for mode, (width, height, scheme) in MODES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        wait_for_panels(page)
        wait_for_charts(page)
        found[mode] = faults(page, only_colors=mode == "dark")
    width, height, scheme = MODES["light"]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    return {mode: wrong for mode, wrong in found.items() if wrong}


def words(page: Any, part: str = "main") -> str:
    """
    Return what a part of the page says, spaces that do not break as plain ones.

    A click ends when the next page begins to arrive: the rest of it is waited for.
    """
    page.wait_for_load_state()
    return str(page.inner_text(part)).replace("\N{NO-BREAK SPACE}", " ")


def wait_until(page: Any, expression: str, *, seconds: float = 30) -> None:
    """Wait for an expression; Playwright's own wait evaluates text, which the policy forbids."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression):
        if time.monotonic() > deadline:
            raise AssertionError(f"Never became true: {expression}")
        page.wait_for_timeout(25)


def wait_for_charts(page: Any) -> None:
    """Wait until every chart of the page is drawn; they are drawn when the browser is idle."""
    wait_until(page, "[...document.querySelectorAll('rounds-chart')].every(chart => chart.drawn)")


def wait_for_panels(page: Any) -> None:
    """Wait until nothing is being fetched for the page: panels come after it."""
    wait_until(page, "document.querySelector('.htmx-request') === null")

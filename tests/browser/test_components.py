"""Every part of the interface in a real browser: accessible, policy-clean, and alive."""

import pytest

from tests.browser.checks import axe_violations, faults, faults_by_mode, wait_for_charts, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.urls")]

PATH = "/test-components/"


def test_parts_have_no_faults(visit):
    assert faults_by_mode(visit(PATH)) == {}


def test_parts_stay_told_apart_in_forced_colors(visit):
    page = visit(PATH, forced_colors="active")

    backgrounds = page.eval_on_selector_all(
        ".seg label", "labels => labels.map(label => getComputedStyle(label).backgroundColor)"
    )

    assert len(set(backgrounds)) == 2
    assert faults(page) == {}


def test_charts_follow_the_theme(visit):
    page = visit(PATH)
    fill = "getComputedStyle(document.querySelector('.chart .xtick text')).fill"
    light = page.evaluate(fill)

    page.click("[data-theme-toggle]")
    wait_until(page, f"{fill} !== {light!r}")

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_charts_show_names_literally_and_offer_no_way_out(visit):
    page = visit(PATH)

    labels = " ".join(page.eval_on_selector_all(".ytick text", "t => t.map(x => x.textContent)"))

    assert "R&D <lab>" in labels
    assert page.locator("rounds-chart a, rounds-chart img, .modebar-btn").count() == 0


def test_swapped_charts_leave_nothing_behind(visit):
    page = visit(PATH)
    session = page.context.new_cdp_session(page)

    def nodes():
        session.send("HeapProfiler.collectGarbage")
        return session.send("Memory.getDOMCounters")["nodes"]

    swap = """fresh => document.querySelectorAll('rounds-chart').forEach(
        (chart, i) => { chart.outerHTML = fresh[i]; })"""
    fresh = page.evaluate(
        """async () => {
          const text = await (await fetch(location.href)).text();
          const page = new DOMParser().parseFromString(text, 'text/html');
          return [...page.querySelectorAll('rounds-chart')].map(chart => chart.outerHTML);
        }"""
    )
    before = nodes()
    for _ in range(5):
        page.evaluate(swap, fresh)
        wait_for_charts(page)

    assert nodes() < before * 1.1


def test_a_dialog_gives_the_focus_back(visit):
    page = visit(PATH)

    page.click("[data-open=sample-dialog]")
    assert page.evaluate("document.getElementById('sample-dialog').open") is True
    page.keyboard.press("Escape")

    wait_until(page, "document.activeElement.dataset.open === 'sample-dialog'")


def test_last_weeks_text_is_copied_and_leaving_asks_first(visit):
    page = visit(PATH)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.click("[data-copy-from]")
    assert page.input_value("#sample_reason").startswith("Permit review is running late.")
    page.goto(page.url + "?again")

    assert asked == ["beforeunload"]


def test_parts_work_without_scripts(visit):
    page = visit(PATH, java_script_enabled=False)

    assert page.get_by_role("button", name="Apply").is_visible()
    page.get_by_text("Show as table").first.click()
    assert page.get_by_role("cell", name="2,210").is_visible()


def test_sign_in_page_has_no_faults(visit):
    page = visit("/sign-in/", mode="phone")

    assert faults(page) == {}


@pytest.mark.parametrize("only_colors", [False, True])
def test_words_that_are_too_pale_are_seen(visit, only_colors):
    page = visit("/sign-in/")
    assert axe_violations(page, only_colors=only_colors) == []

    page.evaluate("document.querySelector('h1').style.color = 'rgb(200, 205, 210)'")

    found = axe_violations(page, only_colors=only_colors)
    assert [one for one in found if one.startswith("color-contrast")]

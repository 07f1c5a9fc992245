"""Tags and parts of the design system say what they show."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from pmo.accounts.context import ATTRIBUTIONS_KEY
from pmo.common.page import component_examples
from pmo.common.page.charts import Chart, Column
from pmo.common.page.forms import MoneyInput
from pmo.common.page.inline_charts import StripMark
from pmo.common.templatetags import rounds
from pmo.organization.current import hold
from pmo.organization.models import Organization

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _no_attributions():
    """Spare the frame of the page its only query."""
    cache.set(ATTRIBUTIONS_KEY, [])


def drawn(source, path="/", **context):
    """Render a template source as a page would."""
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    return engines["django"].from_string("{% load rounds %}" + source).render(context, request)


def words(html):
    """Return the text a reader gets, without tags."""
    return " ".join(strip_tags(html).split())


@pytest.mark.parametrize(
    ("color", "code", "word"),
    [
        ("red", "red", "Red"),
        ("amber", "amber", "Amber"),
        ("green", "green", "Green"),
        ("none", "none", "No report"),
        ("", "none", "No report"),
        ("purple", "none", "No report"),
    ],
)
def test_rag_has_shape_word_and_color(color, code, word):
    html = rounds.rag(color)

    assert f"rag--{code}" in html
    assert f"#rag-{code}" in html
    assert words(html) == word


def test_dot_hides_its_word_with_the_column():
    assert words(rounds.dot("red", "Cost")) == "Cost: Red"
    assert 'class="vh"' in rounds.dot("red", "Cost")
    assert words(rounds.dot("none")) == "No report"


@pytest.mark.parametrize(
    ("now", "before", "text", "kind"),
    [
        ("red", "amber", "Worse, was Amber", "chip--worse"),
        ("amber", "red", "Better, was Red", "chip--better"),
        ("green", "green", "No change", 'class="chip"'),
        ("none", "green", "No report, was Green", 'class="chip"'),
        ("green", "none", "Reports again", 'class="chip"'),
        ("green", None, "First report", 'class="chip"'),
    ],
)
def test_change_says_better_or_worse(now, before, text, kind):
    html = rounds.change(now, before)

    assert words(html) == text
    assert kind in html


def test_missing_is_a_dash_with_a_reason():
    html = rounds.missing("No open risk has a cost")

    assert words(html) == "–No open risk has a cost"
    assert 'title="No open risk has a cost"' in html


def test_remembered_tags_do_not_mix_safe_and_unsafe_text():
    assert "<b>x</b>" in rounds.missing(SafeString("<b>x</b>"))
    assert "<b>x</b>" not in rounds.missing("<b>x</b>")


def test_amount_is_money_or_a_reason():
    hold(Organization(currency="£"))

    assert rounds.amount(3_312_400) == '<span title="£3,312,400">£3.3M</span>'
    assert rounds.amount(3_312_400, plus=True) == '<span title="+£3,312,400">+£3.3M</span>'
    assert drawn("{{ x|money }} {{ x|signed_money }}", x=670_000) == (
        '<span title="£670,000">£670K</span> <span title="+£670,000">+£670K</span>'
    )
    hold(Organization(currency="£", currency_after=True))
    assert rounds.amount(3_312_400) == '<span title="3,312,400\u00a0£">3.3M\u00a0£</span>'
    hold(Organization(currency="£"))
    assert words(rounds.amount(None, "no forecast")) == "–no forecast"
    assert drawn("{{ x|money }} {{ x|signed_money }} {{ x|money_exact }}", x=1500) == (
        "£1,500 +£1,500 £1,500"
    )


def test_filters_write_figures():
    html = drawn(
        "{{ r|percent }} {{ r|signed_percent:0 }} {{ n|figure }} {{ d|day }} {{ d|short_day }} "
        "{{ d|week }} {{ m|moment }} {{ s|slip }} {{ c|color_word }}",
        r=0.053,
        n=10_000,
        d=TODAY,
        m=datetime(2026, 11, 20, 16, 2, tzinfo=timezone.get_default_timezone()),
        s=24,
        c="none",
    )

    assert html == (
        "5.3% +5% 10,000 20 Nov 2026 20 Nov Week 47, 16–20 Nov 2026 "
        "Friday 20 Nov 2026, 16:02 24 days late No report"
    )


def test_ago_keeps_the_exact_time():
    html = rounds.ago(datetime(2026, 11, 18, 16, 2, tzinfo=timezone.get_default_timezone()), TODAY)

    assert words(html) == "2 days ago"
    assert 'title="Wednesday 18 Nov 2026, 16:02"' in html
    assert words(rounds.ago(None)) == "–never reported"


def test_budget_bar_says_its_numbers():
    html = rounds.budget_bar(11_200_000, 20_610_000, 18_400_000)

    assert 'aria-label="Spent $11.2M of $18.4M, forecast $20.6M"' in html
    assert 'class="bullet over"' in html
    assert html.count("<rect") == 4


def test_budget_bar_tolerates_what_is_unknown():
    assert 'aria-label="Spent unknown of $10, forecast unknown"' in rounds.budget_bar(
        None, None, 10
    )
    assert rounds.budget_bar(None, None, 10).count("<rect") == 2
    assert words(rounds.budget_bar(1, 2, None)) == "–no approved budget"


def test_status_trend_shows_the_last_eight_weeks():
    html = rounds.status_trend("RRGGAARRNN")

    assert html.count("<use") == 8
    assert "Green for 2 weeks, then Amber for 2 weeks, then Red for 2 weeks" in html
    assert words(rounds.status_trend("")) == "–no reports yet"


def test_sparkline_has_its_sentence():
    assert 'aria-label="From 62 to 41 over 2 weeks"' in rounds.sparkline(
        [62, 41], "From 62 to 41 over 2 weeks"
    )
    assert words(rounds.sparkline([], "x")) == "–no history yet"


def test_milestone_strip_tells_dates_in_words():
    marks = [
        StripMark(name="Design", date=date(2026, 3, 3), done=True),
        StripMark(name="Permit <2>", date=date(2026, 12, 4), days_late=24),
        StripMark(name="Later", date=None),
    ]

    html = drawn("{% milestone_strip marks today %}", marks=marks, today=TODAY)

    assert (
        'aria-label="Design, done 3 Mar 2026; Permit &lt;2&gt;, due 4 Dec 2026, 24 days late"'
        in html
    )
    assert "1 without a date is not drawn." in html


def test_sort_head_turns_the_order_around_and_keeps_the_filters():
    source = '{% sort_head "over" "Over or under" "num" first="desc" %}'

    fresh = drawn(source, "/?color=red&page=3")
    down = drawn(source, "/?color=red&sort=-over")
    up = drawn(source, "/?color=red&sort=over")

    assert 'href="?color=red&amp;sort=-over"' in fresh
    assert "aria-sort" not in fresh
    assert 'aria-sort="descending"' in down
    assert 'href="?color=red&amp;sort=over"' in down
    assert 'aria-sort="ascending"' in up
    assert 'href="?color=red&amp;sort=-over"' in up


def test_sort_head_knows_the_default_order():
    html = drawn('{% sort_head "name" "Project" default="name" %}')

    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-name"' in html


def test_pagination_keeps_the_rest_of_the_address():
    page = Paginator(range(10_000), 25).page(2)

    html = drawn(
        '{% include "components/pagination.html" with page=page noun="projects" only %}',
        "/?color=red&page=2",
        page=page,
    )

    assert "26–50 of 10,000 projects" in words(html)
    assert 'href="?color=red&amp;page=1"' in html
    assert 'href="?color=red&amp;page=3"' in html


def test_a_form_included_alone_still_carries_its_token():
    html = drawn(
        '{% include "components/form.html" with form=form submit="Save" only %}',
        form=component_examples.sample_form(),
    )

    assert 'name="csrfmiddlewaretoken" value="' in html


def test_form_ties_errors_and_hints_to_their_fields():
    html = drawn("{{ form }}", form=component_examples.sample_form())

    assert 'aria-describedby="sample_percent_error"' in html
    assert 'id="sample_percent_error"' in html
    assert 'aria-describedby="sample_reason_helptext sample_reason_error"' in html
    assert "<label" in html
    assert "Next milestone date" in html
    assert words(html).count("(optional)") == 1


def test_error_summary_counts_and_links():
    html = drawn(
        '{% include "components/error_summary.html" with form=form verb="send" only %}',
        form=component_examples.sample_form(),
    )

    assert "Fix 3 things before you send" in html
    assert '<a href="#sample_percent">Percent complete</a>' in html
    assert "data-focus" in html


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (" 20,600,000 ", "20600000"),
        ("$2.9M", "2900000.0"),
        ("−$27K", "-27000"),
        ("1.25bn", "1250000000.00"),
        ("2.9 MW", "2.9 MW"),
        ("", ""),
    ],
)
def test_money_input_reads_what_pages_show(typed, read):
    assert MoneyInput().value_from_datadict({"x": typed}, {}, "x") == read


def test_money_input_that_was_not_sent_is_none():
    assert MoneyInput().value_from_datadict({}, {}, "x") is None


def test_progress_asks_again_only_while_it_runs():
    source = (
        '{% include "components/progress.html" with id="job-1" url="/jobs/1/" title="Report" '
        'state=state done=3 total=10 message="Working." only %}'
    )

    running, done = drawn(source, state="running"), drawn(source, state="done")

    assert 'hx-trigger="every 2s"' in running
    assert 'value="3" max="10"' in running
    assert "hx-trigger" not in done
    assert "<progress" not in done


def test_footnote_says_of_how_many():
    source = (
        '{% include "components/footnote.html" with total=45 hidden=hidden without_data=without '
        'as_of="20 Nov" only %}'
    )

    assert words(drawn(source, hidden=3, without=2)) == (
        "Of 45 projects: 3 hidden from you, 2 without data. As of 20 Nov."
    )
    assert words(drawn(source, hidden=0, without=0)) == "Of 45 projects. As of 20 Nov."


def test_heat_map_reads_an_empty_cell_as_zero():
    cells = [
        SimpleNamespace(count=0, level="l", word="Low", url="/x", label=""),
        SimpleNamespace(count=2, level="vh", word="Very high", url="/y", label="risks, Likely"),
        SimpleNamespace(count=1, level="h", word="High", url=None, label=""),
    ]
    rows = [SimpleNamespace(label="Likely", cells=cells)]

    html = drawn(
        '{% include "components/heat_map.html" with caption="C" columns=columns rows=rows only %}',
        columns=("A", "B", "D"),
        rows=rows,
    )

    assert 'href="/x"' not in html
    assert html.count('<a href="/y">') == 1
    assert words(html) == "C A B D Likely ·0 2 Very high risks, Likely 1 High"


def test_chart_card_carries_figure_sentence_and_table():
    chart = Chart(
        key="cost",
        title="Two run over",
        sentence="Wing is $2M over.",
        figure={"data": [], "layout": {"title": "</script>"}},
        columns=(Column(label="Project"), Column(label="Over", is_number=True)),
        rows=[("R&D", "2")],
    )

    html = drawn('{% include "components/chart.html" with chart=chart only %}', chart=chart)

    assert 'role="img" aria-label="Wing is $2M over."' in html
    assert 'id="figure-cost" type="application/json"' in html
    assert html.count("</script>") == 1
    assert '<th scope="row">R&amp;D</th> <td class="num">2</td>' in " ".join(html.split())


def test_chart_without_figure_says_why():
    html = drawn(
        '{% include "components/chart.html" with chart=chart only %}',
        chart=component_examples.empty_chart(),
    )

    assert "rounds-chart" not in html
    assert "No unit has an approved budget yet." in html


@pytest.mark.parametrize("part", ["toast.html", "empty.html", "notice.html", "tile.html"])
def test_parts_escape_what_people_typed(part):
    html = drawn(
        f'{{% include "components/{part}" with text=text title=text label=text value="1" only %}}',
        text="<script>alert(1)</script>",
    )

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_tile_is_one_link_and_a_missing_value_has_a_reason():
    linked = drawn(
        '{% include "components/tile.html" with label="Red" value="5" of="45" url="/r/" only %}'
    )
    missing = drawn('{% include "components/tile.html" with label="Cost" reason="No data" only %}')

    assert linked.count("<a ") == 1
    assert words(linked) == "Red 5 of 45"
    assert words(missing) == "Cost –No data"


def test_the_page_of_components_shows_every_part():
    request = RequestFactory().get("/components/")
    request.user = AnonymousUser()

    html = render_to_string(
        "components/components_page.html", component_examples.context(), request
    )

    assert html.count("rounds-chart>") == 4
    assert 'style="' not in html
    assert " onclick" not in html
    assert "<script>" not in html

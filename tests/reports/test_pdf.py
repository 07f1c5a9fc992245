from pathlib import Path

import pytest
import typst

from reports import pdf
from reports.pdf import summary_pdf
from reports.services.summaries import compile_summary
from reports.words.reading import print_data, reading_of
from tests.factories import PortfolioFactory, ProjectFactory
from tests.reports.documents import SUNDAY, freeze, member, row

pytestmark = pytest.mark.django_db
LONG = "A long sentence about the permit that was returned once more by the state. " * 3


def pages(data):
    """Return how many pages the summary takes."""
    here = Path(pdf.__file__).parent
    drawn = typst.compile(
        str(here / "summary.typ"),
        root=str(here),
        font_paths=[str(here / "fonts")],
        ignore_system_fonts=True,
        format="svg",
        sys_inputs=pdf.inputs(data),
    )
    return len(drawn) if isinstance(drawn, list) else 1


@pytest.fixture
def data(lead):
    def of(projects, **fields):
        portfolio = PortfolioFactory(name="Everything")
        freeze(SUNDAY)
        for number in range(projects):
            project = ProjectFactory(name=f"Project {number} {fields.get('name', '')}"[:200])
            member(portfolio, project)
            values = {"note": "Late.", "help_needed": "Decide"} | fields
            values.pop("name", "")
            row(project, SUNDAY, ("red", "amber", "green")[number % 3], **values)
        summary = compile_summary(portfolio=portfolio, day=SUNDAY, by=None)
        summary.office_note = fields.get("note", "")
        return print_data(reading_of(summary, lead))

    return of


@pytest.mark.parametrize("projects", [0, 1, 45])
def test_a_summary_is_one_tagged_page(data, projects):
    printed = data(projects)

    content = summary_pdf(printed)

    assert pages(printed) == 1
    assert content.startswith(b"%PDF-")
    assert b"/MarkInfo" in content or b"/StructTreeRoot" in content


def test_long_words_are_cut_before_they_take_a_second_page(data):
    printed = data(
        45,
        name=LONG,
        note=LONG[:280],
        help_needed=LONG[:280],
        help_from="Chief Information Officer and Chief Nursing Officer",
        top_risk=LONG[:160],
        top_risk_score=20,
        measured_rule=LONG[:280],
        is_disputed=True,
    )

    assert pages(printed) == 1


def test_words_cannot_become_markup(data):
    hostile = '#panic("x") $x$ *b* @ref <label> \\ #read("/etc/passwd") `raw`'

    printed = data(3, note=hostile, help_needed=hostile, name=hostile)

    assert pages(printed) == 1


def test_the_license_of_imported_data_is_printed(data):
    printed = data(1)
    with_license = printed | {"attributions": ["Open Government Licence v3.0."] * 2}

    assert summary_pdf(with_license) != summary_pdf(printed)
    assert pages(with_license) == 1

"""The check of an import: what every row would do, and mending it before anything is written."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmo.accounts.roles import Role
from projects.models import Project
from reports.imports.models import ImportState, RowState
from reports.imports.services import runs, work
from tests.factories import UnitFactory, person
from tests.reports.imports.services.scene import started

pytestmark = pytest.mark.django_db
BAD = """Code,Name,Unit,RAG,Start,Budget
N-1,New wing,Surgery,Red,25/02/2026,1.5m
N-2,Scanner,Surgery,Green,31/02/2026,250
N-3,Robot,,Green,13/02/2026,99
"""
HTMX = {"HX-Request": "true"}


def texts(response):
    """Return what a page says, as one line."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(plain).split())


def asked_of(client, url, **data):
    """Count the queries of a page that was looked at before."""
    client.get(url, data)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url, data).status_code == 200
    return len(asked)


@pytest.fixture
def office(lead, signed_in):
    UnitFactory(name="Surgery")
    return signed_in(lead)


def checked(text, by, **options):
    run = started(text, by, **options)
    return work.finish_check(run, work.check(run))


@pytest.fixture
def run(office, lead):
    return checked(BAD, lead)


def row_of(run, position, **query):
    return reverse("reports:import_row", args=[run.pk, position])


def states(run):
    return list(run.rows.order_by("position").values_list("state", flat=True))


def test_check_says_what_is_ready_and_shows_first_what_needs_somebody(office, run):
    page = office.get(run.get_absolute_url())

    assert [part.text for part in page.context["lede"]] == [
        "1 of 3 rows is ready.",
        "1 is new.",
        "2 rows are refused and would be handed back.",
    ]
    assert [line.name for line in page.context["lines"]] == ["Scanner", "Robot", "New wing"]
    assert page.context["write_label"] == "Write 1 row, hand back 2"
    assert [kind.rows for kind in page.context["kinds"]] == [1, 1]
    assert {kind.wrong for kind in page.context["kinds"]} == {
        "A new project needs a unit.",
        "Start is no date of the calendar.",
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"show": "refused"}, ["Scanner", "Robot"]),
        ({"show": "created"}, ["New wing"]),
        ({"show": "unchanged"}, []),
        ({"show": "odd"}, ["Scanner", "Robot", "New wing"]),
        ({"problem": "A new project needs a unit."}, ["Robot"]),
        ({"problem": "odd"}, ["Scanner", "Robot", "New wing"]),
        ({"find": "robo"}, ["Robot"]),
        ({"find": "n-2"}, ["Scanner"]),
        ({"find": "row 4"}, ["Robot"]),
        ({"find": "9" * 90}, ["Scanner", "Robot", "New wing"]),
    ],
)
def test_rows_are_narrowed(office, run, query, names):
    page = office.get(run.get_absolute_url(), query)

    assert [line.name for line in page.context["lines"]] == names


@pytest.mark.parametrize("amount", [1, 3])
def test_check_asks_the_same_however_many_rows(office, lead, amount):
    rows = "".join(f"N-{n},Wing {n},,Red,,\nM-{n},Robot {n},Surgery,Red,,\n" for n in range(amount))
    run = checked(f"Code,Name,Unit,RAG,Start,Budget\n{rows}", lead)

    assert asked_of(office, run.get_absolute_url()) == 11
    assert asked_of(office, run.get_absolute_url(), open=1) == 13


def test_rows_alone_are_sent_where_only_they_are_swapped(office, run):
    headers = HTMX | {"HX-Target": "rows-list"}
    part = office.get(run.get_absolute_url(), {"show": "refused"}, headers=headers)

    assert part.content.decode().lstrip().startswith('<div id="rows-list"')
    assert "New wing" not in texts(part)


def test_row_is_mended_where_it_stands_and_what_changed_is_sent(office, run):
    opened = office.get(run.get_absolute_url(), {"open": 2})
    assert list(opened.context["mend"].fields) == ["start_date"]
    assert opened.context["mend"].errors == {
        "start_date": ["Start is no date of the calendar. A date such as 2026-12-04 or 4 Dec 2026."]
    }

    answer = office.post(row_of(run, 2), {"start_date": "28/02/2026"}, headers=HTMX)

    assert states(run) == ["ready", "ready", "refused"]
    assert "Row 3 is ready." in texts(answer)
    assert "Write 2 rows, hand back 1" in texts(answer)
    assert 'id="counts"' in answer.content.decode()
    assert "<h1>" not in answer.content.decode()


def test_row_that_is_still_wrong_stays_open_and_says_so(office, run):
    answer = office.post(row_of(run, 2), {"start_date": "32/02/2026"}, headers=HTMX)

    assert "Row 3 is checked again and still refused." in texts(answer)
    assert 'value="32/02/2026"' in answer.content.decode()
    assert states(run) == ["ready", "refused", "refused"]


def test_nothing_mended_and_what_may_not_be_kept_is_said_at_the_row(office, run):
    same = office.post(row_of(run, 2), {"start_date": "31/02/2026"}, headers=HTMX)
    assert same.status_code == 422
    assert "Change a field, or leave the row out." in texts(same)

    patient = office.post(row_of(run, 2), {"start_date": "MRN 12345678"})
    assert patient.status_code == 422
    assert "This looks like something of a patient." in texts(patient)
    assert states(run) == ["ready", "refused", "refused"]


def test_all_fields_of_a_row_can_be_mended(office, run):
    page = office.get(run.get_absolute_url(), {"open": 1, "all": 1})
    assert len(page.context["mend"].fields) == 6

    data = {name: page.context["mend"][name].value() for name in page.context["mend"].fields}
    office.post(row_of(run, 1), data | {"name": "Newest wing"})

    assert run.rows.get(position=1).name == "Newest wing"


def test_row_is_left_out_and_taken_in_again(office, run):
    office.post(row_of(run, 1), {"leave": "1"}, headers=HTMX)
    assert states(run) == ["left_out", "refused", "refused"]

    back = office.post(row_of(run, 1) + "?show=left_out", {"take": "1"})
    assert back["Location"] == f"{run.get_absolute_url()}?show=left_out#row-1"
    assert states(run) == ["ready", "refused", "refused"]


def test_value_is_mended_in_every_row_that_says_it(office, lead):
    rows = "".join(f"N-{n},Wing {n},Surgery,31/02/2026\n" for n in range(3))
    run = checked(f"Code,Name,Unit,Start\n{rows}M-1,Robot,Surgery,13/02/2026\n", lead)
    page = office.get(run.get_absolute_url())
    ((said, _form),) = page.context["values"]
    assert (said.label, said.text, said.rows) == ("Start", "31/02/2026", 3)

    data = {"header": said.header, "old": said.text, "new": "28/02/2026"}
    answer = office.post(reverse("reports:import_value", args=[run.pk]), data, headers=HTMX)

    assert "“31/02/2026” is read as “28/02/2026” in every row." in texts(answer)
    assert states(run) == ["ready"] * 4


def test_word_that_is_not_known_is_chosen_among_ours(office, lead):
    run = checked("Code,Name,Unit,Lane\nN-1,Wing,Surgery,Fast\nN-2,Robot,Surgery,Strategic\n", lead)
    ((said, form),) = office.get(run.get_absolute_url()).context["values"]
    assert said.text == "Fast"
    assert ("Strategic", "Strategic") in form.fields["new"].choices

    empty = office.post(reverse("reports:import_value", args=[run.pk]), {}, headers=HTMX)
    assert "Nothing was fixed." in texts(empty)
    data = {"header": "Lane", "old": "Fast", "new": "Strategic"}
    office.post(reverse("reports:import_value", args=[run.pk]), data)

    assert states(run) == ["ready", "ready"]


def test_rows_with_the_same_problem_are_left_out_at_once(office, run):
    leave = reverse("reports:import_leave", args=[run.pk])
    answer = office.post(leave, {"problem": "A new project needs a unit."}, headers=HTMX)

    assert "1 row is left out." in texts(answer)
    assert states(run) == ["ready", "refused", "left_out"]
    again = office.post(leave, {"problem": "A new project needs a unit."}, headers=HTMX)
    assert "No row has this problem any more." in texts(again)


def test_nothing_to_write_is_said_and_written_by_nobody(office, lead):
    text = "Code,Name,Unit\nN-1,Wing,Surgery\n"
    runs.apply(run=started(text, lead), by=lead)
    run = checked(text, lead)
    page = office.get(run.get_absolute_url())
    assert page.context["write_label"] == "Nothing to write"

    response = office.post(reverse("reports:import_apply", args=[run.pk]), follow=True)

    assert "no row would change anything" in texts(response)
    run.refresh_from_db()
    assert run.state == ImportState.READY


def test_old_and_new_stand_beside_each_other_with_words_for_those_who_listen(office, lead):
    runs.apply(run=started("Code,Name,Unit\nN-1,Wing,Surgery\n", lead), by=lead)
    run = checked("Code,Name,Unit\nN-1,North wing,Surgery\n", lead)

    page = office.get(run.get_absolute_url())

    assert "Name was Wing now North wing" in texts(page)


def test_mending_is_for_whoever_uploaded_alone(run, signed_in):
    other = signed_in(person(Role.PMO_LEAD))

    for name, args in (("row", [run.pk, 1]), ("value", [run.pk]), ("leave", [run.pk])):
        assert other.post(reverse(f"reports:import_{name}", args=args)).status_code == 404
    assert states(run) == [RowState.READY, RowState.REFUSED, RowState.REFUSED]
    assert Project.objects.count() == 0


def test_warning_is_asked_before_the_writing_and_its_answer_kept(office, lead):
    budgets = "Code,Name,Unit,Budget\nN-1,Wing,Surgery,{}\n"
    runs.apply(run=started(budgets.format(250_000), lead), by=lead)
    run = checked(budgets.format(2_500_000), lead)
    page = office.get(run.get_absolute_url())
    (ask,) = page.context["warnings"]
    assert ask.question == "Is this amount really that far from the one in Rounds?"
    assert page.context["warnings_title"] == "1 warning needs your answer"

    refused = office.post(reverse("reports:import_apply", args=[run.pk]))
    assert refused.status_code == 422
    assert "Answer 1 warning before you write the rows" in texts(refused)
    assert f'href="#{ask.warned.key}"' in refused.content.decode()

    answer = reverse("reports:import_warning", args=[run.pk])
    nothing = office.post(answer, {"key": ask.warned.key}, headers=HTMX)
    assert "Choose an answer first." in texts(nothing)
    left = office.post(answer, {"key": ask.warned.key, "answer": "leave"}, headers=HTMX)
    assert "Answered: the rows are left out." in texts(left)
    assert states(run) == ["left_out"]
    office.post(answer, {"key": ask.warned.key, "answer": "write"})
    assert states(run) == ["ready"]
    again = office.get(run.get_absolute_url())
    assert again.context["warnings_title"] == "Every warning is answered"
    assert again.context["warnings_answered"] == "1 of 1 answered"

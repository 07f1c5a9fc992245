"""Every form of the product carries a key, and what it writes is written once however often it is sent."""

import copy
import inspect
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django import forms
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import resolve, reverse
from django.utils import timezone
from knox.models import AuthToken

from pmo.accounts.models import Membership
from pmo.accounts.roles import Role
from pmo.common.background import jobs
from pmo.common.models import Heartbeat, Job, JobState, Submission
from pmo.common.page.once import FIELD
from portfolio.services import add_project
from projects.domain.calendar import week_of
from reports.domain.scope import HOSPITAL
from reports.imports.models import ImportRun, ImportState
from reports.imports.services import runs
from reports.models import DeliveryState
from reports.services.subscriptions import subscribe
from reports.services.summaries import review_summary
from tests.addresses import addresses
from tests.conftest import laid_for_a_file
from tests.factories import (
    BudgetLineFactory,
    IssueFactory,
    MemberFactory,
    MilestoneFactory,
    ObjectiveFactory,
    PortfolioFactory,
    ProjectFactory,
    TaskFactory,
    UnitFactory,
    UpdateFactory,
    UserFactory,
    person,
)
from tests.factories.changes import approved, asked, assessed, baselined
from tests.factories.reports import freeze
from tests.pmo.accounts.lists.scene import staged
from tests.portfolio.governance import sent
from tests.portfolio.intake import sent as intake_sent
from tests.portfolio.starts import sent as starts_sent
from tests.portfolio.starts.test_starting import started as started_from
from tests.projects.communication import sent as communication_sent
from tests.projects.domain.exchange.files import mspdi, task
from tests.reports.audiences import sent as audience_sent
from tests.reports.audiences.sent import summary_of
from tests.reports.documents import SUNDAY, mailed
from tests.reports.imports.services.scene import started
from tests.test_access import VIEWS
from tests.test_api_rules import scene

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
pytestmark = pytest.mark.either
# name of the URL -> why it may be sent any number of times
FREELY = {
    "login": "each click must carry the cookie of its own session",
    "logout": "the same",
    "password_change": "the same; a password that is set twice is set",
    "invitation": "the same",
    "password_reset_confirm": "the same",
    "projects:status_draft": "the form stays open while it is saved; its version guards it",
}


def takes_posts(view):
    """Say whether a function view answers POST, by the decorator that names its methods."""
    while view is not None:
        methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if methods is not None:
            return "POST" in methods
        view = getattr(view, "__wrapped__", None)
    return False


LI_WEI = "li.wei@example.org"
LIST = "name,email,role\nAda,ada@example.org,Executive\n"


def table(text):
    """Return a file as it is uploaded, new for each form."""
    return lambda: SimpleUploadedFile("list.csv", text.encode(), "text/csv")


# what a form needs beside what is guessed for its empty fields
BESIDE = {
    **sent.BESIDE,
    "projects:member_new": {"person": LI_WEI},
    "projects:task_add": {"name": "Pour", "duration": "3"},
    "projects:variance_cause_new": {"measure": "cost", "cause": "rate", "amount": "5", "days": ""},
    "reports:import_list": {"file": table("Code,Name\nA1,Atrium\n")},
    "reports:subscription_new": {"address": LI_WEI},
    "accounts:people_file_list": {"file": table("Name,Email\nAda,ada@example.org\n")},
}
# why a form is seen to write neither on the walk nor in THERE -> its addresses
ELSEWHERE = {
    "it says what a file means: said twice, the file means the same": {
        "accounts:people_file_answer",
        "reports:import_columns",
        "reports:import_sheets",
        "reports:import_row",
        "reports:import_value",
        "reports:import_leave",
        "reports:import_warning",
    },
    "it takes a written file back, which then is no written file any more": {
        "projects:plan_import_undo",
        "reports:import_undo",
    },
    "it asks the writing to stop, which then is asked already": {"reports:import_stop"},
    "it saves a row of a table that only htmx asks for, against the version that it shows": {
        "projects:milestone_dates",
        "projects:task_row",
    },
    "it gives records the dates of a plan, and finds them given the second time": {
        "projects:plan_take_over"
    },
    "its link is used up by the first click": {"setup"},
    "it keeps the words of one form in one row, or drops that row": {"unsent", "unsent_discard"},
}


PAGES = [(n, e.callback) for n, e in VIEWS if not n.startswith(("api:", "schema"))]
POSTS = {name for name, view in PAGES if takes_posts(view)}


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: where to, how, and what a browser would send."""

    def __init__(self, page):
        super().__init__()
        self.found, self._select = [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag == "form":
            self.found.append(
                {"action": has.get("action"), "method": has.get("method"), "data": {}}
            )
        elif tag == "select":
            self._select = has.get("name")
        elif not self.found or not (has.get("name") or tag == "option"):
            return
        elif tag == "option" and self._select:
            data = self.found[-1]["data"]
            if "selected" in has or (has.get("value") and not data.get(self._select)):
                data[self._select] = has.get("value", "")
        elif tag in {"input", "button"} and has.get("type") not in {"checkbox", "radio", "file"}:
            self.found[-1]["data"].setdefault(has["name"], has.get("value") or "")
        elif tag in {"input", "textarea"}:
            is_on = "checked" in has and has.get("type") != "file"
            self.found[-1]["data"].setdefault(has["name"], has.get("value", "on") if is_on else "")

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None

    def posts(self):
        return [form for form in self.found if (form["method"] or "").lower() == "post"]


GUESSES = (
    (forms.FileField, lambda _: SimpleUploadedFile("plan.xml", mspdi(task(1)), "text/xml")),
    (forms.ModelChoiceField, lambda field: next((str(r.pk) for r in field.queryset[:1]), "")),
    (
        forms.ChoiceField,
        lambda field: next((str(key) for key, _ in field.widget.choices if str(key)), ""),
    ),
    (forms.DateField, lambda _: timezone.localdate().isoformat()),
    (forms.EmailField, lambda _: "new.here@example.org"),
    (forms.BooleanField, lambda _: "on"),
    ((forms.IntegerField, forms.DecimalField), lambda _: "2"),
    (forms.CharField, lambda field: "Seen by nobody before"[: field.max_length or 20]),
)


def guessed(field):
    """Return something that a field takes."""
    return next((guess(field) for kind, guess in GUESSES if isinstance(field, kind)), "")


def filled(form, drawn, *, only_needed):
    """Return what a person would send: what is drawn, and something in the fields left empty."""
    data = dict(form["data"])
    for bound in drawn or ():
        field, name = bound.field, bound.html_name
        is_open = name in data and not data[name] and not bound.is_hidden and not field.disabled
        if (is_open and (field.required or not only_needed)) or isinstance(field, forms.FileField):
            data[name] = guessed(field)
        elif bound.name == "name" and data.get(name) and not field.disabled:
            data[name] += " 2"  # where all is filled in, nothing else would change
    return {name: value for name, value in data.items() if value != ""}


def rows():
    """Count every table; what is sent, and who is signed in, is no effect."""
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if model is not Submission and model._meta.app_label != "sessions"
    ]
    counts = [f"SELECT '{table}', count(*) FROM {table}" for table in tables]  # noqa: S608 - the code's own names
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts))
        return dict(cursor.fetchall())


def sent_twice(client, address, data):
    """Send a form twice and take it back; return what the first wrote, what the second, and why not."""
    files = [one for one in data.values() if isinstance(one, SimpleUploadedFile)]
    with transaction.atomic():
        start = rows()
        first = client.post(address, data)
        between = rows()
        for file in files:
            file.seek(0)
        second = client.post(address, data)
        after = rows()
        transaction.set_rollback(True)
    why = dict(getattr((first.context or {}).get("form"), "errors", {})) if first.context else {}
    return (
        {label: between[label] - n for label, n in start.items() if between[label] != n},
        {label: after[label] - n for label, n in between.items() if after[label] != n},
        (first.status_code, second.status_code, why),
    )


def forms_of(client, records):
    """Yield each form of each page with the fields that are drawn in it, each action once."""
    seen = set()
    for _name, address in addresses(records):
        page = client.get(address)
        if page.streaming:
            b"".join(page.streaming_content)
            continue
        if page.status_code != 200 or "html" not in page["Content-Type"]:
            continue
        drawn = (page.context or {}).get("form")
        for form in Forms(page.content.decode()).posts():
            action = urlsplit(form["action"] or address)
            name = resolve(action.path).view_name
            mark = (name, tuple(sorted(set(form["data"]) - {"csrfmiddlewaretoken", FIELD})))
            if mark in seen:
                continue
            seen.add(mark)
            yield name, form["action"] or address, form, drawn


@pytest.fixture(scope="module")
def laid(request, django_db_blocker):
    """A scene with a draft and a frozen week, for all tests of this file."""
    with laid_for_a_file(request, django_db_blocker):
        found = scene()
        UpdateFactory(project=found["projects"], state="draft", published_at=None)
        ObjectiveFactory()
        freeze(week_of(timezone.localdate()) - timedelta(days=1))
        found["started"] = started_from(starts_sent.CODE, None)
        yield found


@pytest.fixture
def records(laid, db):
    return copy.deepcopy(laid)


@pytest.fixture
def everybody():
    """Somebody who may do all: the head of the office, who administers as well."""
    person(Role.STAFF, name="Li Wei", email=LI_WEI)
    found = person(Role.PMO_LEAD)
    Membership.objects.create(user=found, role=Role.ADMINISTRATOR)
    return found


def test_what_may_be_sent_freely_has_a_reason():
    assert {n for n, view in PAGES if getattr(view, "sent_freely", False)} == set(FREELY)


def test_no_form_writes_its_token_by_hand():
    by_hand = [
        path.name
        for path in TEMPLATES.rglob("*.html")
        if "csrfmiddlewaretoken" in path.read_text(encoding="utf-8")
    ]

    assert by_hand == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_form_that_writes_writes_once(client, records, everybody):
    client.force_login(everybody)
    bare, doubled, wrote, stayed = [], [], set(), {}

    for name, address, form, drawn in list(forms_of(client, records)):
        if not form["data"].get(FIELD):
            bare.append(name)
        if name in FREELY:
            continue
        for only_needed in (False, True):
            data = filled(form, drawn, only_needed=only_needed) | {
                field: value() if callable(value) else value
                for field, value in BESIDE.get(name, {}).items()
            }
            first, second, why = sent_twice(client, address, data)
            if second:
                doubled.append((name, second, why))
            if first:
                wrote.add(name)
                break
            stayed[name] = why

    assert bare == []
    assert doubled == []
    # on some days the walk sees one of THERE write as well: a meeting opens on its day
    unseen = POSTS - wrote - set(FREELY) - THERE.keys()
    known = {name for names in ELSEWHERE.values() for name in names}
    assert not known & THERE.keys()
    assert unseen == known, "\n".join(
        f"{name}: {stayed.get(name)}" for name in sorted(unseen ^ known)
    )


def to_validate():
    """An update of a project whose office is directive."""
    update = UpdateFactory(overall="green")
    add_project(portfolio=PortfolioFactory(kind="directive"), project=update.project, by=None)
    return update


def another_plan():
    """A project that no baseline holds, with all a baseline needs."""
    project = ProjectFactory()
    BudgetLineFactory(project=project)
    MilestoneFactory(project=project)
    return project


def last_of_three():
    project = ProjectFactory()
    return [TaskFactory(project=project, position=number) for number in (1, 2, 3)][-1]


def doubted_clock():
    """Let the clock be doubted; its page has no number."""
    Heartbeat.objects.create(pk=1, at=timezone.now(), doubted=timezone.now())
    return []


def checked_import(by):
    UnitFactory(name="Surgery")
    run = started("Code,Name,Unit,Stage\nN-1,New wing,Surgery,planning\n", by)
    jobs.run(runs.request_check(run=run, by=by).job_id)
    return ImportRun.objects.get(pk=run.pk, state=ImportState.READY)


def version_of(record, **said):
    return ([record.pk], {"version": record.version} | said)


# a form that the walk does not see write -> what is there before, as its address and its words
THERE = {
    **sent.THERE,
    **intake_sent.THERE,
    **starts_sent.THERE,
    **communication_sent.THERE,
    **audience_sent.THERE,
    "accounts:people_file_discard": lambda _r, by: ([staged(LIST, by).pk], {}),
    "accounts:people_file_write": lambda _r, by: ([staged(LIST, by).pk], {}),
    "accounts:person_holdings": lambda r, _by: ([r["members"].user_id], {"to": LI_WEI}),
    "accounts:person_invite": lambda _r, _by: ([UserFactory(password="").pk], {}),
    "accounts:token_revoke": lambda _r, by: (
        [AuthToken.objects.create(user=by)[0].token_key],
        {},
    ),
    "clock_confirm": lambda _r, _by: (doubted_clock(), {}),
    "job_retry": lambda _r, _by: (
        [Job.objects.create(kind="x", key="x", state=JobState.FAILED).pk],
        {},
    ),
    "organization:category_place": lambda r, _by: ([r["categories"].pk], {"position": "5"}),
    "portfolio:portfolio_add": lambda r, _by: (
        [r["portfolios"].pk],
        {"project": ProjectFactory().pk},
    ),
    "portfolio:portfolio_choose": lambda r, _by: (
        [r["portfolios"].pk],
        {"projects": [ProjectFactory().pk]},
    ),
    "portfolio:portfolio_kind": lambda r, _by: (
        [r["portfolios"].pk],
        {"kind": "controlling", "version": r["portfolios"].version},
    ),
    "portfolio:update_validate": lambda _r, _by: (
        [to_validate().pk],
        {"color": "green", "reason": ""},
    ),
    "projects:baseline_new": lambda _r, _by: (
        [another_plan().pk],
        {"name": "Plan", "reason": "Board", "finish": "2027-01-01"},
    ),
    "projects:budget_line_remove": lambda _r, _by: ([BudgetLineFactory().pk], {}),
    "projects:change_assess": lambda _r, _by: version_of(
        asked(baselined()),
        scope_effect="None",
        schedule_effect_days="3",
        cost_effect="0",
        funding="none",
        benefit_effect="None",
    ),
    "projects:change_decide": lambda _r, _by: version_of(assessed(baselined()), decision="approve"),
    "projects:change_implement": lambda _r, _by: version_of(approved(baselined()), name="New plan"),
    "projects:member_remove": lambda r, _by: (
        [r["projects"].pk, MemberFactory(project=r["projects"], role=Role.SPONSOR).pk],
        {},
    ),
    "projects:milestone_remove": lambda _r, _by: ([MilestoneFactory(baseline_date=None).pk], {}),
    "projects:plan_reschedule": lambda _r, _by: ([TaskFactory().project_id], {}),
    "projects:status_correct": lambda _r, _by: ([UpdateFactory().pk], {}),
    "projects:status_form": lambda _r, _by: (
        [ProjectFactory().pk],
        {"version": 0, "revision": 1, "overall": "green", "overall_note": "On the way."},
    ),
    "projects:step_new": lambda r, _by: ([r["task-steps"].task_id], {"name": "C", "weight": "2"}),
    "projects:task_move": lambda _r, _by: ([last_of_three().pk], {"direction": "up"}),
    "projects:tolerance_edit": lambda _r, _by: (
        ["sponsor"],
        {"cost_percent": "7", "days": "30", "version": "0"},
    ),
    "reports:delivery_again": lambda r, by: (
        [mailed(summary_of(r), by, state=DeliveryState.UNCERTAIN, error="Perhaps.").pk],
        {},
    ),
    "reports:import_apply": lambda _r, by: ([checked_import(by).pk], {}),
    "reports:import_discard": lambda _r, by: ([checked_import(by).pk], {}),
    "reports:import_reading": lambda _r, by: (
        [checked_import(by).pk],
        {"records_in": "rows", "header": "1", "delimiter": ","},
    ),
    "reports:subscription_remove": lambda _r, by: (
        [subscribe(scope=HOSPITAL, user=by, by=by).pk],
        {},
    ),
    "reports:summary_issue": lambda r, by: version_of(
        review_summary(summary=summary_of(r), version=1, by=by, comments={})
    ),
    "reports:summary_review": lambda r, _by: version_of(summary_of(r), headline="One red."),
    "reports:variance_new": lambda _r, _by: (
        [],
        {"scope": "hospital", "day": freeze(SUNDAY).date.isoformat()},
    ),
    "risks:issue_reopen": lambda _r, _by: (
        [IssueFactory(state="resolved", resolution="Moved.").pk],
        {},
    ),
}


@pytest.mark.parametrize("name", THERE)
def test_what_needs_something_there_first_writes_once_too(
    client, records, everybody, settings, name
):
    settings.EMAIL_URL = "smtp://mail.example.org"  # or nobody can be invited
    client.force_login(everybody)
    keys, data = THERE[name](records, everybody)

    first, second, why = sent_twice(
        client, reverse(name, args=keys), data | {FIELD: "a key of its own"}
    )

    assert first, why
    assert second == {}

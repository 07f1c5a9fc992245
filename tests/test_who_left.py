"""Whoever left is marked in every naming of what is there today; what was said before stays as it was."""

import io
import re
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

import openpyxl
import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from pmo.accounts.models import User
from pmo.accounts.roles import Role
from pmo.accounts.services.records import set_active
from pmo.common.models import Job
from projects.models import ChangeRequest, Project
from reports.domain.scope import HOSPITAL
from reports.models import Freeze
from reports.services.snapshots import freeze_week, refresh
from reports.services.variance import make_variance
from tests.addresses import addresses
from tests.factories import (
    IssueFactory,
    MemberFactory,
    MilestoneFactory,
    ProjectFactory,
    RiskFactory,
    UpdateFactory,
    UserFactory,
    person,
)
from tests.test_api_rules import scene

pytestmark = pytest.mark.django_db

NAMES = ("Quillon Zabor", "Wibke Zabor", "Odalys Zabor", "Ulfilas Zabor")
MARK = " (deactivated)"
# what says who did something then, is typed by hand, or leads away
LEFT_OUT = re.compile(r"^/(static|api|changes|accounts/logout|logout|people|health)")
LINK = re.compile(r'(?:href|hx-get|data-url)="([^"#]+)')
FILES = (".csv", ".xlsx")
MOST = 400
MORE = ("/budget/?by=manager", "/portfolio/accuracy/", "/portfolio.csv", "/portfolio.xlsx")
WINGS = {"communication", "governance", "intake", "starts", "templates"}
NAMING = {"/", "/risks/", "/risks/issues/", "/projects/", *MORE}


@pytest.fixture
def office():
    user = person(Role.PMO_LEAD)
    user.memberships.create(role=Role.ADMINISTRATOR)
    return user


@pytest.fixture
def four(office):
    """A manager, a sponsor and the owners of a risk and an issue, who left after a week was frozen."""
    manager, sponsor, of_risk, of_issue = (UserFactory(name=name) for name in NAMES)
    today = timezone.localdate()
    done, begun = today - timedelta(days=1), today - timedelta(days=300)
    for stage in ("delivery", "closed"):
        finished = done if stage == "closed" else None
        project = ProjectFactory(
            stage=stage,
            start_date=begun,
            baseline_finish_date=timezone.localdate() + timedelta(days=60),
            actual_finish_date=finished,
        )
        MemberFactory(project=project, user=manager)
        MemberFactory(project=project, user=sponsor, role=Role.SPONSOR)
        MilestoneFactory(project=project, forecast_date=done, actual_date=done)
        RiskFactory(project=project, owner=of_risk, title="Flood")
        IssueFactory(project=project, owner=of_issue, title="Leak")
        ChangeRequest.objects.create(
            project=project, number=1, title="More", raised_by=office, raised_on=today
        )
        UpdateFactory(project=project, author=None)
    refresh(Project.objects.values_list("pk", flat=True))
    freeze_week(today - timedelta(days=today.weekday() + 1))
    for one in (manager, sponsor, of_risk, of_issue):
        set_active(user=one, is_active=False, by=office)
    return project


def named_in_wings():
    """Yield each column of the wings in which a person can be named today."""
    for model in apps.get_models():
        if not model.__module__.startswith(("portfolio.", "projects.communication")):
            continue
        for field in model._meta.concrete_fields:
            if field.related_model is User and field.name != "changed_by":
                yield model, field.name


def said_by(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response["Content-Type"].endswith("sheet"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
        return "\n".join(str(cell.value) for cell in cells)
    return " ".join(content.decode("utf-8", "replace").split())


def unmarked(said: str) -> list[str]:
    """Return what stands around each naming without the mark."""
    return [
        said[max(found.start() - 80, 0) : found.end() + 40]
        for name in NAMES
        for found in re.finditer(re.escape(name), said)
        if not said[found.end() :].startswith(MARK)
    ]


def walked(client) -> dict[str, str]:
    """Return what every page and file says that links lead to, each path once."""
    found: dict[str, str] = {}
    waiting = ["/", *MORE]
    known = set(waiting)
    while waiting and len(found) < MOST:
        address = waiting.pop(0)
        response = client.get(address, follow=True)
        if response.status_code != HTTPStatus.OK:
            continue
        found[address] = said = said_by(response)
        if not response["Content-Type"].startswith("text/html"):
            continue
        for link in LINK.findall(said):
            path = urlsplit(link.replace("&amp;", "&")).path
            if path.startswith("/") and path not in known and not LEFT_OUT.match(path):
                known.add(path)
                waiting.append(path)
    return found


def test_no_page_and_no_file_names_unmarked_who_left(signed_in, office, four):
    found = walked(signed_in(office))

    wrong = {address: places for address, said in found.items() if (places := unmarked(said))}
    named = {address for address, said in found.items() if "Zabor" in said}
    assert not wrong, wrong
    assert named >= NAMING, NAMING - named


def test_the_row_of_who_left_says_so_among_the_people(signed_in, office, four):
    page = " ".join(signed_in(office).get("/people/").content.decode().split())
    rows = [row for row in page.split("<tr>") if "Zabor" in row]
    assert len(rows) == len(NAMES)
    assert all("Deactivated" in row for row in rows)


def test_what_was_frozen_keeps_the_name_as_it_was(signed_in, office, four):
    day = Freeze.objects.get().date
    client = signed_in(office)
    for address in ("/portfolio/", "/portfolio.csv", "/budget/?by=manager"):
        at = f"{address}{'&' if '?' in address else '?'}as_of={day}"
        said = said_by(client.get(at))
        assert NAMES[0] in said, at
        assert MARK not in said, at


def test_a_report_made_after_somebody_left_marks_them(signed_in, office, four):
    day = Freeze.objects.get().date
    client = signed_in(office)
    job = Job.objects.create(kind="variance.make", key="hospital")
    report = make_variance(job=job, scope=HOSPITAL, day=day, compared_with=None, by=office)
    said = said_by(client.get(report.get_absolute_url()))

    assert NAMES[0] in said
    assert unmarked(said) == []


def test_no_page_names_unmarked_who_left_wherever_a_person_can_be_named(signed_in, office):
    """Every column of requests, committees, gates, messages and starts that names somebody names one who left."""
    records, gone = scene(), UserFactory(name=NAMES[0])
    for model, name in named_in_wings():
        rows = models.QuerySet(model)
        for pk in rows.values_list("pk", flat=True):
            try:
                with transaction.atomic():
                    rows.filter(pk=pk).update(**{name: gone})
            except DatabaseError:  # what is never changed, or needs two people
                continue
    set_active(user=gone, is_active=False, by=office)
    client = signed_in(office)

    said = {
        address: said_by(page)
        for name, address in addresses(records)
        if name.partition(":")[0] in WINGS
        if (page := client.get(address)).status_code == HTTPStatus.OK
    }

    assert {address: places for address, one in said.items() if (places := unmarked(one))} == {}
    assert sum(NAMES[0] in one for one in said.values()) > 12

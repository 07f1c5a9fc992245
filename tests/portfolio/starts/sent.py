"""What has to be there before the forms of templates and starts write, for the test that sends each twice."""

from django.core.files.uploadedfile import SimpleUploadedFile

from portfolio.starts.domain.kinds import ItemKind
from portfolio.starts.models import StartItem
from portfolio.starts.selectors.adoption import preview_of
from portfolio.starts.services.drafting import draft_of
from projects.models import Project
from projects.project_templates.domain.yamlfile import written
from projects.project_templates.models import ProjectTemplate
from projects.project_templates.services.library import import_pack
from tests.factories import UnitFactory, UserFactory
from tests.portfolio.starts.test_starting import go_live_for

CODE = "telehealth"


def template():
    return ProjectTemplate.objects.get(code=CODE)


def another_document(**fields):
    """What the template says, as its file says it, with something else."""
    document = dict(template().document)
    document.pop("length_working_days"), document.pop("go_live_day")
    return document | fields


def item_of(records, section):
    rows = StartItem.objects.filter(project=records["started"], section=section)
    return rows.in_order().first()


def measured(records):
    measure = item_of(records, "measures")
    return [measure.pk], {"version": measure.version, "baseline": "6", "target": "25"}


def to_plan(records):
    """A message that waits for its audience, as if nobody had been called so when the project began."""
    item = item_of(records, "communication")
    StartItem.objects.filter(pk=item.pk).update(record_kind="", record_pk=None)
    return [item.pk], {}


def later_line(records, by):
    """A line of a later version, as the page of the project shows it."""
    document = another_document()
    document["risks"] = [
        row | {"action": "Posters"} if row["id"] == "R6" else row for row in document["risks"]
    ]
    import_pack(text=written(document), by=by)
    line = preview_of(records["started"]).line("risks", "R6")
    return [records["started"].pk], {
        "section": "risks",
        "key": "R6",
        "seal": line.seal,
        "take": "on",
    }


def finished(records):
    project = records["started"]
    Project.objects.filter(pk=project.pk).update(
        stage="closed", actual_finish_date=project.start_date
    )
    return [project.pk], {"pack": written(draft_of(project)), "note": ""}


def to_start():
    return [template().pk], {
        "name": "Visits",
        "unit": UnitFactory().pk,
        "go_live": go_live_for(CODE).isoformat(),
        "percent": 100,
        "region": "US",
    }


def edited():
    pack = written(another_document(name="Video visits"))
    return [template().pk], {"edited": template().current_id, "pack": pack, "note": "Its name"}


def file():
    pack = written(another_document(code="own_visits", name="Own visits"))
    return SimpleUploadedFile("own.yaml", pack.encode(), "application/yaml")


# `started` is a project of this template, which the tests share
THERE = {
    "starts:item_change": lambda r, _by: measured(r),
    "starts:item_confirm": lambda r, _by: (
        [
            StartItem.objects.filter(project=r["started"], record_kind=ItemKind.LINE)
            .earliest("pk")
            .pk
        ],
        {},
    ),
    "starts:item_plan": lambda r, _by: to_plan(r),
    "starts:line_adopt": later_line,
    "starts:project_confirm_all": lambda r, _by: ([r["started"].pk], {}),
    "starts:role_fill": lambda r, _by: (
        [item_of(r, "roles").pk],
        {"person": UserFactory(email="fills@example.org").email},
    ),
    "starts:start_new": lambda _r, _by: to_start(),
    "starts:template_make": lambda r, _by: finished(r),
    "templates:template_edit": lambda _r, _by: edited(),
    "templates:template_import": lambda _r, _by: ([], {"file": file()}),
}

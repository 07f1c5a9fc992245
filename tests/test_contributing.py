"""
The files that CONTRIBUTING.md names for a change are the files it takes.

The changes are made in a copy of the project, by hand as here, and looked at in a process of its own
after `makemigrations` and `migrate`: one copy for all, because each takes a database. Migrations and
generated pages are made, not written: they do not count, but no others may be made.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any, NamedTuple

import pytest

from tests.tree import PACKAGES, ROOT

COPIED = (*PACKAGES, "templates", "static", "tests", "docs", "manage.py", "pyproject.toml")
START = """
import json
import django
django.setup()
from pathlib import Path
from django.core.management import call_command
call_command("makemigrations", interactive=False, verbosity=0)
call_command("migrate", interactive=False, verbosity=0)
from pmo.accounts.roles import Role
from tests.factories import ProjectFactory, person
found = {}
"""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is written where: a new file, or texts after which another text is put, by file."""

    title: str
    most: int
    edits: dict[str, list[tuple[str, str]]]
    new: dict[str, str]
    migrated: list[str]
    proof: str
    shows: dict[str, Any]


AXIS = Change(
    title="A status axis",
    most=5,
    edits={
        "projects/domain/health.py": [('    QUALITY = "quality"\n', '    EQUITY = "equity"\n')],
        "pmo/organization/axes.py": [
            ('    "quality": "Quality and compliance",\n', '    "equity": "Equity",\n')
        ],
        "projects/models/status.py": [
            (
                "    quality_note = Prose(max_length=280)\n",
                """\
    equity = color_field(blank=True, default="")
    equity_note = Prose(max_length=280)
""",
            )
        ],
        "reports/models/snapshots.py": [
            (
                "    quality = color_field()\n",
                "    equity = color_field(default=Color.NONE.value)\n",
            ),
            (
                "from projects.domain.calendar import week_of\n",
                "from projects.domain.colors import Color\n",
            ),
        ],
        "docs/glossary.md": [("risk, resources, quality and compliance", ", equity")],
    },
    new={},
    migrated=["projects/migrations", "reports/migrations"],
    proof="""
    from django.utils import timezone
    from projects.forms.status import StatusForm
    from projects.selectors.status import lines_of
    from projects.serializers.status import UpdateInput
    from projects.services.status import publish_update
    from reports.domain.figure_table import FIELDS
    from reports.models import Snapshot
    from reports.serializers import SnapshotOutput
    from reports.words.health_rows import axis_columns, health_row
    from reports.words.health_rows import FIELDS as SHOWN

    said = {"overall": "green", "overall_note": "On plan."}
    said |= {"equity": "amber", "equity_note": "Two wards wait."}
    project = ProjectFactory()
    update = publish_update(project=project, by=person(Role.PMO_LEAD), **said)
    row = Snapshot.objects.with_marks().values(*SHOWN).get(project=project)
    columns = axis_columns([], is_now=True)
    dots = health_row(row, columns, today=timezone.localdate())["dots"]
    shown = {
        "form": [name for name in StatusForm().fields if "equity" in name],
        "api": [name for name in UpdateInput().fields if "equity" in name],
        "update": [line.note for line in lines_of(update) if line.label == "Equity"],
        "dashboard": columns[-1].name,
        "dot": "amber" in dots[-1],
        "published": "equity" in SnapshotOutput().fields,
        "table": [one.name for one in FIELDS if "equity" in one.name],
    }
    """,
    shows={
        "form": ["equity", "equity_note"],
        "api": ["equity", "equity_note"],
        "update": ["Two wards wait."],
        "dashboard": "Equity",
        "dot": True,
        "published": True,
        "table": ["equity"],
    },
)
ROLE = Change(
    title="A role",
    most=4,
    edits={
        "pmo/accounts/roles.py": [
            ('    STAFF = "staff", "Staff"\n', '    RESEARCHER = "researcher", "Researcher"\n'),
            ("    Role.UNIT_HEAD,\n", "    Role.RESEARCHER,\n"),
            (
                '    Role.UNIT_HEAD: "Reads the projects of the unit and the units below it.",\n',
                '    Role.RESEARCHER: "Reads the projects that are studied.",\n',
            ),
            (
                "    Role.UNIT_HEAD: frozenset(_READ),\n",
                "    Role.RESEARCHER: frozenset(_READ),\n",
            ),
        ]
    },
    new={},
    migrated=["pmo/accounts/migrations"],
    proof="""
    from pmo.accounts.permissions import Permission
    from pmo.accounts.policy import can
    from pmo.accounts.forms import RoleForm
    from pmo.accounts.serializers import MembershipInput

    call_command("write_permissions", verbosity=0)
    project, researcher = ProjectFactory(), person(Role.RESEARCHER)
    shown = {
        "reads": can(researcher, Permission.PROJECT_VIEW, project).allowed,
        "writes": can(researcher, Permission.PROJECT_CHANGE, project).allowed,
        "form": dict(RoleForm().fields["role"].choices).get("researcher"),
        "api": dict(MembershipInput().fields["role"].choices).get("researcher"),
        "page": "- **Researcher** (`researcher`): Reads the projects that are studied."
        in Path("docs/permissions.md").read_text(encoding="utf-8"),
    }
    """,
    shows={
        "reads": True,
        "writes": False,
        "form": "Researcher",
        "api": "Researcher",
        "page": True,
    },
)
CAUSES = '''
"""Causes of delays as a table brings them."""

from reports.imports.domain.fields import CellKind, Field, RecordKind, SampleFor, SampleRow


def cause_rows(start: SampleFor) -> list[SampleRow]:
    return [{"project": code, "explanation": "The lift came late."} for code in start.codes]


CAUSE = RecordKind(
    name="cause",
    label="Causes of delays",
    key=("project", "explanation"),
    purpose="Why a project finishes later than its baseline said.",
    rows=cause_rows,
    fields=(
        Field("project", "Project code", meaning="The code of a project.", required=True),
        Field("explanation", "Explanation", meaning="What happened.", required=True, longest=500),
        Field("days", "Days", CellKind.NUMBER, meaning="How much later.", lowest=0, highest=999),
    ),
)
'''
WRITE_CAUSES = '''
"""Write rows about causes of delays."""

from typing import Any

from projects.models import VarianceCause
from projects.services import variance
from reports.imports.services.registers.base import BegunEntry, RegisterWriter
from reports.imports.services.setting import Setting


class CauseWriter(RegisterWriter):
    kind, model, named = "cause", VarianceCause, "explanation"
    own = {"explanation": "explanation", "days": "days"}
    later = (VarianceCause,)

    def create(self, begun: BegunEntry, setting: Setting) -> None:
        fields = begun.fields | {"measure": "finish", "cause": "scope"}
        variance.note_cause(project=begun.project, by=setting.by, **fields)

    def change(self, record: Any, begun: BegunEntry, setting: Setting) -> None:
        variance.change_cause(record=record, version=None, by=setting.by, **begun.fields)
'''
RECORD = Change(
    title="An importable record",
    most=4,
    edits={
        "reports/imports/domain/kinds/__init__.py": [
            (
                "from pmo.common.tabular.headers import know\n",
                "from reports.imports.domain.kinds.cause import CAUSE\n",
            ),
            ("    STAKEHOLDER,\n", "    CAUSE,\n"),
        ],
        "reports/imports/services/registers/__init__.py": [
            (
                "from reports.imports.services.registers.base import RegisterWriter\n",
                "from reports.imports.services.registers.causes import CauseWriter\n",
            ),
            ('    "risk": RiskWriter,\n', '    "cause": CauseWriter,\n'),
        ],
    },
    new={
        "reports/imports/domain/kinds/cause.py": CAUSES,
        "reports/imports/services/registers/causes.py": WRITE_CAUSES,
    },
    migrated=[],
    proof="""
    from pmo.common.page.checklist import checklist_for
    from projects.models import VarianceCause
    from reports.imports.domain import RECORD_KINDS
    from reports.imports.forms.imports import UploadForm
    from reports.imports.words.samples import sample_sheets
    from reports.imports.services import runs

    lead = person(Role.PMO_LEAD)
    ProjectFactory(code="P-1")
    text = "Project code,Explanation,Days\\nP-1,Lift,14\\n"

    def counts(text):
        run = runs.start_import(
            file_name="causes.csv", content=text.encode(), by=lead, record="cause"
        )
        run = runs.map_columns(run=run, by=lead, document=run.document)
        return runs.apply(run=run, by=lead).report["counts"]

    rows, meanings = sample_sheets("cause", by=lead)
    label = "Causes of delays"
    shown = {
        "first": counts(text),
        "again": counts(text),
        "later": counts(text.replace("14", "21")),
        "kept": [one.days for one in VarianceCause.objects.filter(explanation="Lift")],
        "form": dict(UploadForm().fields["record"].choices).get("cause"),
        "sample": [rows.title, *next(iter(rows.rows))],
        "meanings": [list(row)[:3] for row in meanings.rows][2:3],
        "offered": [one.label for one in checklist_for(lead).files if one.label == label],
    }
    """,
    shows={
        "first": {"created": 1, "updated": 0, "unchanged": 0},
        "again": {"created": 0, "updated": 0, "unchanged": 1},
        "later": {"created": 0, "updated": 1, "unchanged": 0},
        "kept": [21],
        "form": "Causes of delays",
        "sample": ["Causes of delays", "P-1", "The lift came late.", None],
        "meanings": [["Days", "How much later.", "Optional"]],
        "offered": ["Causes of delays"],
    },
)
MUCH_LATE_FACT = """\

def _much_late_fact(figures: KeyFigures, voice: Voice) -> KeyFact:
    of = f"{figures.dated:,}"
    return _counted_fact("Over a month late", figures.much_late, None, "much_late", voice, of=of)

"""
KEY_FIGURE = Change(
    title="A key figure",
    most=3,
    edits={
        "reports/domain/key_figures.py": [
            ("    finish_late: int = 0\n", "    much_late: int = 0\n"),
            (
                "        finish_late=sum(slip > 0 for slip in slips),\n",
                "        much_late=sum(slip > 30 for slip in slips),\n",
            ),
        ],
        "reports/selectors/key_figures.py": [
            (
                '    "slipped": Q(finish_slip_days__gt=0),\n',
                '    "much_late": Q(finish_slip_days__gt=30),\n',
            ),
            ('        "finish_late",\n', '        "much_late",\n'),
            (
                '        "finish_late": _count(shown("slipped")),\n',
                '        "much_late": _count(shown("much_late")),\n',
            ),
        ],
        "reports/words/key_figures.py": [
            ('    ("slipped", "Finish is late"),\n', '    ("much_late", "Over a month late"),\n'),
            (
                "        _updates_fact(figures, voice),\n",
                "        _much_late_fact(figures, voice),\n",
            ),
            ('    return "" if count is None else f"{count:,} open"\n\n', MUCH_LATE_FACT),
        ],
    },
    new={},
    migrated=[],
    proof="""
    from datetime import timedelta
    from django.test import Client
    from reports.models import scope_of
    from reports.services.summaries import compile_summary
    from reports.words.reading import print_data, reading_of
    from tests.factories import PortfolioFactory
    from tests.reports.agreeing import difference, page_figures
    from tests.reports.documents import SUNDAY, freeze, member, row

    freeze(SUNDAY)
    portfolio, lead = PortfolioFactory(code="CAP"), person(Role.PMO_LEAD)
    for name, slip in (("Wing", 31), ("Portal", 30), ("Clinic", 0)):
        project = ProjectFactory(name=name)
        member(portfolio, project)
        late = {"finish_slip_days": slip, "baseline_finish": SUNDAY}
        late["forecast_finish"] = SUNDAY + timedelta(days=slip)
        row(project, SUNDAY, **(late if slip else {}))
    summary = compile_summary(scope=scope_of(portfolio), day=SUNDAY, by=None)
    client = Client(SERVER_NAME="localhost")
    client.force_login(lead)

    def read(address, **more):
        return client.get(address, more).content.decode()

    looked = {"portfolio": "CAP", "as_of": SUNDAY.isoformat(), "show": "much_late"}
    ours = reading_of(summary, lead).figures
    facts = {one["label"]: one for one in print_data(reading_of(summary, lead))["facts"]}
    fact = facts.get("Over a month late", {})
    board, listed = read("/portfolio/", **looked), client.get("/portfolio.csv", looked)
    rows = b"".join(listed.streaming_content).decode()
    shown = {
        "counted": [ours.much_late, difference(ours, page_figures(lead, summary))],
        "dashboard": "Over a month late" in board,
        "list": [name for name in ("Wing", "Portal", "Clinic") if name in rows],
        "page": "Over a month late" in read(f"/summaries/{summary.pk}/"),
        "api": "Over a month late" in read(f"/api/v1/summaries/{summary.pk}/"),
        "printed": [fact.get("value"), fact.get("of")],
    }
    """,
    shows={
        "counted": [1, {}],
        "dashboard": True,
        "list": ["Wing"],
        "page": True,
        "api": True,
        "printed": ["1", "2"],
    },
)
CHANGES = (AXIS, ROLE, RECORD, KEY_FIGURE)


def copied(folder: Path) -> Path:
    place = folder / "copy"
    place.mkdir()
    unwanted = shutil.ignore_patterns("__pycache__", "node_modules", "fixtures", "browser")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name, ignore=unwanted)
        else:
            shutil.copy(ROOT / name, place / name)
    return place


def make(change: Change, place: Path) -> None:
    """Put each text behind the one that is there once."""
    for name, edits in change.edits.items():
        text = (place / name).read_text(encoding="utf-8")
        for there, added in edits:
            assert text.count(there) == 1, f"{name} does not hold {there!r} once."
            text = text.replace(there, there + added)
        (place / name).write_text(text, encoding="utf-8")
    for name, text in change.new.items():
        (place / name).write_text(text.lstrip(), encoding="utf-8")


def shown(place: Path, folder: Path) -> dict[str, Any]:
    """Run the proofs in the copy; return what they show, by the title of the change."""
    proofs = [f"{dedent(one.proof)}found[{one.title!r}] = shown\n" for one in CHANGES]
    script = "".join([START, *proofs, "print(json.dumps(found))"])
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    own = {"DJANGO_SETTINGS_MODULE": "tests.settings", "VAR_DIR": str(folder)}
    own["DATABASE_URL"] = f"sqlite:///{folder}/rounds.sqlite3"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=place,
        env={**kept, **own, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def migrations(place: Path) -> set[Path]:
    return {path.relative_to(place) for path in place.glob("**/migrations/[0-9]*.py")}


def named_files(title: str) -> list[str]:
    """Return the files that CONTRIBUTING.md names for a change, in its own words for a new one."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    part = re.search(rf"^\*\*{title}\*\* \((\d) files?\):(.*?)(?:\.\n|\n\n)", text, re.M | re.S)
    assert part, f"CONTRIBUTING.md says nothing of: {title}"
    names = re.findall(r"`([\w/.]+\.(?:py|md))`", part[2])
    assert len(names) == int(part[1])
    return names


class Made(NamedTuple):
    """What became of the changes: what they show, and where migrations were made."""

    shows: dict[str, Any]
    migrated: list[str]


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Made:
    folder = tmp_path_factory.mktemp("changes")
    place = copied(folder)
    before = migrations(place)
    for change in CHANGES:
        make(change, place)
    found = shown(place, folder)
    return Made(found, sorted(one.parent.as_posix() for one in migrations(place) - before))


@pytest.mark.timeout(900)
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.title)
def test_a_change_shows_up_everywhere(change, made):
    assert made.shows[change.title] == change.shows


@pytest.mark.timeout(900)
def test_changes_make_the_migrations_that_are_named(made):
    assert made.migrated == sorted(place for change in CHANGES for place in change.migrated)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.title)
def test_a_change_takes_the_files_that_contributing_names(change):
    touched = {*change.edits, *change.new}

    assert set(named_files(change.title)) == touched
    assert len(touched) <= change.most

"""Projects as a table brings them: the fields, what each means, and twelve to start from."""

from datetime import timedelta
from decimal import Decimal

from projects.domain.kinds import Lane
from projects.domain.stages import Stage
from reports.imports.domain.fields import (
    CellKind,
    Field,
    RecordKind,
    SampleFor,
    SampleRow,
    Sort,
    months_later,
)

NEW_PROJECT = "Required for new projects, here or for all rows at once"
# code, name, unit, category, lane, color, percent, months since the start, months to the baseline finish,
# days that the forecast is later, budget in thousands, forecast in percent of it, spent in percent of it, sentence
PROJECTS = (
    ("EX-01", "MRI scanner replacement", "Radiology", "device", "operational", "green", 55, 8, 6, 0, 2400, 100, 48, "Shielding is finished; the scanner arrives as ordered."),
    ("EX-02", "Emergency department refurbishment", "Facilities", "facility", "strategic", "amber", 40, 10, 9, 28, 5200, 104, 41, "Asbestos was found in one corridor; two weeks are lost."),
    ("EX-03", "Electronic prescribing", "Information Technology", "ehr", "mandatory", "green", 70, 12, 4, 0, 1850, 98, 66, "Four of six wards are live."),
    ("EX-04", "Sepsis pathway", "Quality", "safety", "strategic", "green", 30, 3, 7, 0, 140, 100, 22, "Training began on the pilot wards."),
    ("EX-05", "Nurse call system", "Facilities", "device", "operational", "amber", 45, 7, 5, 21, 780, 103, 39, "One supplier delivers three weeks late."),
    ("EX-06", "Staff rostering", "Human Resources", "workforce", "strategic", "green", 20, 2, 10, 0, 620, 100, 12, "The contract is signed."),
    ("EX-07", "Pharmacy robot", "Pharmacy", "device", "strategic", "green", 60, 9, 4, 0, 1350, 99, 52, "Installation is on schedule."),
    ("EX-08", "Telehealth cardiology", "Cardiology", "telehealth", "strategic", "amber", 35, 5, 8, 14, 460, 108, 30, "More licenses are needed than planned."),
    ("EX-09", "Water safety program", "Facilities", "facility", "mandatory", "green", 75, 14, 3, 0, 390, 96, 70, "The last outlets are tested this month."),
    ("EX-10", "Endoscopy decontamination", "Endoscopy", "facility", "mandatory", "green", 50, 6, 6, 0, 2100, 101, 44, "The washers passed their acceptance test."),
    ("EX-11", "Outpatient booking portal", "Information Technology", "ehr", "strategic", "green", 15, 1, 11, 0, 540, 100, 8, "Design workshops are under way."),
    ("EX-12", "Theatre ventilation", "Facilities", "facility", "mandatory", "green", 65, 11, 3, 0, 1700, 100, 58, "Two theatres are back in use."),
)  # fmt: skip


def project_rows(start: SampleFor) -> list[SampleRow]:
    """Return twelve projects in delivery around the day, in the units given or in made-up ones."""
    rows: list[SampleRow] = []
    for place, line in enumerate(PROJECTS):
        code, name, unit, category, lane, color, percent = line[:7]
        since, until, late, budget, forecast, spent, sentence = line[7:]
        finish = months_later(start.today, until)
        approved = Decimal(budget) * 1000
        rows.append(
            {
                "code": code,
                "name": name,
                "unit": start.units[place % len(start.units)] if start.units else unit,
                "category": category,
                "lane": lane,
                "stage": "delivery",
                "manager": start.person or None,
                "start_date": months_later(start.today, -since),
                "baseline_finish": finish,
                "forecast_finish": finish + timedelta(days=late),
                "approved_budget": approved,
                "forecast_cost": approved * forecast / 100,
                "spent": approved * spent / 100,
                "percent_complete": Decimal(percent),
                "color": color,
                "summary": sentence,
            }
        )
    return rows


PROJECT = RecordKind(
    name="project",
    label="Projects",
    key=("code",),
    purpose="Status, dates, people and money of each, with 12 examples.",
    rows=project_rows,
    fields=(
        Field(
            "code",
            "Code",
            meaning="Short and unique. A second import finds the project again by it.",
            longest=30,
            aliases=(
                "id",
                "project id",
                "project code",
                "number",
                "project number",
                "no",
                "project no",
                "ref",
                "reference",
            ),
        ),
        Field(
            "name",
            "Name",
            meaning="What people call the project.",
            required=True,
            aliases=(
                "project",
                "project name",
                "title",
            ),
        ),
        Field(
            "as_of",
            "As of",
            CellKind.DATE,
            meaning="Only for files about the past: the day that the row speaks of.",
            aliases=(
                "status date",
                "report date",
                "snapshot date",
            ),
            in_sample=False,
        ),
        Field(
            "unit",
            "Unit",
            meaning="The department that owns it. New ones can be added after the check.",
            needed=NEW_PROJECT,
            names=Sort.UNIT,
            aliases=(
                "department",
                "dept",
                "division",
                "directorate",
                "owner unit",
            ),
        ),
        Field(
            "program",
            "Program",
            meaning="Code or name of a program that is in Rounds.",
            aliases=(
                "programme",
                "initiative",
            ),
            in_sample=False,
        ),
        Field(
            "category",
            "Category",
            CellKind.CHOICE,
            meaning="The kind of project.",
            aliases=(
                "type",
                "project type",
                "report category",
            ),
        ),
        Field(
            "lane",
            "Lane",
            CellKind.CHOICE,
            meaning="Why it is done: the law asks for it, an objective does, or it keeps the hospital running.",
            choices=tuple(Lane.choices()),
            aliases=("class",),
        ),
        Field(
            "stage",
            "Stage",
            CellKind.CHOICE,
            meaning="Where it stands. Projects in planning, delivery and closing report each week.",
            needed=NEW_PROJECT,
            choices=tuple(Stage.choices()),
            aliases=(
                "phase",
                "project stage",
                "lifecycle stage",
            ),
        ),
        Field(
            "manager",
            "Manager",
            meaning="Name or e-mail address of the project manager.",
            names=Sort.PERSON,
            aliases=(
                "project manager",
                "pm",
                "lead",
            ),
        ),
        Field(
            "sponsor",
            "Sponsor",
            meaning="Name or e-mail address of the executive who answers for it.",
            names=Sort.PERSON,
            aliases=(
                "executive sponsor",
                "sro",
                "owner",
            ),
        ),
        Field(
            "start_date",
            "Start",
            CellKind.DATE,
            meaning="The day it starts or started.",
            aliases=(
                "start date",
                "project start date",
                "begin",
            ),
        ),
        Field(
            "baseline_finish",
            "Finish, baseline",
            CellKind.DATE,
            meaning="The approved end date; delays are counted from it.",
            aliases=(
                "baseline finish",
                "baseline end date",
                "planned finish",
                "planned end date",
                "planned end",
                "planned completion",
                "baseline end",
            ),
        ),
        Field(
            "forecast_finish",
            "Finish, forecast",
            CellKind.DATE,
            meaning="The end date as things stand today.",
            aliases=(
                "forecast finish",
                "expected end",
                "expected end date",
                "expected finish",
                "forecast end",
                "forecast end date",
                "expected completion",
                "end date",
                "project end date",
                "end",
                "finish",
                "finish date",
                "due date",
            ),
        ),
        Field(
            "actual_finish",
            "Finish, actual",
            CellKind.DATE,
            meaning="The day it was finished; empty until then.",
            aliases=(
                "actual finish",
                "actual end date",
                "completed",
            ),
            in_sample=False,
        ),
        Field(
            "approved_budget",
            "Approved budget",
            CellKind.MONEY,
            meaning="The approved cost of the whole project.",
            lowest=0,
            aliases=(
                "budget",
                "approved cost",
                "whole life cost",
                "total budget",
            ),
        ),
        Field(
            "forecast_cost",
            "Forecast cost",
            CellKind.MONEY,
            meaning="What the whole project is expected to cost.",
            lowest=0,
            aliases=(
                "estimate at completion",
                "eac",
                "forecast",
                "forecast total cost",
                "expected cost",
            ),
        ),
        Field(
            "spent",
            "Spent",
            CellKind.MONEY,
            meaning="What was spent from the start until today.",
            aliases=(
                "spent to date",
                "spend to date",
                "actual cost",
                "cost to date",
                "actuals",
            ),
        ),
        Field(
            "year_budget",
            "Budget of the year",
            CellKind.MONEY,
            meaning="The budget of the fiscal year that runs now.",
            aliases=(
                "annual budget",
                "yearly budget",
                "in year budget",
                "in year baseline",
            ),
            in_sample=False,
        ),
        Field(
            "year_forecast",
            "Forecast of the year",
            CellKind.MONEY,
            meaning="What is expected to be spent in the fiscal year that runs now.",
            aliases=(
                "annual forecast",
                "yearly forecast",
                "in year forecast",
            ),
            in_sample=False,
        ),
        Field(
            "percent_complete",
            "Complete, %",
            CellKind.PERCENT,
            meaning="How much of the work is done, from 0 to 100 %.",
            lowest=0,
            highest=100,
            aliases=(
                "percent complete",
                "% complete",
                "progress",
                "complete",
            ),
        ),
        Field(
            "color",
            "Declared color",
            CellKind.COLOR,
            meaning="The color that was reported last.",
            aliases=(
                "rag",
                "status",
                "rag status",
                "color",
                "colour",
                "health",
                "rating",
            ),
        ),
        Field(
            "published_rating",
            "Rating as published",
            meaning="A rating in other words than our colors, as it was published.",
            longest=500,
            aliases=("published rating",),
            in_sample=False,
        ),
        Field(
            "summary",
            "Status sentence",
            meaning="One sentence on how it stands; shown beside the color.",
            longest=280,
            aliases=(
                "comment",
                "comments",
                "commentary",
                "status comment",
                "summary",
            ),
        ),
        Field(
            "description",
            "Description",
            meaning="What will be different when it is done.",
            longest=1000,
            aliases=(
                "purpose",
                "scope",
                "aims",
            ),
        ),
    ),
)

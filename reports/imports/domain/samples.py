"""A table to start from: for each kind of record its columns, what they mean, and rows that import."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from reports.imports.domain.cells import ImportValue
from reports.imports.domain.fields import CellKind, Field, RecordKind

Cell = ImportValue | None

# what a column means, in the words of the second sheet; a test holds it against the table of fields
MEANINGS: Mapping[str, Mapping[str, str]] = {
    "project": {
        "code": "Short and unique. A second import finds the project again by it.",
        "name": "What people call the project.",
        "as_of": "Only for files about the past: the day that the row speaks of.",
        "unit": "The department that owns it. New ones can be added after the check.",
        "program": "Code or name of a program that is in Rounds.",
        "category": "The kind of project.",
        "lane": "Why it is done: the law asks for it, an objective does, or it keeps the hospital running.",
        "stage": "Where it stands. Projects in planning, delivery and closing report each week.",
        "manager": "Name or email address of the project manager.",
        "sponsor": "Name or email address of the executive who answers for it.",
        "start_date": "The day it starts or started.",
        "baseline_finish": "The approved end date; delays are counted from it.",
        "forecast_finish": "The end date as things stand today.",
        "actual_finish": "The day it was finished; empty until then.",
        "approved_budget": "The approved cost of the whole project.",
        "forecast_cost": "What the whole project is expected to cost.",
        "spent": "What was spent from the start until today.",
        "year_budget": "The budget of the fiscal year that runs now.",
        "year_forecast": "What is expected to be spent in the fiscal year that runs now.",
        "percent_complete": "How much of the work is done, from 0 to 100 %.",
        "color": "The color that was reported last.",
        "published_rating": "A rating in other words than our colors, as it was published.",
        "summary": "One sentence on how it stands; shown beside the color.",
        "description": "What will be different when it is done.",
    },
    "milestone": {
        "project": "The code of a project that is in Rounds.",
        "name": "What the milestone is called. A second import finds it again by it.",
        "kind": "The kind of milestone.",
        "baseline_date": "The approved date; delays are counted from it.",
        "forecast_date": "The date as things stand today.",
        "actual_date": "The day it was reached; empty until then.",
    },
    "risk": {
        "project": "The code of a project that is in Rounds.",
        "title": "What may happen. A second import finds the risk again by it.",
        "kind": "A threat or an opportunity.",
        "likelihood": "From 1, rare, to 5, almost certain.",
        "impact": "From 1, negligible, to 5, severe.",
        "response": "What is done about it.",
        "owner": "Name or email address of the person who looks after it.",
        "due": "When the response is to be done.",
    },
}
ALLOWED = {
    CellKind.DATE: "A date",
    CellKind.MONEY: "An amount such as 1,250,000 or 1.25m",
    CellKind.PERCENT: "A percentage such as 45 %",
    CellKind.COLOR: "Red, Amber, Green, or empty for no report",
}
# fields that a first table seldom has: explained, without a column in the sample
LEFT_OUT: Mapping[str, frozenset[str]] = {
    "project": frozenset(
        {"as_of", "program", "actual_finish", "year_budget", "year_forecast", "published_rating"}
    ),
    "milestone": frozenset(),
    "risk": frozenset(),
}
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
# name, months since the project's start, days that the forecast is later, done
MILESTONES = (
    ("Business case approved", -4, 0, True),
    ("Contract signed", -2, 0, True),
    ("Delivery complete", 3, 14, False),
    ("Go-live", 6, 14, False),
)
# title, likelihood, impact, response, months until it is due
RISKS = (
    ("Supplier delivers late", 3, 4, "Agree on penalties and a second source.", 2),
    ("Key people are not released for training", 4, 3, "Book backfill with the wards.", 1),
    ("Costs rise before the contract is signed", 2, 4, "Hold a contingency of 5 %.", 3),
)


def sample_columns(kind: RecordKind) -> list[Field]:
    """Return the fields that the sample has a column for."""
    return [field for field in kind.fields if field.name not in LEFT_OUT[kind.name]]


def meaning_of(kind: RecordKind, field: Field) -> tuple[str, str, str]:
    """Return what a column means, whether it is needed, and what may stand in it."""
    needed = "Required" if field.required else "Optional"
    if kind.name == "project" and field.name in {"unit", "stage"}:
        needed = "Required for new projects, here or for all rows at once"
    if kind.name == "risk" and field.name in {"likelihood", "impact"}:
        needed = "Required for new risks"
    return MEANINGS[kind.name][field.name], needed, _allowed(field)


def _allowed(field: Field) -> str:
    if field.kind is CellKind.CHOICE:
        return "One of: " + ", ".join(word for _, word in field.choices)
    if field.kind is CellKind.NUMBER:
        return f"A number from {field.lowest} to {field.highest}"
    return ALLOWED.get(field.kind, f"Text of at most {field.longest} letters")


def project_rows(today: date, units: list[str], manager: str) -> list[dict[str, Cell]]:
    """Return twelve projects in delivery around `today`, in the units given or in made-up ones."""
    rows: list[dict[str, Cell]] = []
    for place, line in enumerate(PROJECTS):
        code, name, unit, category, lane, color, percent = line[:7]
        since, until, late, budget, forecast, spent, sentence = line[7:]
        finish = months_from(today, until)
        approved = Decimal(budget) * 1000
        rows.append(
            {
                "code": code,
                "name": name,
                "unit": units[place % len(units)] if units else unit,
                "category": category,
                "lane": lane,
                "stage": "delivery",
                "manager": manager or None,
                "start_date": months_from(today, -since),
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


def milestone_rows(today: date, codes: list[str]) -> list[dict[str, Cell]]:
    """Return four milestones for each of the projects with these codes."""
    return [
        {
            "project": code,
            "name": name,
            "baseline_date": (planned := months_from(today, month)),
            "forecast_date": planned + timedelta(days=late),
            "actual_date": planned + timedelta(days=late) if is_done else None,
        }
        for code in codes
        for name, month, late, is_done in MILESTONES
    ]


def risk_rows(today: date, codes: list[str], owner: str) -> list[dict[str, Cell]]:
    """Return three risks for each of the projects with these codes."""
    return [
        {
            "project": code,
            "title": title,
            "kind": "threat",
            "likelihood": Decimal(likelihood),
            "impact": Decimal(impact),
            "response": response,
            "owner": owner or None,
            "due": months_from(today, month),
        }
        for code in codes
        for title, likelihood, impact, response, month in RISKS
    ]


def months_from(day: date, months: int) -> date:
    """Return the same day some months later or earlier, at most the 28th, so that each month has it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, 28))

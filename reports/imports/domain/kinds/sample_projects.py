"""Twelve projects of a hospital to start from, for the sample workbook."""

from datetime import timedelta
from decimal import Decimal

from reports.imports.domain.fields import SampleFor, SampleRow, months_later

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

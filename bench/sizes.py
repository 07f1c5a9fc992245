"""What the benchmark's hospital is made of: its day, how many of everything, and the dice of its weeks."""

from datetime import date

TODAY = date(2026, 11, 20)  # a Friday
WEEKS = 60
MANAGERS, UNITS_INSIDE, PORTFOLIOS = 150, 9, 4
MANAGED = 3  # projects of the manager who signs in
MILESTONES, RISKS, COSTS, UPDATES = 8, 3, 6, 4
# open at one time, however many projects there are
REQUESTS, COMMITTEES, SEATS, REVIEWS, GATES = 500, 20, 9, 200, 5
MESSAGES, PLANNED = 2, 30  # of each project, and of the one whose plan is looked at
SITES = ("North", "South", "East", "West", "Lakeside", "Riverbend", "Harbor", "Hillside")
DEPARTMENTS = (
    *("Emergency", "Surgery", "Intensive Care", "Medicine", "Imaging", "Laboratory"),
    *("Pharmacy", "Finance", "Information Technology"),
)
SUBJECTS = (
    *("Nurse call", "Bedside scanning", "Water safety", "Patient portal", "Imaging archive"),
    *("Sterile supply", "Parking", "Generator", "Payroll", "Telehealth", "Falls", "Sepsis alert"),
)
VERBS = ("renewal", "expansion", "consolidation", "pilot", "renovation", "audit", "upgrade")
BATCH = 2000
COMPARED = 2  # the last frozen weeks, which the variance report sets side by side
# share of 20 weeks in which a project was red, amber or silent
COLOR = (
    "CASE WHEN {n} < 2 THEN 'red' WHEN {n} < 6 THEN 'amber' WHEN {n} < 7 THEN 'none'"
    " ELSE 'green' END"
)
RANK = "CASE WHEN {n} < 2 THEN 0 WHEN {n} < 6 THEN 1 WHEN {n} < 7 THEN 2 ELSE 3 END"
DICE = "((project_id * 31 + (project_id / 7) * {week} + {week} * 17) % 20)"
# while a project ran, its forecasts were up to 15 % too low or 14 % too high, and up to 50 days too early
SAID = "CASE WHEN {ran} THEN forecast_cost * (85 + (project_id * 3 + {week}) % 30) / 100 ELSE forecast_cost END"

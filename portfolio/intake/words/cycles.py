"""The sentences of the pages of capital cycles, the replacement list and the rules of intake."""

from collections.abc import Sequence
from decimal import Decimal

from pmo.common.page.formats import counted, day, money, money_exact
from pmo.organization.current import money as currency
from portfolio.intake.domain.replacement import Sign
from portfolio.intake.models import CapitalCycle, ContingencyDraw
from portfolio.intake.selectors.capital import CycleFigures, Ranked

CYCLES = "Capital cycles"
ADD_CYCLE = "Add capital cycle"
EDIT_CYCLE = "Edit capital cycle"
SAVE_CYCLE = "Save capital cycle"
CYCLE_SAVED = "Capital cycle saved."
DRAW = "Draw on the contingency"
DRAWN = "Draw recorded."
REPLACEMENTS = "Replacement list"
ADD_REPLACEMENT = "Add asset"
EDIT_REPLACEMENT = "Edit asset"
SAVE_REPLACEMENT = "Save asset"
REPLACEMENT_SAVED = "Asset saved."
REPLACEMENT_ASKED = "Draft made from the list. Complete and submit it."
RULES = "Rules of intake"
SAVE_RULES = "Save rules"
RULES_SAVED = "Rules saved. Clocks that run keep the day they were given."
DATE_LABELS = {
    "call_on": "Call for requests",
    "lists_due_on": "Three-year lists due",
    "cases_due_on": "Business cases due",
    "committees_on": "Category committees",
    "board_on": "Board",
    "letters_on": "Letters of approval",
}
SIGNS = {
    Sign.COSTLY: "service is costly",
    Sign.UNSUPPORTED: "support ended",
    Sign.OUTDATED: "standard of care moved on",
    Sign.FAILING: "fails more than its fleet",
}


def cycle_lede(figures: CycleFigures) -> str:
    """Say what is left for emergencies, of how much."""
    left, whole = money(figures.left, currency()), money(figures.contingency, currency())
    if not figures.drawn:
        return f"The contingency of {whole} is untouched."
    return f"{left} of the contingency of {whole} is left for emergencies."


def paid(draw: ContingencyDraw) -> str:
    """Say what was drawn for a request already, which is not drawn twice."""
    sum_of_it = money_exact(draw.amount, currency())
    return f"The contingency paid {sum_of_it} for this request on {day(draw.drawn_on)}."


def cycle_facts(cycle: CapitalCycle, figures: CycleFigures) -> list[tuple[str, str]]:
    def said(value: Decimal) -> str:
        return money(value, currency())

    return [
        ("Envelope", said(cycle.envelope)),
        ("Contingency", said(figures.contingency)),
        ("Drawn", said(figures.drawn)),
        ("Left", said(figures.left)),
        ("Capital asked for, estimated", said(figures.asked)),
        ("of that accepted", said(figures.accepted)),
    ]


def replacements_lede(rows: Sequence[Ranked]) -> str:
    """Say how many are due by their signs."""
    if not rows:
        return "Nothing is on the list yet."
    due = sum(row.is_due for row in rows)
    if not due:
        return "Nothing on the list is due to be replaced by its signs."
    return counted(
        due,
        f"1 of {len(rows):,} on the list is due to be replaced.",
        f"{{n}} of {len(rows):,} on the list are due to be replaced.",
    )


def signs_said(signs: Sequence[Sign]) -> str:
    """Name what speaks for replacing."""
    return ", ".join(SIGNS[sign] for sign in signs)


def replace_title(name: object) -> str:
    """Return the title of a request made from the list."""
    return f"Replace {name}"[:160]

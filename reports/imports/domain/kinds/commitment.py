"""Commitments, as purchase orders are exported: the fields, and what tells one from another."""

from collections.abc import Mapping
from decimal import Decimal

from reports.imports.domain.fields import (
    CellKind,
    Field,
    RecordKind,
    RowKey,
    SampleFor,
    SampleRow,
    months_later,
)
from reports.imports.domain.kinds.money_fields import (
    CATEGORY,
    COST_CENTER,
    LEDGER,
    PROJECT_CODE,
    SUPPLIER,
    said_of,
)

# months since, category, supplier, text, amount
ORDERS = (
    (-4, "Equipment", "Siemens Healthineers", "Scanner and installation", "1450000.00"),
    (-2, "Construction", "Harbor Builders", "Shielding and power supply", "310000.00"),
)


def commitment_rows(start: SampleFor) -> list[SampleRow]:
    """Return two purchase orders for each of the projects with these codes."""
    return [
        {
            "project": code,
            "number": f"{4500001000 + 10 * place + number}",
            "item": "10",
            "supplier": supplier,
            "text": text,
            "date": months_later(start.today, months),
            "amount": Decimal(amount),
            "category": category,
        }
        for place, code in enumerate(start.codes)
        for number, (months, category, supplier, text, amount) in enumerate(ORDERS, start=1)
    ]


def identity(values: Mapping[str, object]) -> RowKey:
    """Return what an order is known by: its number and line."""
    return RowKey(tuple(said_of(values, name) for name in ("ledger", "number", "item")))


COMMITMENT = RecordKind(
    name="commitment",
    label="Commitments",
    key=("ledger", "number", "item"),
    purpose="Purchase orders and contracts; actual costs may be paid against them.",
    rows=commitment_rows,
    identify=identity,
    fields=(
        PROJECT_CODE,
        COST_CENTER,
        Field(
            "number",
            "Number",
            meaning="The number of the purchase order. A second import finds it again by it.",
            required=True,
            longest=60,
            may_be=("order", "document", "reference", "ref"),
            aliases=(
                "po number",
                "po",
                "po no",
                "po #",
                "purchase order",
                "purchase order number",
                "purchasing document",
                "purch doc",
                "order number",
                "contract number",
                "contract",
                "commitment number",
                "document number",
                "ref document number",
                "encumbrance number",
            ),
        ),
        Field(
            "item",
            "Line",
            meaning="The line of the order, where each is a commitment of its own.",
            longest=20,
            may_be=("item", "line item"),
            aliases=(
                "po line",
                "po line number",
                "line number",
                "line no",
                "purchase order line",
                "order line",
                "po item",
                "item number",
            ),
        ),
        SUPPLIER,
        Field(
            "text",
            "Text",
            meaning="What was ordered. It is kept in the note.",
            may_be=("description", "item"),
            aliases=(
                "item description",
                "short text",
                "line description",
                "item text",
                "order description",
                "po description",
                "goods or service",
            ),
        ),
        Field(
            "date",
            "Date",
            CellKind.DATE,
            meaning="The day on which it was ordered or signed.",
            required=True,
            may_be=("posting date", "start date"),
            aliases=(
                "order date",
                "po date",
                "document date",
                "doc date",
                "purchase order date",
                "contract date",
                "date ordered",
                "ordered on",
                "signed on",
                "commitment date",
                "encumbrance date",
            ),
        ),
        Field(
            "amount",
            "Amount",
            CellKind.MONEY,
            meaning="What was ordered in all, with what is paid already.",
            needed="Required",
            may_be=("value", "total", "cost"),
            varies=True,
            aliases=(
                "order amount",
                "po amount",
                "order value",
                "net order value",
                "net value",
                "ordered amount",
                "amount ordered",
                "committed amount",
                "commitment amount",
                "contract value",
                "contract amount",
                "line amount",
                "extended amount",
                "encumbered amount",
                "total amount",
            ),
        ),
        CATEGORY,
        LEDGER,
    ),
)

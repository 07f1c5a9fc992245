"""Actual costs as the finance system's ledger exports them: the fields, and what tells one posting from another."""

from collections.abc import Mapping
from datetime import date
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

AMOUNT = "Required, or debit and credit"
# months since, category, supplier, text, amount
POSTINGS = (
    (-3, "Equipment", "Siemens Healthineers", "Deposit", "120000.00"),
    (-2, "Construction", "Harbor Builders", "Progress claim 1", "86450.25"),
    (-1, "Equipment", "Siemens Healthineers", "Credit note", "-4200.00"),
)


def cost_rows(start: SampleFor) -> list[SampleRow]:
    """Return three postings for each of the projects with these codes."""
    return [
        {
            "project": code,
            "date": months_later(start.today, months),
            "amount": Decimal(amount),
            "category": category,
            "supplier": supplier,
            "text": text,
            "document": f"{1900000100 + place}",
            "item": str(number),
        }
        for place, code in enumerate(start.codes)
        for number, (months, category, supplier, text, amount) in enumerate(POSTINGS, start=1)
    ]


def amount_of(values: Mapping[str, object]) -> Decimal | None:
    """Return what a posting costs: its amount by its side, or debit less credit; None where it says neither."""
    amount, side = values.get("amount"), values.get("side")
    if isinstance(amount, Decimal):
        return -abs(amount) if side == "credit" else amount
    debit, credit = values.get("debit"), values.get("credit")
    if not isinstance(debit, Decimal) and not isinstance(credit, Decimal):
        return None
    plus = debit if isinstance(debit, Decimal) else Decimal()
    # some ledgers write what is credited with a minus in its own column
    return plus - (abs(credit) if isinstance(credit, Decimal) else Decimal())


def identity(values: Mapping[str, object]) -> RowKey:
    """
    Return what a posting is known by: its document's number and line.

    Lines of a document without numbers of their own are counted within their project and account. Without
    a document it is all that the row says, counted, so that two equal postings are two and stay two.
    """
    document, item = said_of(values, "document"), said_of(values, "item")
    ledger = said_of(values, "ledger")
    place = said_of(values, "project") or said_of(values, "cost_center")
    if document and item:
        return RowKey((ledger, document, item, said_of(values, "fiscal_year")))
    if document:
        year = said_of(values, "fiscal_year")
        parts = (ledger, document, "", year, place, said_of(values, "category"))
        return RowKey(parts, may_repeat=True)
    day, amount = values.get("date"), amount_of(values)
    said = (
        day.isoformat() if isinstance(day, date) else "",
        "" if amount is None else f"{amount:.2f}",
        *(said_of(values, name) for name in ("category", "supplier", "text")),
    )
    return RowKey((ledger, "", place, *said), may_repeat=True)


COST = RecordKind(
    name="cost",
    label="Actual costs",
    key=("ledger", "document", "item"),
    purpose="Postings of the finance system's ledger, each once however often they are sent.",
    rows=cost_rows,
    identify=identity,
    fields=(
        PROJECT_CODE,
        COST_CENTER,
        Field(
            "date",
            "Posting date",
            CellKind.DATE,
            meaning="The day on which the ledger books it.",
            required=True,
            may_be=("document date", "invoice date", "doc date", "transaction date", "entry date"),
            aliases=(
                "posting date",
                "date",
                "pstng date",
                "post date",
                "posted date",
                "posted on",
                "gl date",
                "accounting date",
                "expenditure item date",
                "ei date",
                "effective date",
                "transaction date",
                "journal date",
                "date posted",
                "booking date",
            ),
        ),
        Field(
            "amount",
            "Amount",
            CellKind.MONEY,
            meaning="What was posted. A credit is negative.",
            needed=AMOUNT,
            may_be=("value", "cost", "total"),
            varies=True,
            aliases=(
                "posted amount",
                "amount in local currency",
                "amount in lc",
                "amt in loc cur",
                "amount in company code currency",
                "val in rep cur",
                "value in rep cur",
                "value in obj crcy",
                "val coarea crcy",
                "value coarea crcy",
                "transaction amount",
                "tran amount",
                "base amount",
                "net amount",
                "actual amount",
                "actual cost",
                "burdened cost",
                "raw cost",
                "ledger amount",
                "line amount",
                "journal line amount",
                "translated amount",
                "functional amount",
                "accounted amount",
            ),
        ),
        Field(
            "side",
            "Debit or credit",
            CellKind.CHOICE,
            meaning="Only where credits have no minus of their own.",
            choices=(("debit", "Debit"), ("credit", "Credit")),
            spellings={
                **dict.fromkeys(("s", "d", "dr", "db"), "debit"),
                **dict.fromkeys(("h", "c", "cr", "k"), "credit"),
            },
            aliases=(
                "debit/credit",
                "d/c",
                "dr/cr",
                "debit/credit ind",
                "debit/credit indicator",
                "d/c indicator",
                "dc indicator",
                "debit credit indicator",
            ),
            in_sample=False,
        ),
        Field(
            "debit",
            "Debit",
            CellKind.MONEY,
            meaning="Instead of an amount: what was debited.",
            varies=True,
            aliases=(
                "debit amount",
                "ledger debit amount",
                "accounted dr",
                "entered dr",
                "debits",
                "dr amount",
            ),
            in_sample=False,
        ),
        Field(
            "credit",
            "Credit",
            CellKind.MONEY,
            meaning="Instead of an amount: what was credited.",
            varies=True,
            aliases=(
                "credit amount",
                "ledger credit amount",
                "accounted cr",
                "entered cr",
                "credits",
                "cr amount",
            ),
            in_sample=False,
        ),
        CATEGORY,
        SUPPLIER,
        Field(
            "text",
            "Text",
            meaning="What it was for. It is kept in the note.",
            may_be=("description", "memo", "comment", "name"),
            aliases=(
                "item text",
                "posting text",
                "line description",
                "journal line memo",
                "line memo",
                "document header text",
                "transaction description",
                "journal description",
                "expenditure comment",
                "line item text",
                "reference text",
                "memo",
                "narration",
            ),
        ),
        Field(
            "document",
            "Document number",
            meaning="The number of the posting. A second import finds the posting again by it.",
            longest=60,
            may_be=("reference", "invoice", "invoice number", "number", "ref"),
            aliases=(
                "document no",
                "doc number",
                "doc no",
                "documentno",
                "ref document number",
                "ref doc no",
                "journal number",
                "journal nbr",
                "journal nbr",
                "journal",
                "journal id",
                "journal entry",
                "je number",
                "voucher",
                "voucher number",
                "voucher id",
                "transaction number",
                "transaction id",
                "trans num",
                "expenditure item id",
                "posting id",
                "control group",
            ),
        ),
        Field(
            "item",
            "Document line",
            meaning="The line of the posting in its document.",
            longest=20,
            may_be=("line", "item"),
            aliases=(
                "line item",
                "posting row",
                "posting line item",
                "item number",
                "itm",
                "line no",
                "line number",
                "line nbr",
                "journal line",
                "journal line number",
                "distribution line",
                "distribution line number",
                "sequence number",
                "seq number",
            ),
        ),
        Field(
            "fiscal_year",
            "Fiscal year of the document",
            meaning="Only where document numbers begin anew each year.",
            longest=12,
            aliases=("fiscal year", "fy", "year", "document year"),
            in_sample=False,
        ),
        LEDGER,
        Field(
            "commitment",
            "Purchase order",
            meaning="The number of a commitment in Rounds that this was paid against.",
            longest=60,
            may_be=("order", "contract"),
            aliases=(
                "purchase order",
                "po",
                "po number",
                "po no",
                "purchasing document",
                "purch doc",
                "purchase order number",
                "po #",
                "contract number",
                "commitment",
                "commitment number",
            ),
            in_sample=False,
        ),
        Field(
            "commitment_item",
            "Purchase order line",
            meaning="The line of that purchase order, where its lines are commitments of their own.",
            longest=20,
            aliases=(
                "po line",
                "po line number",
                "purchase order line",
                "purchasing document item",
                "po item",
                "purchase order item",
            ),
            in_sample=False,
        ),
        Field(
            "balance",
            "Ledger total of the project",
            CellKind.MONEY,
            meaning="What the ledger says that the project cost in all. It is compared and not written.",
            varies=True,
            adds_up=False,
            aliases=(
                "project to date",
                "ptd",
                "ptd amount",
                "inception to date",
                "itd",
                "itd amount",
                "life to date",
                "ledger total",
                "control total",
                "project total",
            ),
            in_sample=False,
        ),
    ),
)

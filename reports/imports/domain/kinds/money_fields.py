"""What the kinds of money share: which project and line a row is about, and what it is known by elsewhere."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from reports.imports.domain.fields import BELONGS_TO, Field

EITHER = "Required, or the cost center"
LONGEST_ID = 120


def source_of(key: tuple[str, ...]) -> tuple[str, str]:
    """Return the source and the name there under which a record is kept, out of its row's key."""
    ledger, *parts = key
    named = "|".join(part.replace("|", "||") for part in parts)
    if not parts[0] or len(named) > LONGEST_ID:
        named = "=" + hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return ledger, named


def number_of(source_id: str) -> tuple[str, str]:
    """Return number and line of what is kept under a name like this."""
    number, _, item = source_id.partition("|")
    return number, item


def said_of(values: Mapping[str, object], name: str) -> str:
    return " ".join(str(values.get(name, "")).split()).casefold()


PROJECT_CODE = replace(
    BELONGS_TO,
    required=False,
    needed=EITHER,
    aliases=(
        *BELONGS_TO.aliases,
        "wbs element",
        "wbs",
        "project definition",
        "project #",
        "project ref",
        "capital project",
        "capital project number",
        "activity code",
        "activity",
        "grant",
    ),
)
COST_CENTER = Field(
    "cost_center",
    "Cost center",
    meaning="The cost center of a budget line in Rounds. It finds the project and the line.",
    needed="Required, or the project code",
    longest=40,
    may_be=("department", "dept", "accounting unit description", "org"),
    aliases=(
        "cost centre",
        "cost ctr",
        "costcenter",
        "cost center code",
        "cost center number",
        "cost center id",
        "cost centre code",
        "accounting unit",
        "acct unit",
        "dept id",
        "deptid",
        "department code",
        "department number",
        "responsibility center",
        "cctr",
    ),
)
LEDGER = Field(
    "ledger",
    "Ledger or company code",
    meaning="Only where several ledgers number their documents alike.",
    longest=40,
    may_be=("company", "entity", "business unit"),
    aliases=(
        "company code",
        "cocd",
        "co code",
        "ledger",
        "ledger name",
        "gl business unit",
        "legal entity",
        "operating unit",
    ),
    in_sample=False,
)
CATEGORY = Field(
    "category",
    "Category or account",
    meaning="The category of a budget line, where it is the same. Other accounts are booked on no line.",
    may_be=("type", "class", "object", "description"),
    aliases=(
        "budget line",
        "budget category",
        "cost category",
        "spend category",
        "expenditure type",
        "expenditure category",
        "account category",
        # a name is likelier a category than a number
        "account description",
        "account name",
        "gl account name",
        "cost element name",
        "cost element descr",
        "cost element description",
        "account",
        "ledger account",
        "gl account",
        "g/l account",
        "cost element",
        "natural account",
        "account code",
        "account number",
    ),
)
SUPPLIER = Field(
    "supplier",
    "Supplier",
    meaning="Who was paid. It is kept in the note.",
    longest=120,
    may_be=("payee", "name"),
    aliases=(
        "supplier name",
        "vendor name",
        "vendor",
        "name of offsetting account",
        "offsetting account name",
        "creditor",
        "contractor",
        "payee name",
        "supplier as worktag",
    ),
)

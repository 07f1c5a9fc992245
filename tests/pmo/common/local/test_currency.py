"""A currency on either side of an amount, wherever amounts are written or read."""

import pickle
from decimal import Decimal
from zipfile import ZipFile

import pytest

from pmo.common.local.currency import OFFERED, Currency, currency
from pmo.common.page import formats, sheets
from pmo.common.page.forms import MoneyInput
from pmo.common.page.sheets import ColumnKind, Sheet, SheetColumn
from pmo.organization.current import hold
from pmo.organization.models import Organization
from projects.charts import YearBar
from projects.words.money_charts import years_chart
from reports.charts import unit_of

BEHIND = Currency("€", after=True)
SPACE = formats.NARROW
MILLION = Decimal(3_312_400)


@pytest.mark.parametrize(
    ("money", "short", "exact"),
    [
        (Currency("$"), "$3.3M", "$3,312,400"),
        (Currency("CA$"), "CA$3.3M", "CA$3,312,400"),
        (Currency("CHF"), f"CHF{SPACE}3.3M", f"CHF{SPACE}3,312,400"),
        (Currency("Fr."), f"Fr.{SPACE}3.3M", f"Fr.{SPACE}3,312,400"),
        (BEHIND, f"3.3M{SPACE}€", f"3,312,400{SPACE}€"),
        (Currency("CHF", after=True), f"3.3M{SPACE}CHF", f"3,312,400{SPACE}CHF"),
    ],
)
def test_an_amount_stands_beside_its_currency(money, short, exact):
    assert formats.money(MILLION, money) == short
    assert formats.money_exact(MILLION, money) == exact
    assert formats.signed_money(-MILLION, money) == f"{formats.MINUS}{short}"


def test_a_currency_keeps_its_side_in_a_cache():
    kept = pickle.loads(pickle.dumps(BEHIND))  # noqa: S301 - what this line made itself

    assert (kept, kept.after) == ("€", True)


def test_the_organization_s_is_asked_each_time():
    hold(Organization(currency="kr", currency_after=True))

    assert (currency(), currency().after) == ("kr", True)


@pytest.mark.parametrize(
    ("money", "ticks", "title"),
    [
        (Currency("$"), {"tickprefix": "$", "ticksuffix": "M"}, "$ million"),
        (BEHIND, {"tickprefix": "", "ticksuffix": f"M{SPACE}€"}, "million €"),
    ],
)
def test_an_axis_is_written_as_amounts_are(money, ticks, title):
    bar = YearBar(label="FY2026/27", budget=MILLION, spent=MILLION, forecast=None, final=None)

    axis = years_chart([bar], currency=money).figure["layout"]["yaxis"]

    assert axis == ticks | {"rangemode": "tozero"}
    assert unit_of([MILLION], money)[1] == title


def typed(text, money):
    return MoneyInput(currency=money).value_from_datadict({"x": text}, {}, "x")


@pytest.mark.parametrize("known", OFFERED)
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("amount", [Decimal(9500), Decimal(670_000), Decimal(-50_000), 10**10])
def test_a_field_reads_amounts_as_pages_write_them(known, after, amount):
    money = Currency(known.sign, after=after)

    assert Decimal(typed(formats.money(amount, money), money)) == amount
    assert Decimal(typed(formats.money_exact(amount, money), money)) == amount


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("$5", "5"),
        ("5 $", "5"),
        ("-$ 5", "-5"),
        ("$-5", "-5"),
        ("£5", "£5"),
        ("5 $ 6", "5 $ 6"),
        ("$$5", "$5"),
    ],
)
def test_a_field_takes_its_own_sign_from_either_end_and_nothing_else(text, plain):
    assert typed(text, Currency("$")) == plain


@pytest.mark.parametrize(
    ("money", "html"),
    [
        (Currency("$"), '<span class="money"> <span aria-hidden="true">$</span> <input'),
        (BEHIND, '<span class="money"> <input'),
    ],
)
def test_a_field_shows_the_sign_on_its_side(money, html):
    drawn = " ".join(MoneyInput(currency=money).render("x", None).split())

    assert drawn.startswith(html)
    assert drawn.endswith('<span aria-hidden="true">€</span> </span>') == money.after


@pytest.mark.parametrize(
    ("money", "written"),
    [
        (Currency("$"), '"$"#,##0.00'),
        (Currency("CHF"), f'"CHF{SPACE}"#,##0.00'),
        (BEHIND, f'#,##0.00"{SPACE}€"'),
    ],
)
def test_a_workbook_writes_amounts_in_it(money, written):
    sheet = Sheet("Money", (SheetColumn("Spent", ColumnKind.MONEY),), [(Decimal("5.20"),)])

    assert sheets.money_format(money) == written
    with sheets.workbook([sheet], money) as file, ZipFile(file) as parts:
        styles = parts.read("xl/styles.xml").decode()
    assert written.replace('"', "&quot;") in styles

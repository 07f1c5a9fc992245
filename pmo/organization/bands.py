"""
From where on a project's figures are amber or red: the organization's own numbers, and known sets.

Plain values without Django. Shares are in percent, of the planned duration or the approved budget.
What is measured with them, and how, is the business of the apps above.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any

MOST_SHARE = Decimal(100)
MOST_WORKING_DAYS = 60
LEAST_STALE_DAYS, MOST_STALE_DAYS = 1, 90
# grades of a risk's score, best first
GRADES = {"low": "Low", "moderate": "Moderate", "high": "High", "extreme": "Extreme"}
AMBER_GRADES, RED_GRADES = ("moderate", "high"), ("high", "extreme")
OWN = "own"  # no set that is known: the organization's own numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """Green up to a share and up to a number of working days, red above a share, amber between."""

    schedule_green: Decimal = Decimal(5)
    schedule_amber: Decimal = Decimal(10)
    schedule_days: int = 10
    cost_green: Decimal = Decimal(5)
    cost_amber: Decimal = Decimal(10)
    risk_amber: str = "high"
    risk_red: str = "extreme"
    stale_days: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A set of bands that is known by a name, and a sentence on what it does."""

    name: str
    about: str
    bands: Bands


PRESETS: dict[str, Preset] = {
    "default": Preset(
        name="Rounds’ own",
        about="Green up to 5% late or over budget and up to 10 working days late, red above 10%.",
        bands=Bands(),
    ),
    "federal": Preset(
        name="US federal IT dashboard",
        about="Green up to 10% and up to 30 days late (21 working days), red above 30%.",
        bands=Bands(
            schedule_green=Decimal(10),
            schedule_amber=Decimal(30),
            schedule_days=21,
            cost_green=Decimal(10),
            cost_amber=Decimal(30),
        ),
    ),
    "fema": Preset(
        name="FEMA index bands",
        about=(
            "Indices of 0.95 and 0.90: green up to 5.3% and up to 60 working days late, red above 11.1%."
            " FEMA colors early and under budget too; here they stay green."
        ),
        bands=Bands(
            schedule_green=Decimal("5.3"),
            schedule_amber=Decimal("11.1"),
            schedule_days=MOST_WORKING_DAYS,
            cost_green=Decimal("5.3"),
            cost_amber=Decimal("11.1"),
        ),
    ),
}
IN_PRESETS = (
    *("schedule_green", "schedule_amber", "schedule_days"),
    *("cost_green", "cost_amber"),
)
SHARES = ("schedule_green", "schedule_amber", "cost_green", "cost_amber")
DAYS = ("schedule_days", "stale_days")
NAMES = tuple(field.name for field in fields(Bands))


def bands_of(stored: Mapping[str, Any]) -> Bands:
    """Read what is kept; what it does not name is as in release 0.1. Raises ValueError if it is none."""
    if unknown := sorted(set(stored) - set(NAMES)):
        raise ValueError(f"There is no band “{unknown[0]}”.")
    values: dict[str, Any] = dict(stored)
    try:
        for name in SHARES:
            if name in values:
                values[name] = Decimal(str(values[name]))
        for name in DAYS:
            if name in values:
                values[name] = int(values[name])
    except (InvalidOperation, TypeError, ValueError) as error:
        raise ValueError("A band is a number.") from error
    return Bands(**values)


def stored_of(bands: Bands) -> dict[str, Any]:
    """Write bands for keeping; nothing where the defaults hold."""
    if bands == Bands():
        return {}
    return {
        name: f"{value.normalize():f}" if isinstance(value, Decimal) else value
        for name, value in asdict(bands).items()
    }


def preset_of(bands: Bands) -> str:
    """Return the key of the set that the numbers of schedule and cost are, or OWN."""
    for key, preset in PRESETS.items():
        if preset_values(preset.bands) == preset_values(bands):
            return key
    return OWN


def preset_values(bands: Bands) -> dict[str, Any]:
    """Return what a set decides: schedule and cost. Risk and stale reports are apart."""
    return {name: getattr(bands, name) for name in IN_PRESETS}


def faults_of(bands: Bands) -> dict[str, str]:
    """Return what is wrong with the numbers, band by band, in sentences."""
    faults: dict[str, str] = {}
    for axis in ("schedule", "cost"):
        green, amber = getattr(bands, f"{axis}_green"), getattr(bands, f"{axis}_amber")
        if not _is_share(green):
            faults[f"{axis}_green"] = SHARE
        if not _is_share(amber):
            faults[f"{axis}_amber"] = SHARE
        elif _is_share(green) and green >= amber:
            faults[f"{axis}_amber"] = (
                "Red has to begin above where green ends: give a larger share."
            )
    if not 0 <= bands.schedule_days <= MOST_WORKING_DAYS:
        faults["schedule_days"] = f"Give 0 to {MOST_WORKING_DAYS} working days."
    if not LEAST_STALE_DAYS <= bands.stale_days <= MOST_STALE_DAYS:
        faults["stale_days"] = f"Give {LEAST_STALE_DAYS} to {MOST_STALE_DAYS} days."
    if bands.risk_amber not in AMBER_GRADES:
        faults["risk_amber"] = "Choose moderate or high."
    if bands.risk_red not in RED_GRADES:
        faults["risk_red"] = "Choose high or extreme."
    elif bands.risk_amber == bands.risk_red and "risk_amber" not in faults:
        faults["risk_red"] = "Red has to begin at a higher grade than amber."
    return faults


SHARE = "Give a share above 0% and up to 100%, with at most one decimal place."


def _is_share(value: Decimal) -> bool:
    return value.is_finite() and 0 < value <= MOST_SHARE and value == round(value, 1)

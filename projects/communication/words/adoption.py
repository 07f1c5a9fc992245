"""The sentences about how a go-live is taken up."""

from collections.abc import Sequence
from datetime import date

from pmo.common.page.charts import Chart, Column
from pmo.common.page.formats import DASH, day, number, percent
from projects.communication.charts import adoption_figure
from projects.communication.domain.adoption import due_days
from projects.communication.selectors.adoption import GoLive, Read

ADOPTION = "Adoption"
ADD_READING = "Record adoption"
EDIT_READING = "Edit adoption"
SAVE_READING = "Save adoption"
READING_ADDED = "Adoption recorded."
READING_SAVED = "Adoption saved."
NO_GO_LIVE = "Adoption is read once a go-live is done: on day 7, 30 and 90 after it."
FOOTNOTE = (
    "Counted by the systems, not by surveys. Active users of those licensed, passed of those due for"
    " training, units that work with it of those planned."
)


def adoption_lede(found: Sequence[GoLive], *, today: date) -> str:
    """Say the last reading of the latest go-live, and what has to be read now."""
    if not found:
        return NO_GO_LIVE
    latest = found[-1]
    waits = due_words(latest, today)
    if not latest.readings:
        return f"{latest.milestone} went live on {day(latest.went_live)}. {waits}".strip()
    last = latest.readings[-1]
    return f"{_said(latest, last)} {waits}".strip()


def _said(of: GoLive, read: Read) -> str:
    shares = (
        ("of licensed users are active", read.counts.active_share),
        ("of those due for training passed", read.counts.pass_share),
        ("of the planned units work with it", read.counts.unit_share),
    )
    known = [f"{percent(share, 0)} {words}" for words, share in shares if share is not None]
    said = "; ".join(known) if known else "no share can be counted"
    return f"{of.milestone}, day {read.day}: {said}."


def due_words(of: GoLive, today: date) -> str:
    """Say which day has to be read now; empty where none has."""
    missing = [
        (number, at)
        for number, at in due_days(of.went_live)
        if at <= today and number not in {read.day for read in of.readings}
    ]
    if not missing:
        return ""
    first, at = missing[0]
    return f"Day {first} was {day(at)} and is not recorded."


def adoption_chart(of: GoLive) -> Chart:
    """Return the shares of one go-live with their sentence and table."""
    days = [f"Day {read.day}" for read in of.readings]
    series = (
        ("Active users", "accent", [read.counts.active_share for read in of.readings]),
        ("Passed training", "flat", [read.counts.pass_share for read in of.readings]),
        ("Units", "under", [read.counts.unit_share for read in of.readings]),
    )
    return Chart(
        key=f"adoption-{of.milestone.pk}",
        title=_said(of, of.readings[-1]).rstrip(".") if of.readings else str(of.milestone),
        sentence=_said(of, of.readings[-1]) if of.readings else "",
        figure=adoption_figure(days, series) if of.readings else None,
        columns=[
            Column(label="Day"),
            Column(label="Measured on"),
            *(
                Column(label=label, is_number=True)
                for label in (
                    "Active",
                    "Licensed",
                    "Active share",
                    "Passed",
                    "Assigned",
                    "Pass share",
                    "Tickets",
                    "Tickets per 100 users",
                    "Workarounds",
                    "Units live",
                    "Units planned",
                    "Unit share",
                )
            ),
            Column(label="Source"),
        ],
        rows=[_row(read) for read in of.readings],
        footnote=FOOTNOTE,
        reason="Nothing is recorded yet.",
    )


def _row(read: Read) -> list[str]:
    counts = read.counts
    per_100 = counts.tickets_per_100
    return [
        f"Day {read.day}",
        day(read.reading.measured_on),
        _count(counts.active),
        _count(counts.licensed),
        _share(counts.active_share),
        _count(counts.passed),
        _count(counts.assigned),
        _share(counts.pass_share),
        _count(counts.tickets),
        DASH if per_100 is None else number(per_100, 1),
        _count(counts.workarounds),
        _count(counts.units_live),
        _count(counts.units_planned),
        _share(counts.unit_share),
        str(read.reading.source),
    ]


def _count(value: int | None) -> str:
    return DASH if value is None else number(value)


def _share(value: float | None) -> str:
    return DASH if value is None else percent(value, 1)

"""The sentences about stakeholders: the grid, the gaps, and who talks to whom."""

from collections.abc import Sequence

from pmo.common.page.charts import Chart, Column
from pmo.common.page.formats import count, counted, day, listing
from projects.communication.charts import GridDot, grid_figure
from projects.communication.domain.grid import TREATMENTS, spots, treatment
from projects.communication.selectors.stakeholders import StakeholderCounts, StakeholderStanding
from projects.models import Stakeholder

COMMUNICATION = "Communication"
STAKEHOLDERS = "Stakeholders"
MESSAGES = "Messages"
REGISTER = "Stakeholder register"
ADD_GROUP = "Add group"
EDIT_GROUP = "Edit group"
SAVE_GROUP = "Save group"
GROUP_ADDED = "Group added to the register."
GROUP_SAVED = "Group saved."
GROUP_REMOVED = "Group removed from the register."
REMOVE_GROUP = "Remove group"
REMOVE_NOTE = (
    "What it said stays in the audit trail. A group that a project names cannot be removed."
)
NAMED = 3  # as many names in a sentence; the rest is a number
FOOTNOTE = (
    "The number of each dot is its row in the table. Its outline is red for a powerful stakeholder who is"
    " resistant, amber where engagement is not as wanted, and gray where it is."
)
NO_CONTACT = "No contact yet"


def remove_group_asked(group: object) -> str:
    return f"Remove {group} from the register?"


def names_of(names: Sequence[str]) -> str:
    """Say the first few names, and how many more there are."""
    if len(names) <= NAMED:
        return listing(names)
    return f"{', '.join(names[:NAMED])} and {len(names) - NAMED:,} more"


def grid_title(standings: Sequence[StakeholderStanding]) -> str:
    gaps = sum(one.stakeholder.needs_work for one in standings)
    if not standings:
        return "Stakeholders by power and interest"
    if not gaps:
        return "Every stakeholder stands as wanted"
    of = count(len(standings), "stakeholder")
    return counted(
        gaps, f"1 of {of} does not stand as wanted", f"{{n}} of {of} do not stand as wanted"
    )


def grid_sentence(standings: Sequence[StakeholderStanding]) -> str:
    """Say how many there are to treat in each of the four ways."""
    parts = [
        f"{sum(one.treatment is way for one in standings):,} to {way.label.lower()}"
        for way in TREATMENTS
        if any(one.treatment is way for one in standings)
    ]
    return f"{count(len(standings), 'stakeholder')}: {listing(parts)}."


def grid_chart(standings: Sequence[StakeholderStanding]) -> Chart:
    """Return the grid with its sentence and table."""
    places = spots((one.stakeholder.power, one.stakeholder.interest) for one in standings)
    dots = [
        GridDot(spot.number, str(one.stakeholder), spot.across, spot.up, _role(one))
        for one, spot in zip(standings, places, strict=True)
    ]
    return Chart(
        key="power-interest",
        title=grid_title(standings),
        sentence=grid_sentence(standings) if standings else "",
        figure=grid_figure(dots) if dots else None,
        columns=[
            Column(label=label)
            for label in ("No.", "Stakeholder", "Power", "Interest", "Treatment", "Now", "Wanted")
        ],
        rows=[_row(one) for one in standings],
        footnote=FOOTNOTE,
        is_numbered=True,
        reason="List who can help or stop the project, and whom it touches.",
    )


def _role(one: StakeholderStanding) -> str:
    if one.is_against:
        return "red"
    return "amber" if one.stakeholder.needs_work else "none"


def _row(one: StakeholderStanding) -> list[str]:
    who = one.stakeholder
    return [
        str(one.number),
        str(who),
        who.get_power_display(),
        who.get_interest_display(),
        one.treatment.label,
        who.get_engagement_display(),
        who.get_engagement_wanted_display(),
    ]


def actions_title(standings: Sequence[StakeholderStanding]) -> str:
    """Say how many actions close a gap, and how many of them are not settled."""
    gaps = [one for one in standings if one.stakeholder.needs_work]
    unsettled = sum(one.is_open_action for one in gaps)
    if not gaps:
        return "No action is needed"
    lead = counted(len(gaps), "1 action closes a gap", "{n} actions close the gaps")
    if not unsettled:
        return lead
    rest = counted(
        unsettled,
        "1 lacks words, a day or a person",
        "{n} lack words, a day or a person",
    )
    return f"{lead}; {rest}"


def way_of(one: StakeholderStanding) -> str:
    """Say how far somebody is from where they should stand."""
    far = count(abs(one.steps), "step")
    return f"{far} up" if one.steps > 0 else f"{far} down"


def action_of(one: StakeholderStanding) -> str:
    """Say what an action lacks; empty where nothing does."""
    who = one.stakeholder
    lacks = [
        word
        for word, has in (
            ("what is done", who.approach),
            ("a day", who.action_due),
            ("a person", who.lead_now),
        )
        if not has
    ]
    return f"Missing: {listing(lacks)}" if lacks else ""


def nobody_talks(standings: Sequence[StakeholderStanding]) -> str:
    """Name the powerful ones to whom nobody talks; empty where each has somebody."""
    alone = [str(one.stakeholder) for one in standings if one.has_nobody]
    if not alone:
        return ""
    return f"No contact yet for {names_of(alone)}, who can stop the project."


def against(standings: Sequence[StakeholderStanding]) -> str:
    """Name the powerful ones who are resistant; empty where none is."""
    found = [one.stakeholder for one in standings if one.is_against]
    if not found:
        return ""
    return f"High power and resistant: {names_of([str(one) for one in found])}."


def stakeholder_facts(one: Stakeholder) -> list[tuple[str, str]]:
    return [
        ("In the register as", str(one.group) if one.group else ""),
        ("Category", one.category_label),
        ("Who talks to them", str(one.lead_now) if one.lead_now else ""),
        ("Power", one.get_power_display()),
        ("Interest", one.get_interest_display()),
        ("Treatment", treatment(one.power, one.interest).label),
        ("Action", one.approach),
        ("Action by", day(one.action_due) if one.action_due else ""),
    ]


def stakeholders_lede(counts: StakeholderCounts) -> str:
    if not counts.total:
        return "No stakeholder is listed yet."
    lead = f"{count(counts.total, 'stakeholder')}."
    gaps = (
        counted(counts.gaps, "1 does not stand as wanted.", "{n} do not stand as wanted.")
        if counts.gaps
        else "Each stands as wanted."
    )
    parts = [lead, gaps]
    if counts.against:
        parts.append(
            counted(
                counts.against,
                "1 with high power is resistant.",
                "{n} with high power are resistant.",
            )
        )
    if counts.nobody:
        parts.append(
            counted(
                counts.nobody,
                "1 with high power has no contact yet.",
                "{n} with high power have no contact yet.",
            )
        )
    return " ".join(parts)


def stakeholders_color(counts: StakeholderCounts) -> str:
    """Return the color of the sentence: only what is bad has one."""
    if counts.against:
        return "red"
    return "amber" if counts.nobody else "none"

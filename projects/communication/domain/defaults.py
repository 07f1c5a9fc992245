"""
What a plan of communication starts from: who hears what, how, when (GOVERN 11, defaults).

T is the go-live. What has no offset begins on the day the plan is written. All of it is offered, nothing
is written before somebody says so.
"""

from typing import NamedTuple

from projects.communication.domain.timing import Cadence
from projects.domain.kinds import StakeholderCategory as To


class DefaultItem(NamedTuple):
    """`offset` and `until` are calendar days from the go-live, None where it does not hang on it."""

    code: str
    category: To
    message: str
    channel: str
    cadence: Cadence = Cadence.ONCE
    offset: int | None = None
    until: int | None = None
    is_offered: bool = True  # ticked at first


DEFAULTS = (
    DefaultItem(
        "BOARD",
        To.BOARD,
        "Where the project stands: benefits, money, what we ask",
        "mail",
        Cadence.QUARTERLY,
    ),
    DefaultItem(
        "EXEC",
        To.C_SUITE,
        "The weekly page: state, decisions, money",
        "mail",
        Cadence.WEEKLY,
    ),
    DefaultItem(
        "MEC",
        To.MEDICAL_STAFF,
        "Ten minutes on the agenda of the medical executive committee",
        "one_to_one",
        Cadence.MONTHLY,
    ),
    DefaultItem(
        "HUDDLE",
        To.NURSING,
        "Ward huddle: what changes today, whom to ask",
        "huddle",
        Cadence.DAILY,
        -14,
        14,
    ),
    DefaultItem(
        "TOWN60",
        To.CLINICAL_SERVICES,
        "Town hall 60 days before: why, what, when",
        "town_hall",
        offset=-60,
    ),
    DefaultItem(
        "TOWN30",
        To.CLINICAL_SERVICES,
        "Town hall 30 days before: training and help",
        "town_hall",
        offset=-30,
    ),
    DefaultItem(
        "TOWN7",
        To.CLINICAL_SERVICES,
        "Town hall 7 days before: the first day, hour by hour",
        "town_hall",
        offset=-7,
    ),
    DefaultItem(
        "NEWS",
        To.CLINICAL_SERVICES,
        "Newsletter: what is done, what is next, who helps",
        "newsletter",
        Cadence.FORTNIGHTLY,
    ),
    DefaultItem(
        "PATIENT", To.PATIENTS, "What changes at your visit, and whom to ask", "letter", offset=-30
    ),
    DefaultItem(
        "PAYER",
        To.PAYERS,
        "What changes in claims and authorizations, and from when",
        "letter",
        offset=-60,
    ),
    DefaultItem(
        "VENDOR", To.VENDORS, "Open items, dates, who does what", "one_to_one", Cadence.WEEKLY
    ),
    DefaultItem(
        "UNION",
        To.UNIONS,
        "Before any rota changes: what is planned, for whom, from when",
        "one_to_one",
        offset=-60,
        is_offered=False,
    ),
    DefaultItem(
        "CONSULT",
        To.REGULATORS,
        "United Kingdom: formal consultation before a service changes",
        "letter",
        offset=-90,
        is_offered=False,
    ),
)

"""What a manager says in a status update, field by field, in the order in which it is asked."""

from projects.domain.health import Axis

# typed by whoever writes the update: the form and the API take these, the draft keeps them
TYPED = (
    "overall",
    "overall_note",
    *(name for axis in Axis for name in (axis.value, axis.note)),
    "done",
    "next_steps",
    "help_needed",
    "help_from",
    "help_due",
    "percent_complete",
    "forecast_cost",
    "forecast_finish_date",
)
MILESTONE_DATES = "milestone_dates"
PUBLISHED_RATING = (
    "published_rating"  # in the words of whoever published it; imports alone bring it
)
# everything that a draft takes
DRAFTED = frozenset({*TYPED, MILESTONE_DATES, PUBLISHED_RATING})
# what stands in the records, too: of a correction only one for a past week takes it over
RECORDED = frozenset({"forecast_cost", "forecast_finish_date", MILESTONE_DATES})

"""The sentences of the pages of baselines."""

BASELINES_AND_CHANGES = "Baselines and changes"
SET_FIRST_BASELINE = "Set the first baseline"
FIRST_BASELINE_NOTE = (
    "The plan, the approved budget and the working days are frozen as they are now."
)
SET_BASELINE = "Set baseline"
BASELINE_SET = "Baseline set."
SET_ASIDE = "Change the reserves"
RESERVES_NOTE = "Contingency is for known risks, the management reserve for the unforeseen."
SAVE_RESERVE = "Save reserve"
RESERVE_CHANGED = "Reserve changed."
APPROVED_ON = "Approved on"


def baseline_title(number: int, project: object) -> str:
    return f"Baseline {number} of {project}"

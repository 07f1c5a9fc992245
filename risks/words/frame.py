"""The sentences that the registers share."""

RISKS_AND_ISSUES = "Risks and issues"

ADD = {"risk": "Add risk", "issue": "Add issue"}

"""What somebody who leaves answers for in the registers."""

RISKS = "Open risks"
ISSUES = "Open issues"

"""What somebody who leaves gets by mail."""

TITLE = "Documents by mail"

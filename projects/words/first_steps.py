"""What the list to the first summary tells of projects."""

NO_PROJECTS = (
    "No project is in Rounds yet. Bring the spreadsheet you already have: you see what would happen to"
    " every row, and nothing is written before you say so."
)
OFFICE_IMPORTS = "The PMO lead or an analyst of the office does this."
PROJECTS_THERE = "Projects are in Rounds."
IMPORT_SPREADSHEET = "Import a spreadsheet"
ADD_ONE_PROJECT = "Add one project"

"""What the list to the first summary tells of portfolios."""

NO_PORTFOLIO = (
    "A portfolio holds the projects that are reviewed and decided on together. One named"
    " “All projects” is enough to begin with."
)
BY_OFFICE = "The project office does this."
ADD_PROJECTS = "Add projects"
ADD_PORTFOLIO = "Add portfolio"


def portfolio_empty(name: object) -> str:
    return f"{name} has no projects yet. The summary is about the projects of a portfolio."

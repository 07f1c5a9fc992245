"""The sentences of the pages of portfolios."""

ADD_PORTFOLIO = "Add portfolio"
PORTFOLIO_ADDED = "Portfolio added. Add its projects next."
EDIT_PORTFOLIO = "Edit portfolio"
SAVE_PORTFOLIO = "Save portfolio"
PORTFOLIO_SAVED = "Portfolio saved."
OPEN_DASHBOARD = "Open the dashboard"
ADD_PROJECTS = "Add projects"


def project_added(project: object, portfolio: object) -> str:
    return f"{project} is in {portfolio} from today."


def project_removed(project: object, portfolio: object) -> str:
    return f"{project} left {portfolio} today."

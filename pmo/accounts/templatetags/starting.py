"""What a page says and offers while there is nothing yet that it could show."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse

from pmo.accounts import words
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can

register = template.Library()


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How the first records of a kind come in: from a table of which there is a sample, or one by one."""

    sample: str = ""  # the kind of table; "" when none is read
    sample_label: str = ""
    add: str = ""  # the page for one record, by its URL's name
    add_label: str = ""
    add_needs: Permission = Permission.IMPORT_RUN


STARTS = {
    "projects": Start(
        sample="project",
        sample_label=words.DOWNLOAD_SAMPLE_WITH_PROJECTS,
        add="projects:project_new",
        add_label=words.ADD_ONE_PROJECT,
        add_needs=Permission.PROJECT_CREATE,
    ),
    "milestones": Start(sample="milestone", sample_label=words.DOWNLOAD_SAMPLE_WITH_MILESTONES),
    "risks": Start(sample="risk", sample_label=words.DOWNLOAD_SAMPLE_WITH_RISKS),
    "portfolios": Start(
        add="portfolio:portfolio_new",
        add_label=words.ADD_PORTFOLIO,
        add_needs=Permission.PORTFOLIO_CHANGE,
    ),
    "programs": Start(
        add="projects:program_new",
        add_label=words.ADD_PROGRAM,
        add_needs=Permission.PROGRAM_CHANGE,
    ),
    "objectives": Start(
        add="portfolio:objective_new",
        add_label=words.ADD_OBJECTIVE,
        add_needs=Permission.OBJECTIVE_CHANGE,
    ),
    "funding": Start(
        add="projects:funding_source_new",
        add_label=words.ADD_FUNDING_SOURCE,
        add_needs=Permission.FUNDING_CHANGE,
    ),
    "calendars": Start(
        add="projects:calendar_new",
        add_label=words.ADD_CALENDAR,
        add_needs=Permission.CALENDAR_CHANGE,
    ),
}


@register.inclusion_tag("components/start.html", takes_context=True)
def starting(context: Context, kind: str, title: str, text: str) -> dict[str, Any]:
    """Say what the page is for, and offer what this reader may do to fill it; nothing to others."""
    start, user = STARTS[kind], context["request"].user
    may_import = bool(start.sample) and can(user, Permission.IMPORT_RUN).allowed
    may_add = bool(start.add) and can(user, start.add_needs).allowed
    return {
        "title": title,
        "text": text,
        "import_url": reverse("reports:import_list") if may_import else "",
        "add_url": reverse(start.add) if may_add else "",
        "add_label": start.add_label,
        "sample_url": reverse("reports:import_sample", args=[start.sample]) if may_import else "",
        "sample_label": start.sample_label,
        "is_reader": not (may_import or may_add),
        "request": context["request"],
    }

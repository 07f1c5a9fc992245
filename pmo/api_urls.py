from django.urls import include, path
from rest_framework.routers import SimpleRouter

from pmo.accounts import endpoints as accounts
from pmo.organization.desk import endpoints as organization
from pmo.organization.desk import status_api
from portfolio import api as portfolio
from portfolio.governance import api as governance
from portfolio.governance import api_gates as gates
from portfolio.intake.api import cycles as capital
from portfolio.intake.api import requests as intake
from portfolio.starts import api as starts
from projects.api import (
    changes,
    funding,
    plan,
    plan_imports,
    projects,
    status,
    tasks,
    variance,
)
from projects.communication import api as communication
from projects.project_templates import api as templates
from reports.api import documents, figures
from reports.audiences import api as audiences
from risks import api as risks

RESOURCES = {
    "organization": organization.OrganizationResource,
    "people": accounts.PersonResource,
    "units": accounts.UnitResource,
    "categories": status_api.CategoryResource,
    "status-rules": status_api.StatusRulesResource,
    "memberships": accounts.MembershipResource,
    "programs": projects.ProgramResource,
    "projects": projects.ProjectResource,
    "members": projects.MemberResource,
    "stakeholders": projects.StakeholderResource,
    "stakeholder-groups": communication.GroupResource,
    "communication-items": communication.ItemResource,
    "communication-sendings": communication.SendingResource,
    "adoption-readings": communication.AdoptionResource,
    "plan-imports": plan_imports.PlanImportResource,
    "milestones": plan.MilestoneResource,
    "tasks": tasks.TaskResource,
    "task-steps": tasks.TaskStepResource,
    "task-links": tasks.TaskLinkResource,
    "calendars": tasks.CalendarResource,
    "budget-lines": plan.BudgetLineResource,
    "cost-entries": plan.CostEntryResource,
    "forecast-entries": plan.ForecastEntryResource,
    "funding-sources": funding.FundingSourceResource,
    "month-forecasts": funding.MonthForecastResource,
    "baselines": changes.BaselineResource,
    "change-requests": changes.ChangeRequestResource,
    "reserve-movements": changes.ReserveMovementResource,
    "tolerances": changes.ToleranceResource,
    "variance-causes": variance.VarianceCauseResource,
    "status-updates": status.UpdateResource,
    "risks": risks.RiskResource,
    "issues": risks.IssueResource,
    "templates": templates.TemplateResource,
    "template-versions": templates.TemplateVersionResource,
    "lessons": templates.LessonResource,
    "starts": starts.StartResource,
    "start-items": starts.StartItemResource,
    "portfolios": portfolio.PortfolioResource,
    "portfolio-entries": portfolio.EntryResource,
    "color-validations": portfolio.ValidationResource,
    "gate-sets": gates.GateSetResource,
    "set-gates": gates.SetGateResource,
    "gates": gates.GateResource,
    "gate-evidence": gates.EvidenceResource,
    "gate-reviews": gates.GateReviewResource,
    "gate-holds": gates.GateHoldResource,
    "objectives": portfolio.ObjectiveResource,
    "alignments": portfolio.AlignmentResource,
    "requests": intake.RequestResource,
    "request-versions": intake.RequestVersionResource,
    "request-steps": intake.RequestStepResource,
    "request-items": intake.RequestItemResource,
    "capital-cycles": capital.CapitalCycleResource,
    "contingency-draws": capital.ContingencyDrawResource,
    "replacement-items": capital.ReplacementResource,
    "intake-rules": capital.IntakeRulesResource,
    "committees": governance.CommitteeResource,
    "committee-members": governance.SeatResource,
    "meetings": governance.MeetingResource,
    "agenda-items": governance.AgendaItemResource,
    "meeting-actions": governance.MeetingActionResource,
    "minutes": governance.MinutesResource,
    "decisions": governance.DecisionResource,
    "conditions": governance.ConditionResource,
    "snapshots": figures.SnapshotResource,
    "freezes": documents.FreezeResource,
    "summaries": documents.SummaryResource,
    "audience-texts": audiences.AudienceTextResource,
    "variance-reports": documents.VarianceResource,
    "jobs": figures.JobResource,
    "audit-events": figures.EventResource,
}

router = SimpleRouter()
for name, resource in RESOURCES.items():
    router.register(name, resource, basename=name)

app_name = "api"
urlpatterns = [path("", include(router.urls))]

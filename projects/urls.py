from django.urls import path

from projects.views import milestones, money, people, programs, projects

app_name = "projects"
urlpatterns = [
    path("", projects.project_list, name="project_list"),
    path("new/", projects.project_new, name="project_new"),
    path("<int:pk>/", projects.project_detail, name="project_detail"),
    path("<int:pk>/edit/", projects.project_edit, name="project_edit"),
    path("<int:pk>/stage/", projects.project_stage, name="project_stage"),
    path("<int:pk>/people/", people.project_people, name="project_people"),
    path("<int:pk>/people/new/", people.member_new, name="member_new"),
    path("<int:pk>/people/choices/", people.person_choices, name="person_choices"),
    path("<int:pk>/people/<int:member>/remove/", people.member_remove, name="member_remove"),
    path("<int:pk>/stakeholders/new/", people.stakeholder_new, name="stakeholder_new"),
    path("stakeholders/<int:pk>/", people.stakeholder_edit, name="stakeholder_edit"),
    path("programs/", programs.program_list, name="program_list"),
    path("programs/new/", programs.program_new, name="program_new"),
    path("programs/<int:pk>/", programs.program_edit, name="program_edit"),
    path("milestones/", milestones.milestone_list, name="milestone_list"),
    path("<int:pk>/milestones/", milestones.project_milestones, name="project_milestones"),
    path("<int:pk>/milestones/new/", milestones.milestone_new, name="milestone_new"),
    path("milestones/<int:pk>/", milestones.milestone_edit, name="milestone_edit"),
    path("milestones/<int:pk>/dates/", milestones.milestone_dates, name="milestone_dates"),
    path("milestones/<int:pk>/remove/", milestones.milestone_remove, name="milestone_remove"),
    path("<int:pk>/money/", money.project_money, name="project_money"),
    path("<int:pk>/budget/new/", money.budget_line_new, name="budget_line_new"),
    path("budget/<int:pk>/", money.budget_line_edit, name="budget_line_edit"),
    path("budget/<int:pk>/remove/", money.budget_line_remove, name="budget_line_remove"),
    path("<int:pk>/costs/", money.cost_entry_list, name="cost_entry_list"),
    path("<int:pk>/costs/new/", money.cost_entry_new, name="cost_entry_new"),
    path("costs/<int:pk>/", money.cost_entry_edit, name="cost_entry_edit"),
    path("<int:pk>/forecast/new/", money.forecast_new, name="forecast_new"),
]

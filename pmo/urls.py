from django.contrib.auth import views as auth_views
from django.urls import include, path

from pmo.accounts.forms import ResetForm, SignInForm
from pmo.accounts.views import clock, frame, health, jobs, unsent, waiting
from pmo.accounts.views.invitations import InvitationView
from pmo.common.page.once import sent_freely
from pmo.organization.first_run import views as first_run
from reports.views import changes
from reports.views.find import find

handler400 = "pmo.common.page.errors.bad_request"
handler404 = "pmo.common.page.errors.not_found"
handler500 = "pmo.common.page.errors.broken"
urlpatterns = [
    path("", frame.home, name="home"),
    path("health/", health.ready, name="health"),
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
    path("setup/", first_run.setup, name="setup"),
    path("office/", frame.office, name="office"),
    path("office/checklist/", first_run.checklist, name="checklist"),
    path("components/", frame.components, name="components"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/clock/", clock.clock_confirm, name="clock_confirm"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/retry/", jobs.job_retry, name="job_retry"),
    path("unsent/", unsent.unsent, name="unsent"),
    path("unsent/discard/", unsent.unsent_discard, name="unsent_discard"),
    path("waiting/", waiting.waiting, name="waiting"),
    path("find/", find, name="find"),
    path("changes/", changes.changes, name="changes"),
    path("projects/<int:pk>/changes/", changes.project_changes, name="project_changes"),
    path(
        "sign-in/",
        sent_freely(first_run.SignInView.as_view(authentication_form=SignInForm)),
        name="login",
    ),
    path("sign-out/", sent_freely(auth_views.LogoutView.as_view()), name="logout"),
    path("password/", sent_freely(auth_views.PasswordChangeView.as_view()), name="password_change"),
    path(
        "password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password_change_done"
    ),
    path("invitation/<uidb64>/<token>/", sent_freely(InvitationView.as_view()), name="invitation"),
    path(
        "password/reset/",
        auth_views.PasswordResetView.as_view(form_class=ResetForm),
        name="password_reset",
    ),
    path(
        "password/reset/sent/",
        auth_views.PasswordResetDoneView.as_view(),
        name="password_reset_done",
    ),
    path(
        "password/reset/<uidb64>/<token>/",
        sent_freely(auth_views.PasswordResetConfirmView.as_view()),
        name="password_reset_confirm",
    ),
    path(
        "password/reset/complete/",
        auth_views.PasswordResetCompleteView.as_view(),
        name="password_reset_complete",
    ),
    path("organization/", include("pmo.organization.desk.urls")),
    path("people/", include("pmo.accounts.urls")),
    path("projects/", include("projects.urls")),
    path("communication/", include("projects.communication.urls")),
    path("templates/", include("projects.project_templates.urls")),
    path("starts/", include("portfolio.starts.urls")),
    path("risks/", include("risks.urls")),
    path("portfolios/", include("portfolio.urls")),
    path("requests/", include("portfolio.intake.urls")),
    path("governance/", include("portfolio.governance.urls")),
    path("texts/", include("reports.audiences.urls")),
    path("", include("reports.urls")),
    path("api/v1/", include("pmo.api_urls")),
]

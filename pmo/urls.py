from django.contrib.auth import views as auth_views
from django.urls import include, path

urlpatterns = [
    path("sign-in/", auth_views.LoginView.as_view(), name="login"),
    path("sign-out/", auth_views.LogoutView.as_view(), name="logout"),
    path("people/", include("pmo.accounts.urls")),
    path("projects/", include("projects.urls")),
    path("risks/", include("risks.urls")),
    path("portfolios/", include("portfolio.urls")),
    path("", include("reports.urls")),
    path("api/v1/", include("pmo.api_urls")),
]

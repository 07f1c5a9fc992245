from django.urls import include, path

urlpatterns = [
    path("people/", include("pmo.accounts.urls")),
    path("projects/", include("projects.urls")),
    path("risks/", include("risks.urls")),
    path("portfolios/", include("portfolio.urls")),
    path("", include("reports.urls")),
    path("api/v1/", include("pmo.api_urls")),
]

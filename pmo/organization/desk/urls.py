from django.urls import path

from pmo.organization.desk import views

app_name = "organization"
urlpatterns = [
    path("", views.settings_page, name="settings"),
    path("edit/", views.settings_edit, name="settings_edit"),
]

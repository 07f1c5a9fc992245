from django.urls import path

from pmo.organization.desk import categories, status, views

app_name = "organization"
urlpatterns = [
    path("", views.settings_page, name="settings"),
    path("edit/", views.settings_edit, name="settings_edit"),
    path("status/", status.status, name="status"),
    path("status/edit/", status.status_edit, name="status_edit"),
    path("categories/", categories.category_list, name="categories"),
    path("categories/new/", categories.category_new, name="category_new"),
    path("categories/<int:pk>/", categories.category_edit, name="category_edit"),
    path("categories/<int:pk>/place/", categories.category_place, name="category_place"),
    path("categories/<int:pk>/use/", categories.category_use, name="category_use"),
]

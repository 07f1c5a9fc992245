from django.urls import path

from reports.imports import views

urlpatterns = [
    path("", views.import_list, name="import_list"),
    path("sample/<str:kind>/", views.import_sample, name="import_sample"),
    path("<int:pk>/", views.import_detail, name="import_detail"),
    path("<int:pk>/columns/", views.import_columns, name="import_columns"),
    path("<int:pk>/reading/", views.import_reading, name="import_reading"),
    path("<int:pk>/apply/", views.import_apply, name="import_apply"),
    path("<int:pk>/discard/", views.import_discard, name="import_discard"),
]

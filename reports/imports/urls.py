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
    path("<int:pk>/stop/", views.import_stop, name="import_stop"),
    path("<int:pk>/undo/", views.import_undo, name="import_undo"),
    path("<int:pk>/handed-back.<str:form>", views.import_handed_back, name="import_handed_back"),
    path("<int:pk>/problems.csv", views.import_problems, name="import_problems"),
]

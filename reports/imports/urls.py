from django.urls import path

from reports.imports.views import ends, imports, mending, review, workbooks

urlpatterns = [
    path("", imports.import_list, name="import_list"),
    path("projects/", imports.import_projects, name="import_projects"),
    path("sample/<str:kind>/", imports.import_sample, name="import_sample"),
    path("<int:pk>/", review.import_detail, name="import_detail"),
    path("<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("<int:pk>/sheets/", workbooks.import_sheets, name="import_sheets"),
    path("<int:pk>/reading/", imports.import_reading, name="import_reading"),
    path("<int:pk>/apply/", review.import_apply, name="import_apply"),
    path("<int:pk>/discard/", review.import_discard, name="import_discard"),
    path("<int:pk>/rows/<int:position>/", mending.import_row, name="import_row"),
    path("<int:pk>/value/", mending.import_value, name="import_value"),
    path("<int:pk>/warning/", mending.import_warning, name="import_warning"),
    path("<int:pk>/leave/", mending.import_leave, name="import_leave"),
    path("<int:pk>/stop/", review.import_stop, name="import_stop"),
    path("<int:pk>/undo/", ends.import_undo, name="import_undo"),
    path("<int:pk>/handed-back.<str:form>", imports.import_handed_back, name="import_handed_back"),
    path("<int:pk>/problems.csv", imports.import_problems, name="import_problems"),
]

from django.urls import path

from bench import yardstick
from pmo import urls as product

urlpatterns = [
    path("yardstick/save/<int:pk>/", yardstick.save),
    path("yardstick/csv/<slug:name>/", yardstick.csv_file),
    path("yardstick/xlsx/<slug:name>/", yardstick.xlsx_file),
    path("yardstick/report/<slug:name>/", yardstick.report_file),
    path("yardstick/page/<slug:name>/", yardstick.page),
    *product.urlpatterns,
]

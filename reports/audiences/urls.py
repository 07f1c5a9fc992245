from django.urls import path

from reports.audiences import views

app_name = "audiences"
urlpatterns = [
    path("", views.text_list, name="text_list"),
    path("new/", views.text_new, name="text_new"),
    path("<int:pk>/", views.text_detail, name="text_detail"),
    path("<int:pk>/edit/", views.text_edit, name="text_edit"),
    path("<int:pk>/text.txt", views.text_file, name="text_file"),
]

from django.urls import path

from projects.project_templates.views import lessons, library

app_name = "templates"
urlpatterns = [
    path("", library.template_list, name="template_list"),
    path("import/", library.template_import, name="template_import"),
    path("<int:pk>/", library.template_detail, name="template_detail"),
    path("<int:pk>/edit/", library.template_edit, name="template_edit"),
    path("<int:pk>/offer/", library.template_offer, name="template_offer"),
    path("<int:pk>/versions/<int:number>.yaml", library.version_file, name="version_file"),
    path("lessons/", lessons.lesson_list, name="lesson_list"),
    path("lessons/<int:pk>/", lessons.lesson_edit, name="lesson_edit"),
    path("lessons/<int:pk>/remove/", lessons.lesson_remove, name="lesson_remove"),
    path("projects/<int:pk>/lessons/", lessons.project_lessons, name="project_lessons"),
    path("projects/<int:pk>/lessons/new/", lessons.lesson_new, name="lesson_new"),
]

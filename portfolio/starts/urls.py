from django.urls import path

from portfolio.starts.views import adopting, drafting, items, starting

app_name = "starts"
urlpatterns = [
    path("templates/<int:pk>/", starting.start_new, name="start_new"),
    path("templates/<int:pk>/dates/", starting.start_preview, name="start_preview"),
    path("finished/", drafting.finished_list, name="finished_list"),
    path("projects/<int:pk>/template/", drafting.template_make, name="template_make"),
    path("people/", starting.person_choices, name="person_choices"),
    path("projects/<int:pk>/", items.project_start, name="project_start"),
    path("projects/<int:pk>/confirm/", items.project_confirm, name="project_confirm"),
    path("projects/<int:pk>/confirm/all/", items.project_confirm_all, name="project_confirm_all"),
    path("projects/<int:pk>/adopt/", adopting.project_adopt, name="project_adopt"),
    path("projects/<int:pk>/adopt/line/", adopting.line_adopt, name="line_adopt"),
    path("items/<int:pk>/", items.item_change, name="item_change"),
    path("items/<int:pk>/confirm/", items.item_confirm, name="item_confirm"),
    path("items/<int:pk>/plan/", items.item_plan, name="item_plan"),
    path("items/<int:pk>/remove/", items.item_remove, name="item_remove"),
    path("items/<int:pk>/fill/", items.role_fill, name="role_fill"),
]

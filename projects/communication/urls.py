from django.urls import path

from projects.communication.views import items, lists, project, register

app_name = "communication"
urlpatterns = [
    path("stakeholders/", lists.stakeholder_list, name="stakeholder_list"),
    path("stakeholders/<int:pk>/history/", project.stakeholder_history, name="stakeholder_history"),
    path("messages/", lists.item_list, name="item_list"),
    path("messages/<int:pk>/", items.item_detail, name="item_detail"),
    path("messages/<int:pk>/edit/", items.item_edit, name="item_edit"),
    path("messages/<int:pk>/remove/", items.item_remove, name="item_remove"),
    path("messages/<int:pk>/send/", items.item_send, name="item_send"),
    path("messages/<int:pk>/plain/", items.item_plain, name="item_plain"),
    path("messages/<int:pk>/approve/", items.item_approve, name="item_approve"),
    path("sendings/<int:pk>/remove/", items.sending_remove, name="sending_remove"),
    path("register/", register.group_list, name="group_list"),
    path("register/new/", register.group_new, name="group_new"),
    path("register/<int:pk>/edit/", register.group_edit, name="group_edit"),
    path("register/<int:pk>/remove/", register.group_remove, name="group_remove"),
    path("projects/<int:pk>/", project.project_communication, name="project_communication"),
    path("projects/<int:pk>/panel/", project.project_panel, name="project_panel"),
    path("projects/<int:pk>/usual/", project.plan_offer, name="plan_offer"),
    path("projects/<int:pk>/messages/new/", items.item_new, name="item_new"),
    path("projects/<int:pk>/adoption/", project.project_adoption, name="project_adoption"),
    path("projects/<int:pk>/adoption/new/", project.adoption_new, name="adoption_new"),
    path("adoption/<int:pk>/edit/", project.adoption_edit, name="adoption_edit"),
]

from django.urls import path

from portfolio.intake.views import cycles, own, requests, starting, triage

app_name = "intake"
urlpatterns = [
    path("", own.my_requests, name="my_requests"),
    path("new/", own.request_new, name="request_new"),
    path("hints/", own.request_hints, name="request_hints"),
    path("all/", requests.request_list, name="request_list"),
    path("projects/<int:pk>/", requests.project_panel, name="project_panel"),
    path("by-age/", requests.age_panel, name="age_panel"),
    path("<int:pk>/", requests.request_detail, name="request_detail"),
    path("<int:pk>/edit/", own.request_edit, name="request_edit"),
    path("<int:pk>/answer/", own.request_answer, name="request_answer"),
    path("<int:pk>/withdraw/", own.request_withdraw, name="request_withdraw"),
    path("<int:pk>/triage/", triage.request_triage, name="request_triage"),
    path("<int:pk>/decide/", triage.request_decide, name="request_decide"),
    path("<int:pk>/send-back/", triage.request_send_back, name="request_send_back"),
    path("<int:pk>/project/", triage.request_project, name="request_project"),
    path("<int:pk>/start/", starting.request_templates, name="request_templates"),
    path("<int:pk>/start/<int:template>/", starting.request_start, name="request_start"),
    path("<int:pk>/ground/", triage.request_ground, name="request_ground"),
    path("<int:pk>/ground/verify/", triage.request_verify, name="request_verify"),
    path("<int:pk>/items/new/", triage.item_new, name="item_new"),
    path("items/<int:pk>/", triage.item_edit, name="item_edit"),
    path("items/<int:pk>/remove/", triage.item_remove, name="item_remove"),
    path("items/<int:pk>/classify/", triage.item_classify, name="item_classify"),
    path("cycles/", cycles.cycle_list, name="cycle_list"),
    path("cycles/new/", cycles.cycle_new, name="cycle_new"),
    path("cycles/<int:pk>/", cycles.cycle_detail, name="cycle_detail"),
    path("cycles/<int:pk>/edit/", cycles.cycle_edit, name="cycle_edit"),
    path("cycles/<int:pk>/draw/", cycles.draw_new, name="draw_new"),
    path("replacements/", cycles.replacement_list, name="replacement_list"),
    path("replacements/new/", cycles.replacement_new, name="replacement_new"),
    path("replacements/<int:pk>/", cycles.replacement_edit, name="replacement_edit"),
    path("replacements/<int:pk>/request/", cycles.replacement_request, name="replacement_request"),
    path("rules/", cycles.rules_edit, name="rules_edit"),
]

from django.urls import path

from pmo.accounts.views import invitations, leaving, people, people_files, roles, tokens, units

app_name = "accounts"
urlpatterns = [
    path("", people.person_list, name="person_list"),
    path("new/", people.person_new, name="person_new"),
    path("at-once/", people.people_at_once, name="people_at_once"),
    path("<int:pk>/", people.person_edit, name="person_edit"),
    path("<int:pk>/invite/", invitations.person_invite, name="person_invite"),
    path("<int:pk>/link/", invitations.person_link, name="person_link"),
    path("<int:pk>/roles/", roles.role_grant, name="role_grant"),
    path("<int:pk>/answers-for/", leaving.person_holdings, name="person_holdings"),
    path("<int:pk>/active/", people.person_active, name="person_active"),
    path("roles/<int:pk>/revoke/", roles.role_revoke, name="role_revoke"),
    path("files/", people_files.people_file_list, name="people_file_list"),
    path("files/<int:pk>/", people_files.people_file, name="people_file"),
    path("files/<int:pk>/answer/", people_files.people_file_answer, name="people_file_answer"),
    path("files/<int:pk>/write/", people_files.people_file_write, name="people_file_write"),
    path("files/<int:pk>/discard/", people_files.people_file_discard, name="people_file_discard"),
    path(
        "files/<int:pk>/refused.csv", people_files.people_file_refused, name="people_file_refused"
    ),
    path("samples/people.csv", people_files.people_sample, name="people_sample"),
    path("samples/units.csv", people_files.units_sample, name="units_sample"),
    path("units/", units.unit_list, name="unit_list"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/<int:pk>/", units.unit_edit, name="unit_edit"),
    path("tokens/", tokens.token_list, name="token_list"),
    path("tokens/<str:key>/revoke/", tokens.token_revoke, name="token_revoke"),
]

from django.urls import path

from pmo.accounts.views import people, tokens, units

app_name = "accounts"
urlpatterns = [
    path("", people.person_list, name="person_list"),
    path("new/", people.person_new, name="person_new"),
    path("<int:pk>/", people.person_edit, name="person_edit"),
    path("<int:pk>/roles/", people.role_grant, name="role_grant"),
    path("<int:pk>/active/", people.person_active, name="person_active"),
    path("roles/<int:pk>/revoke/", people.role_revoke, name="role_revoke"),
    path("units/", units.unit_list, name="unit_list"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/<int:pk>/", units.unit_edit, name="unit_edit"),
    path("tokens/", tokens.token_list, name="token_list"),
    path("tokens/<str:key>/revoke/", tokens.token_revoke, name="token_revoke"),
]

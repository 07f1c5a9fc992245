from django.apps import AppConfig


class AudiencesConfig(AppConfig):
    name = "reports.audiences"
    label = "audiences"

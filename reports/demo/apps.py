from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "reports.demo"
    label = "demo"

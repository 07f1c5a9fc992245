"""The product's addresses and the page of components, open to everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from pmo.common.page import component_examples
from pmo.urls import urlpatterns as product


def components(request: HttpRequest) -> HttpResponse:
    return render(request, "components/components_page.html", component_examples.context())


urlpatterns = [path("test-components/", components), *product]

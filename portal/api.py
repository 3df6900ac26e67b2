"""The REST API, put together from what each app registers."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import DefaultRouter

import accounts.api
import actions.api
import billing.api
import domains.api
import profiles.api
import reminders.api
import services.api
import support.api
import sync.api

router = DefaultRouter()
for app in (
    accounts.api,
    actions.api,
    domains.api,
    billing.api,
    support.api,
    services.api,
    profiles.api,
    reminders.api,
    sync.api,
):
    app.register(router)

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:schema"), name="docs"),
    path("", include(router.urls)),
]

"""The REST API, put together from what each app registers."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
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
from providers.resources import DomainStatus

DOMAIN_STATUSES = [status.value for status in DomainStatus]
"""As the settings name them for the schema."""

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
    # Its script comes from an address of its own: the Content-Security-Policy allows none inside the page.
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="portal/api_docs.html"),
        name="docs",
    ),
    path("", include(router.urls)),
]

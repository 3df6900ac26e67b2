from django.contrib import admin
from django.urls import include, path

from portal import health
from portal.overview.views import overview
from portal.search import search_page

pages = [
    path("", overview, name="overview"),
    path("search/", search_page, name="search"),
]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/v1/", include(("portal.api", "api"))),
    path("admin/", admin.site.urls),
    path("", include((pages, "portal"))),
    path("", include("accounts.urls")),
    path("", include("sync.urls")),
    path("domains/", include("domains.urls")),
    path("billing/", include("billing.urls")),
    path("support/", include("support.urls")),
    path("reminders/", include("reminders.urls")),
    path("actions/", include("actions.urls")),
    path("", include("services.urls")),
    path("", include("profiles.urls")),
]

from django.urls import path

from sync.views import account_parts, held_pages, run_pages, thing_pages, trying_pages

app_name = "sync"
urlpatterns = [
    path("syncs/", run_pages.RunList.as_view(), name="run-list"),
    path("syncs/start/", run_pages.start, name="start"),
    path("syncs/start/<int:account_pk>/", run_pages.start, name="start"),
    path("syncs/start/<int:account_pk>/<slug:kind>/", run_pages.start, name="start-kind"),
    path("syncs/accounts/<int:account_pk>/", account_parts.account_state, name="account-state"),
    path("syncs/accounts/<int:account_pk>/health/", account_parts.account_health, name="account-health"),
    path("syncs/accounts/<int:account_pk>/intervals/", account_parts.intervals, name="intervals"),
    path("syncs/accounts/<int:account_pk>/intervals/costs/", account_parts.interval_costs, name="interval-costs"),
    path("syncs/accounts/<int:account_pk>/capabilities/", account_parts.ask_capabilities, name="ask-capabilities"),
    path("syncs/accounts/<int:account_pk>/try/", trying_pages.try_failing, name="try-failing"),
    path(
        "syncs/accounts/<int:account_pk>/try-all-the-same/",
        trying_pages.try_in_spite_of_the_pause,
        name="try-all-the-same",
    ),
    path("syncs/<int:pk>/", run_pages.run_detail, name="run-detail"),
    path("syncs/<int:pk>/cancel/", run_pages.run_cancel, name="run-cancel"),
    path("syncs/<int:pk>/release/", held_pages.run_release, name="run-release"),
    path("syncs/<int:pk>/dismiss/", held_pages.run_dismiss, name="run-dismiss"),
    path("changes/", thing_pages.ChangeList.as_view(), name="changes"),
    path("things/assign/", thing_pages.assign_customer, name="assign-customer"),
    path("things/<int:pk>/history/", thing_pages.resource_history, name="resource-history"),
    path("things/<int:pk>/side/", thing_pages.resource_side, name="resource-side"),
    path("things/<int:pk>/ours/", thing_pages.resource_notes, name="resource-notes"),
    path("things/customers/<int:customer_pk>/", thing_pages.customer_resources, name="customer-resources"),
]

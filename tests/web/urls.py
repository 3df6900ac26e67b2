from django.urls import include, path

from tests.web import views

domains = (
    [
        path("", views.BoatList.as_view(), name="domain-list"),
        path("none/", views.EmptyList.as_view(), name="none"),
        path("sum/", views.bulk_sum, name="sum"),
        path("<int:pk>/", views.detail, name="domain-detail"),
        path("<int:pk>/records/", views.detail, {"tab": "records"}, name="records"),
        path("<int:pk>/renew/", views.renew, name="renew"),
        path("<int:pk>/delete/", views.delete, name="delete"),
    ],
    "domains",
)
accounts = (
    [
        path("", views.pieces, name="account-list"),
        path("customers/", views.pieces, name="customer-list"),
        path("sign-out/", views.sign_in, name="sign-out"),
    ],
    "accounts",
)
portal = (
    [
        path("", views.pieces, name="overview"),
        path("search/", views.pieces, name="search"),
        path("calendar/", views.pieces, name="calendar"),
        path("settings/", views.pieces, name="settings"),
    ],
    "portal",
)
services = (
    [path("", views.pieces, name="service-list"), path("certificates/", views.pieces, name="certificate-list")],
    "services",
)
billing = ([path("", views.pieces, name="invoice-list")], "billing")
support = ([path("", views.pieces, name="ticket-list")], "support")
actions = ([path("", views.pieces, name="action-list")], "actions")
reminders = ([path("", views.pieces, name="reminder-list")], "reminders")

urlpatterns = [
    path("domains/", include(domains)),
    path("accounts/", include(accounts)),
    path("services/", include(services)),
    path("billing/", include(billing)),
    path("support/", include(support)),
    path("actions/", include(actions)),
    path("reminders/", include(reminders)),
    path("sign-in/", views.sign_in),
    path("lazy/", views.lazy_part),
    path("fail/<int:status>/", views.fail),
    path("", include(portal)),
]

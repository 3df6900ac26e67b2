from django.urls import path

from domains.views import editing, pages, prices, renewing, renewing_many

app_name = "domains"
urlpatterns = [
    path("", pages.DomainList.as_view(), name="domain-list"),
    path("<int:pk>/", pages.domain_detail, name="domain-detail"),
    path("<int:pk>/dns/", pages.domain_dns, name="domain-dns"),
    path("<int:pk>/history/", pages.domain_history, name="domain-history"),
    path("<int:pk>/renew/", renewing.renew, name="domain-renew"),
    path("<int:pk>/renewal/", renewing.renewal_cell, name="renewal-cell"),
    path("renew/", renewing_many.renew_many, name="renew-many"),
    path("renew/summary/", renewing_many.renew_many_summary, name="renew-many-summary"),
    path("prices/", prices.PriceList.as_view(), name="price-list"),
    path("zones/", pages.ZoneList.as_view(), name="zone-list"),
    path("zones/<int:pk>/", pages.zone_detail, name="zone-detail"),
    path("zones/<int:pk>/record/", editing.record, name="zone-record"),
    path("zones/<int:pk>/stage/", editing.stage, name="zone-stage"),
    path("zones/<int:pk>/apply/", editing.apply, name="zone-apply"),
    path("zones/<int:pk>/writing/<int:action_pk>/", editing.writing, name="zone-writing"),
    path("zones/<int:pk>/again/<int:action_pk>/", editing.again, name="zone-again"),
    path("zones/<int:pk>/restore/<int:number>/", editing.restore, name="zone-restore"),
    path("zones/<int:pk>/history/", pages.zone_history, name="zone-history"),
]

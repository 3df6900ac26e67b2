from django.urls import path

from domains import views

app_name = "domains"
urlpatterns = [
    path("", views.DomainList.as_view(), name="domain-list"),
    path("<int:pk>/", views.domain_detail, name="domain-detail"),
    path("<int:pk>/dns/", views.domain_dns, name="domain-dns"),
    path("<int:pk>/history/", views.domain_history, name="domain-history"),
    path("zones/", views.ZoneList.as_view(), name="zone-list"),
    path("zones/<int:pk>/", views.zone_detail, name="zone-detail"),
    path("zones/<int:pk>/history/", views.zone_history, name="zone-history"),
]

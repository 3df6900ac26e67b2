from django.urls import path

from services import views

app_name = "services"
urlpatterns = [
    path("services/", views.ServiceList.as_view(), name="service-list"),
    path("services/catalogue/", views.ProductList.as_view(), name="product-list"),
    path("services/<int:pk>/", views.service_detail, name="service-detail"),
    path("services/<int:pk>/history/", views.service_detail, {"tab": "history"}, name="service-history"),
    path("machines/", views.MachineList.as_view(), name="machine-list"),
    path("machines/<int:pk>/", views.machine_detail, name="machine-detail"),
    path("machines/<int:pk>/reboot/", views.machine_reboot, name="machine-reboot"),
    path("machines/<int:pk>/history/", views.machine_detail, {"tab": "history"}, name="machine-history"),
    path("certificates/", views.CertificateList.as_view(), name="certificate-list"),
    path("certificates/<int:pk>/", views.certificate_detail, name="certificate-detail"),
    path("certificates/<int:pk>/history/", views.certificate_detail, {"tab": "history"}, name="certificate-history"),
]

from django.urls import path

from billing import views

app_name = "billing"
urlpatterns = [
    path("", views.InvoiceList.as_view(), name="invoice-list"),
    path("invoices/<int:pk>/", views.invoice_detail, name="invoice-detail"),
    path("invoices/<int:pk>/history/", views.invoice_detail, {"tab": "history"}, name="invoice-history"),
]

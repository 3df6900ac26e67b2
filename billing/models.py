"""Invoices with their lines, and what each account owes and holds."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper

from accounts.models import ProviderAccount
from billing.words import STATUS
from sync.models import Resource


class Invoice(models.Model):
    resource = models.OneToOneField(Resource, primary_key=True, on_delete=models.CASCADE, related_name="invoice")
    number = models.CharField(max_length=100)
    status = models.CharField(max_length=20, choices=list(STATUS.items()))
    upstream_status = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    paid_at = models.DateTimeField(null=True)
    total = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    subtotal = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    tax = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    tax_rate = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    credit = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    notes = models.TextField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "due_on"], name="invoice_by_due"),
            models.Index(fields=["issued_on"], name="invoice_by_issue"),
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(models.Model):
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    key = models.CharField(max_length=100)
    position = models.PositiveIntegerField()
    description = models.TextField()
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    taxed = models.BooleanField(null=True)
    type = models.CharField(max_length=60, blank=True)
    item_id = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "key"], name="invoice_line_once")]
        indexes = [GinIndex(OpClass(Upper("description"), name="gin_trgm_ops"), name="invoice_line_search")]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.description


class Balance(models.Model):
    """What an account owes and what credit it has, one row a currency."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="balances")
    currency = models.CharField(max_length=3, blank=True)
    owed = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    credit = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "currency"], name="balance_once")]

    def __str__(self) -> str:
        return f"{self.account} {self.currency}"

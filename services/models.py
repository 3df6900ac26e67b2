"""Services, the virtual machines on them, and certificates."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import ProviderAccount
from services.words import CERTIFICATE, CYCLE, MACHINE, SERVICE
from sync.models import Resource


class Service(models.Model):
    resource = models.OneToOneField(Resource, primary_key=True, on_delete=models.CASCADE, related_name="service")
    name = models.CharField(max_length=300)
    status = models.CharField(max_length=20, choices=list(SERVICE.items()))
    upstream_status = models.CharField(max_length=60, blank=True)
    domain = models.CharField(max_length=255, null=True)
    label = models.CharField(max_length=300, null=True)
    category = models.CharField(max_length=200, null=True)
    billing_cycle = models.CharField(max_length=60, null=True)
    next_due_on = models.DateField(null=True)
    next_invoice_on = models.DateField(null=True)
    registered_on = models.DateField(null=True)
    price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    first_payment = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    username = models.CharField(max_length=200, null=True)
    methods = models.JSONField(null=True)
    """What the service's module can do: [{name, method, route}]; null where the portal does not say."""
    offers = ArrayField(models.CharField(max_length=60), null=True)
    """The capabilities (`services.reboot`), of those in which services differ, that this one has; null where the portal does not
    say."""

    class Meta:
        indexes = [models.Index(fields=["status", "next_due_on"], name="service_by_due")]

    def __str__(self) -> str:
        return self.name


class VirtualMachine(models.Model):
    """`service_id` is the upstream id of the service it hangs on, in the same account."""

    resource = models.OneToOneField(
        Resource, primary_key=True, on_delete=models.CASCADE, related_name="virtual_machine"
    )
    name = models.CharField(max_length=255)
    status = models.CharField(max_length=20, choices=list(MACHINE.items()))
    upstream_status = models.CharField(max_length=60, blank=True)
    service_id = models.CharField(max_length=100, null=True)
    ips = ArrayField(models.GenericIPAddressField(), null=True)
    memory_mb = models.PositiveIntegerField(null=True)
    disk_gb = models.PositiveIntegerField(null=True)
    cpus = models.PositiveSmallIntegerField(null=True)
    system = models.CharField(max_length=200, null=True)
    plan = models.CharField(max_length=200, null=True)
    location = models.CharField(max_length=200, null=True)
    created_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["service_id"], name="machine_of_service"),
            models.Index(fields=["status"], name="machine_by_status"),
        ]

    def __str__(self) -> str:
        return self.name


class Certificate(models.Model):
    resource = models.OneToOneField(Resource, primary_key=True, on_delete=models.CASCADE, related_name="certificate")
    domain = models.CharField(max_length=255)
    name = models.CharField(max_length=300)
    status = models.CharField(max_length=20, choices=list(CERTIFICATE.items()))
    upstream_status = models.CharField(max_length=60, blank=True)
    certificate_status = models.CharField(max_length=60, null=True)
    expires_on = models.DateField(null=True)
    next_due_on = models.DateField(null=True)
    registered_on = models.DateField(null=True)
    billing_cycle = models.CharField(max_length=60, null=True)
    price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    email = models.CharField(max_length=254, null=True)
    next_invoice_on = models.DateField(null=True)
    first_payment = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    organization = models.CharField(max_length=300, null=True)
    software = models.CharField(max_length=200, null=True)
    contacts = models.JSONField(null=True)
    """Whom it names: [{role, words}]; null where the portal does not say."""
    csr = models.TextField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_on"], name="certificate_by_expiry")]

    def __str__(self) -> str:
        return self.domain


class ProductCategory(models.Model):
    """A shelf of a portal's catalogue."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="product_categories")
    upstream_id = models.CharField(max_length=200)
    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    """Plain text."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "upstream_id"], name="product_category_once")]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """What a portal sells: a product of its catalogue, or a plan that a machine is made from."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.CASCADE, related_name="products")
    category = models.ForeignKey(ProductCategory, null=True, on_delete=models.CASCADE, related_name="products")
    is_plan = models.BooleanField(default=False)
    upstream_id = models.CharField(max_length=200)
    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    """Plain text: what the portal sends may be hostile HTML."""
    in_stock = models.BooleanField(null=True)
    """Null where the portal does not count."""
    first_seen = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "is_plan", "upstream_id"], name="product_once")]

    def __str__(self) -> str:
        return self.name


class ProductPrice(models.Model):
    """What a product costs each `cycle`. `code` is the portal's own word for it, which an order repeats. `previous` has price,
    set-up fee and currency as they were before they last moved, at `changed_at`."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="prices")
    code = models.CharField(max_length=60)
    cycle = models.CharField(max_length=20, choices=list(CYCLE.items()))
    position = models.PositiveSmallIntegerField(default=0)
    """Its place among the product's, as the portal orders them."""
    price = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    setup = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    currency = models.CharField(max_length=3, blank=True)
    first_seen = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(null=True)
    previous = models.JSONField(default=dict)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["product", "code"], name="product_price_once")]

    def __str__(self) -> str:
        return f"{self.product} {self.cycle}"

"""What can be decided and asked about domains and their zones."""

from __future__ import annotations

from actions.declare import registry
from domains.actions.renew import RenewDomain
from domains.actions.renewal_terms import RenewalTerms
from domains.actions.zone_records import EditRecords

registry.add(RenewDomain())
registry.add(EditRecords())
registry.add(RenewalTerms())

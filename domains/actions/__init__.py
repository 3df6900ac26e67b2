"""What can be decided and asked about domains and their zones."""

from __future__ import annotations

from actions.declare import registry
from domains.actions.renew import RenewDomain
from domains.actions.renewal_terms import RenewalTerms

registry.add(RenewDomain())
registry.add(RenewalTerms())

"""What renewing a domain costs at a HostBill portal."""

from __future__ import annotations

from decimal import Decimal

from providers.errors import InvalidRequest, NotSupported
from providers.hostbill.endings import PRICES, endings, fitting
from providers.hostbill.orders import check_years
from providers.hostbill.portal import Portal
from providers.offers import TldPeriod
from providers.resources import DomainDetail, DomainStatus, Price

LAPSED = frozenset({DomainStatus.EXPIRED, DomainStatus.REDEMPTION})
UNKNOWN_PRICE = "The portal does not say what renewing this domain costs, so it can’t be ordered here."


def price_of(portal: Portal, domain: DomainDetail, years: int) -> Price:
    """By the portal's price list of endings, else by what the domain's own period costs.

    A lapsed domain has the usual price or the one of redemption, and the portal does not say which: the dearer one is told, as
    `at_most`. Raises InvalidRequest for a period that is not sold, NotSupported where no price is known.
    """
    check_years(years)
    currency, periods = _periods(portal, domain.name)
    if periods:
        period = periods.get(years)
        if period is None:
            sold = ", ".join(str(one) for one in sorted(periods))
            sentence = f"The portal sells this ending for these numbers of years: {sold}."
            raise InvalidRequest(sentence, operation=PRICES, fields={"years": [sentence]})
        price = _price_in(period, currency, domain.status)
        if price is not None:
            return price
    elif domain.status not in LAPSED and domain.period_years == years and domain.renewal_price:
        return Price(amount=domain.renewal_price, currency=domain.renewal_currency)
    raise NotSupported(UNKNOWN_PRICE, operation=PRICES)


def _price_in(period: TldPeriod, currency: str, status: DomainStatus) -> Price | None:
    """None where the list has no price of that kind."""
    usual, redeemed = period.renew, period.redemption
    if status not in LAPSED:
        return Price(amount=usual, currency=currency) if usual else None
    if not redeemed:
        return None
    if status is DomainStatus.REDEMPTION:
        return Price(amount=redeemed, currency=currency)
    return Price(amount=max(redeemed, usual or Decimal(0)), currency=currency, at_most=usual != redeemed)


def _periods(portal: Portal, name: str) -> tuple[str, dict[int, TldPeriod]]:
    """The listed periods of the longest ending that `name` has, by their years, and their currency; none where the portal has no
    such list.

    An ending that is listed twice is no price: it is not said which one holds.
    """
    try:
        rows = fitting(endings(portal), name)
    except NotSupported:
        return "", {}
    if len(rows) != 1:
        return "", {}
    return rows[0].currency, {period.years: period for period in rows[0].periods}

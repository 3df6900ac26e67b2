"""The limit of an account's calls, in which a person may end the pause that its portal asked for."""

from __future__ import annotations

import redis

from providers.limits import ValkeyLimiter


class AccountLimiter(ValkeyLimiter):
    def lift(self) -> bool:
        """Lets the next call go at once, in all processes; the own rate stays. False while Valkey is away."""
        self._untold_until = 0.0
        try:
            self._client.delete(self._blocked)
        except redis.RedisError as error:
            self._gone(error)
            return False
        return True

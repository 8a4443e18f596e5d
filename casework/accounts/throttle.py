"""Slowing down after failed sign-ins, by account and by network; pure.

Nobody is ever locked out: a rival could otherwise shut out every facilitator of a regency by
typing wrong passwords (safety row 6.1.1).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

#: Wrong tries that cost nothing: people mistype on small keyboards.
FREE_TRIES_ACCOUNT = 5
#: A whole office may share one address.
FREE_TRIES_NETWORK = 50
LONGEST_WAIT = timedelta(minutes=5)
#: After this long without a wrong try the count starts anew.
FORGOTTEN_AFTER = timedelta(hours=1)


def wait(failures: int, last_failed_at: datetime, now: datetime, *, free_tries: int) -> timedelta:
    """How long from `now` until the next try is looked at; zero when at once.

    Doubles from one second with every failure past the free ones, up to five minutes.
    """
    past_free = failures - free_tries
    if past_free < 0 or now - last_failed_at >= FORGOTTEN_AFTER:
        return timedelta(0)
    delay = min(timedelta(seconds=2 ** min(past_free, 10)), LONGEST_WAIT)
    return max(last_failed_at + delay - now, timedelta(0))


#: Who has one IPv6 address has 2**64 of them: the network is what a provider gives to one
#: household or phone. Source: RFC 6177, section 2.
_IPV6_NETWORK_BITS = 64


def network_of(address: str) -> str:
    """What counts as one network: an IPv4 address, the /64 around an IPv6 one."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return f"{int(parsed) >> (128 - _IPV6_NETWORK_BITS):x}/{_IPV6_NETWORK_BITS}"
    return str(parsed)

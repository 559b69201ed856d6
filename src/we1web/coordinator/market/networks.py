"""Where a connection comes from, coarsely: replicas of a task avoid the same network. It keeps no whole address."""

import ipaddress

IPV4_BITS = 24
IPV6_BITS = 48
"""What one household or office has, more or less."""


def network_of(host: str) -> str:
    """The network of a peer's address; '' when it tells nothing: this machine, a private network, no address at all."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if not address.is_global:
        return ""
    bits = IPV4_BITS if address.version == 4 else IPV6_BITS
    return str(ipaddress.ip_network((address, bits), strict=False))

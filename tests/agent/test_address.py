"""What people type as the coordinator's address."""

import pytest

from we1web.agent.address import Address, AddressError, parse


@pytest.mark.parametrize(
    ("typed", "http", "websocket"),
    [
        ("http://localhost:8080", "http://localhost:8080", "ws://localhost:8080/ws"),
        ("localhost:8080", "http://localhost:8080", "ws://localhost:8080/ws"),
        ("https://we1web.example/", "https://we1web.example", "wss://we1web.example/ws"),
        ("wss://we1web.example/ws", "https://we1web.example", "wss://we1web.example/ws"),
        ("https://example.org/market/", "https://example.org/market", "wss://example.org/market/ws"),
        ("http://[::1]:80", "http://[::1]:80", "ws://[::1]:80/ws"),
    ],
)
def test_addresses(typed: str, http: str, websocket: str) -> None:
    assert parse(typed) == Address(http, websocket)


@pytest.mark.parametrize("typed", ["", "ftp://x", "http://", "http://host:port", "http://host:0", "http://[::1"])
def test_what_is_no_address_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(AddressError) as refusal:
        parse(typed)
    assert "https://" in refusal.value.hint

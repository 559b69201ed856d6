"""Token buckets: how many, how fast, how long to wait, and that strangers cannot make them eat memory."""

from we1web.coordinator.http.rates import Allowance, Buckets, address_key
from we1web.coordinator.usage import FRESH_S, UsageCache


def test_a_burst_then_the_rate() -> None:
    buckets = Buckets(per_s=2, burst=3)
    assert [buckets.take("a", 0).granted for _ in range(4)] == [True, True, True, False]
    assert buckets.take("b", 0).granted
    assert [buckets.take("a", 0.5).granted for _ in range(2)] == [True, False]
    assert [buckets.take("a", 100).granted for _ in range(4)] == [True, True, True, False]


def test_an_answer_says_what_is_left_and_how_long_to_wait() -> None:
    buckets = Buckets(per_s=0.1, burst=2)
    assert buckets.take("a", 0) == Allowance(limit=2, remaining=1, reset_s=10, retry_after_s=0)
    assert buckets.take("a", 0) == Allowance(limit=2, remaining=0, reset_s=20, retry_after_s=0)
    refused = buckets.take("a", 4)
    assert (refused.remaining, refused.retry_after_s) == (0, 6)
    assert refused.headers()["Retry-After"] == "6"
    assert buckets.take("a", 10).granted


def test_refused_requests_cost_nothing() -> None:
    buckets = Buckets(per_s=1, burst=1)
    buckets.take("a", 0)
    for _ in range(100):
        assert not buckets.take("a", 0.5).granted
    assert buckets.take("a", 1).granted


def test_strangers_cannot_make_it_grow() -> None:
    buckets = Buckets(per_s=1, burst=1, max_keys=10)
    for i in range(1_000):
        buckets.take(str(i), 0)
    assert len(buckets) == 10
    assert not buckets.take("999", 0).granted


def test_addresses_of_one_ipv6_network_share_a_bucket() -> None:
    assert address_key("2001:db8::1") == address_key("2001:db8::ffff:1") != address_key("2001:db8:0:1::1")
    assert address_key("192.0.2.1") == "192.0.2.1"
    assert len(address_key("x" * 1_000)) == 64


def test_usage_is_remembered_for_a_while_and_bounded() -> None:
    usage = UsageCache()
    usage.put(1, 100, now_s=0)
    usage.add(1, 5)
    assert usage.get(1, FRESH_S - 1) == 105
    assert usage.get(1, FRESH_S) is None
    assert usage.get(2, 0) is None

"""Money over HTTP: an operator's credits, balances, movements, and that nobody else can make money."""

from tests.http.conftest import Newcomer, Person, Site, create


async def test_an_operator_credits_by_id_or_email_once_for_each_key(site: Site, newcomer: Newcomer) -> None:
    person = await newcomer()
    order = {"email": person.email.upper(), "amount_micros": 500, "memo": "cash"}
    for _ in range(2):
        answer = await site.operator.post("/api/operator/credits", json=order, headers={"Idempotency-Key": "cash 1"})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    for _ in range(2):
        answer = await site.operator.post("/api/operator/credits", json=order, headers={"Idempotency-Key": "cash-1"})
        (balance,) = answer.json()["balances"]
        nothing = {"earnings_micros": 0, "held_micros": 0, "debt_micros": 0}
        assert balance == {"currency": "usd", "wallet_micros": 500} | nothing
    changed = await site.operator.post(
        "/api/operator/credits", json=order | {"amount_micros": 501}, headers={"Idempotency-Key": "cash-1"}
    )
    assert (changed.status_code, changed.json()["code"]) == (409, "idempotency_conflict")
    await person.fund(site.operator, 7)
    seen = (await person.http.get("/api/payments/earnings")).json()
    assert [item["amount_micros"] for item in seen["items"]] == [7, 500]


async def test_nobody_else_makes_money(site: Site, newcomer: Newcomer) -> None:
    person = await newcomer()
    order = {"user_id": person.id, "amount_micros": 1_000_000}
    refused = await person.http.post("/api/operator/credits", json=order)
    assert (refused.status_code, refused.json()["code"]) == (403, "operator_only")
    async with site.client() as stranger:
        refused = await stranger.post("/api/operator/credits", json=order)
    assert (refused.status_code, refused.json()["code"]) == (401, "token_missing")
    assert refused.headers["www-authenticate"] == "Bearer"
    assert (await person.http.get("/api/payments/earnings")).json()["balances"] == []


async def test_bad_credits_are_refused(site: Site, newcomer: Newcomer) -> None:
    person = await newcomer()
    for order, status, code in (
        ({"amount_micros": 1}, 422, "invalid_request"),
        ({"user_id": person.id, "email": person.email, "amount_micros": 1}, 422, "invalid_request"),
        ({"user_id": person.id, "amount_micros": 0}, 422, "invalid_request"),
        ({"user_id": person.id, "amount_micros": -5}, 422, "invalid_request"),
        ({"user_id": person.id, "amount_micros": 1 << 63}, 422, "invalid_request"),
        ({"email": "nobody@example.com", "amount_micros": 1}, 404, "not_found"),
    ):
        answer = await site.operator.post("/api/operator/credits", json=order)
        assert (answer.status_code, answer.json()["code"]) == (status, code), order


async def test_movements_name_their_job_and_come_in_pages(requester: Person) -> None:
    job = await create(requester, 1)
    await requester.http.delete(f"/api/jobs/{job['id']}")
    first = (await requester.http.get("/api/payments/earnings", params={"limit": 2})).json()
    assert [(i["kind"], i["job"], i["amount_micros"]) for i in first["items"]] == [
        ("refund", job["id"], 100_000),
        ("hold", job["id"], -100_000),
    ]
    rest = await requester.http.get("/api/payments/earnings", params={"cursor": first["next_cursor"]})
    assert [(i["kind"], i["job"]) for i in rest.json()["items"]] == [("fund", None)]


async def test_the_books_are_the_operators_and_sum_to_zero(site: Site, requester: Person) -> None:
    totals = (await site.operator.get("/api/operator/books")).json()["totals"]
    assert sum(total["balance_micros"] for total in totals) == 0
    assert (await requester.http.get("/api/operator/books")).status_code == 403

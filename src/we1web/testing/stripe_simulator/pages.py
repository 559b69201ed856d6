"""The pages behind `url` of a checkout session and of an account link: one button each, for people and for browsers."""

from html import escape
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from we1web.testing.stripe_simulator.refusing import StripeRefusal
from we1web.testing.stripe_simulator.simulator import Simulator
from we1web.testing.stripe_simulator.store import PLATFORM

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Stripe simulator</title>
<body style="font: 16px system-ui; max-width: 32rem; margin: 4rem auto; padding: 0 1rem">
<h1>Stripe simulator</h1>
<p>This is no Stripe. No money moves.</p>
{content}
</body></html>
"""


def routes(simulator: Simulator) -> list[Route]:
    return [
        Route("/_simulator/checkout/{id}", _checkout(simulator), methods=["GET", "POST"]),
        Route("/_simulator/onboarding/{id}", _onboarding(simulator), methods=["GET", "POST"]),
    ]


def _page(content: str, status: int = 200) -> Response:
    return HTMLResponse(PAGE.format(content=content), status)


def _button(said: str, button: str) -> Response:
    return _page(f'<p>{escape(said)}</p><form method="post"><button>{escape(button)}</button></form>')


def _gone(said: str) -> Response:
    return _page(f"<p>{escape(said)}</p>", 410)


def _checkout(simulator: Simulator) -> Any:
    async def endpoint(request: HttpRequest) -> Response:
        id_ = request.path_params["id"]
        simulator.state.clock.catch_up()
        try:
            session = simulator.state.store.find(id_, PLATFORM, "checkout.session").body
            if session["status"] != "open":
                return _gone(f"This session is {session['status']}.")
            if request.method == "GET":
                return _button(f"{session['amount_total']} minor units of {session['currency']}", "Pay")
            simulator.world.pay(id_)
        except StripeRefusal as refusal:
            return _page(f"<p>{escape(str(refusal))}</p>", refusal.status)
        return RedirectResponse(session["success_url"].replace("{CHECKOUT_SESSION_ID}", id_), 303)

    return endpoint


def _onboarding(simulator: Simulator) -> Any:
    async def endpoint(request: HttpRequest) -> Response:
        account, back, until = simulator.state.links.get(request.path_params["id"], ("", "", 0))
        if simulator.state.now() >= until:
            return _gone("This link is unknown, used or too old.")
        if request.method == "GET":
            return _button(f"Account {account}", "Finish onboarding")
        try:
            simulator.world.onboard(account)
        except StripeRefusal as refusal:
            return _page(f"<p>{escape(str(refusal))}</p>", refusal.status)
        del simulator.state.links[request.path_params["id"]]
        return RedirectResponse(back, 303)

    return endpoint

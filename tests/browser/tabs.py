"""A person with a tab: the real app in a real Chromium, pressed and read as a person would."""

import json
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page
from tests.live.harness import Person

from we1web.testing.patience import eventually

PASSWORD = "correct horse battery"
EARLY_S = 60
"""The app renews a session so long before its end."""


class Tab:
    """One page of one device; `open` logs its owner in."""

    def __init__(self, page: Page, person: Person, session: str) -> None:
        self.page = page
        self.person = person
        self._session = session

    @classmethod
    async def open(cls, browser: Browser, url: str, name: str) -> "Tab":
        """A new owner on a device of their own, on the page where one contributes."""
        answer = await Person(url).call(
            "POST",
            "/api/auth/register",
            json={"email": f"{name}@example.com", "password": PASSWORD, "display_name": name},
        )
        session = _session(answer)
        page = await cls._page(await _logged_in(browser, session, locale="en-US"), url)
        return cls(page, Person(url, answer["session"]["access_token"]), session)

    async def alike(self, browser: Browser, **options: Any) -> BrowserContext:
        """Another device of the same owner, logged in as well."""
        return await _logged_in(browser, self._session, **options)

    async def another(self) -> "Tab":
        """A second tab of the same device."""
        url = self.page.url.partition("/contribute")[0]
        return Tab(await self._page(self.page.context, url), self.person, self._session)

    async def press(self, label: str) -> None:
        await self.page.get_by_role("button", name=label, exact=True).click()

    async def state(self) -> str:
        """The word that the owner reads."""
        return (await self.page.locator("main h2").first.inner_text()).strip()

    async def until(self, *states: str, timeout_s: float = 60) -> str:
        async def reached() -> str | None:
            state = await self.state()
            return state if state in states else None

        return await eventually(reached, f"the tab says {' or '.join(states)}", timeout_s)

    async def node(self) -> dict[str, Any]:
        """Its node, as its owner's list shows it."""
        (found,) = (await self.person.call("GET", "/api/nodes/my-nodes"))["items"]
        return dict(found)

    async def earned_micros(self) -> int:
        balances = (await self.person.call("GET", "/api/payments/earnings"))["balances"]
        return sum(int(balance["earnings_micros"]) for balance in balances)

    async def has_earned(self) -> bool | None:
        return True if await self.earned_micros() else None

    async def close(self) -> None:
        await self.page.context.close()
        await self.person.http.aclose()

    @staticmethod
    async def _page(context: BrowserContext, url: str) -> Page:
        page = await context.new_page()
        await page.goto(f"{url}/contribute")
        await page.locator("main h2").first.wait_for()
        return page


async def _logged_in(browser: Browser, session: str, **options: Any) -> BrowserContext:
    context = await browser.new_context(**options)
    await context.add_init_script(f"localStorage.setItem('we1web.session', {json.dumps(session)})")
    return context


def _session(answer: dict[str, Any]) -> str:
    user, session = answer["user"], answer["session"]
    return json.dumps(
        {
            "accessToken": session["access_token"],
            "refreshToken": session["refresh_token"],
            "renewAt": (session["expires_at"] - EARLY_S) * 1_000,
            "user": {"id": user["id"], "email": user["email"], "name": user["display_name"] or ""},
        }
    )

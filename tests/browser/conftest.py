"""A coordinator that serves the app as it was built, and a page of it that holds the sandbox alone."""

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route
from tests.browser.tab_runtime import TabRuntime
from tests.fixtures_postgres import Postgres, reachable_folder
from tests.live.harness import CoordinatorProcess
from tests.runtimes.conftest import counter, pyodide_files, python, wasm  # noqa: F401 fixtures
from tests.web.conftest import deno

ROOT = Path(__file__).parents[2]
CORES = 2


@pytest.fixture(scope="session")
def site(pyodide_files: None) -> None:  # noqa: F811
    """The web app, built; quick when it is up to date."""
    subprocess.run([sys.executable, ROOT / "build" / "web"], check=True)


@pytest_asyncio.fixture
async def coordinator(site: None, postgres: Postgres, tmp_path: Path) -> AsyncIterator[CoordinatorProcess]:
    process = CoordinatorProcess(tmp_path / "coordinator", DATABASE_URL=await postgres.create())
    await process.start()
    yield process
    await process.stop()


@pytest_asyncio.fixture(scope="session")
async def site_url(site: None) -> AsyncIterator[str]:
    """A coordinator that nobody works for."""
    with reachable_folder() as folder:
        process = CoordinatorProcess(folder)
        await process.start()
        yield process.url
        await process.stop()


def build_sandbox_script(folder: Path) -> str:
    """The script of the page that opens the sandbox for tests, built into `folder`."""
    done = deno("task", "--frozen", "testing", "--outDir", str(folder))
    assert done.returncode == 0, done.stderr
    return (folder / "sandbox_page.js").read_text()


async def open_sandbox(browser: Browser, url: str, text: str) -> TabRuntime:
    """A page of the coordinator's origin with an open sandbox: the frame and its rules are the coordinator's own."""

    async def script(route: Route) -> None:
        await route.fulfill(content_type="text/javascript", body=text)

    async def blank(route: Route) -> None:
        await route.fulfill(
            content_type="text/html", body='<!doctype html><script src="/test.js" type="module"></script>'
        )

    page = await browser.new_page()
    await page.route("**/test.js", script)
    await page.route("**/test", blank)
    await page.goto(f"{url}/test")
    await page.evaluate("cores => tests.open(cores)", CORES)
    return TabRuntime(page)


@pytest_asyncio.fixture(scope="session")
async def tab(browser: Browser, site_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TabRuntime]:
    """The sandbox, open."""
    runtime = await open_sandbox(browser, site_url, build_sandbox_script(tmp_path_factory.mktemp("page")))
    yield runtime
    await runtime.page.close()

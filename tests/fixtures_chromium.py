"""Pytest plugin: a real Chromium (Debian's), driven by Playwright. Installed when it is missing and we may."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, async_playwright

PACKAGE = "chromium"


def chromium() -> str:
    """The path of Chromium. Installs Debian's package as root; says what to do where that is not possible."""
    found = shutil.which(PACKAGE)
    if found:
        return found
    assert os.geteuid() == 0 and shutil.which("apt-get"), f"these tests need {PACKAGE}: sudo apt-get install {PACKAGE}"
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=environment)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", PACKAGE]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return shutil.which(PACKAGE) or PACKAGE


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium without a window. (Its own sandbox does not work for root; ours is what is tested.)"""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield launched
        await launched.close()

"""What the browser is told about each file of the web app: its type, how long it may be kept, what it may do.

Only here is it decided which page runs under which rules. Tasks of strangers run inside the sandbox page: it must
never be answered with the rules of the app, nor the app with its.
"""

import re
from pathlib import PurePosixPath

APP_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
SANDBOX_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' blob: 'wasm-unsafe-eval'; "
    "worker-src blob:; connect-src 'none'; frame-ancestors 'self'"
)
"""An origin of its own without storage or network, wherever the page is opened: framed by us or in a tab."""
UNUSED_FEATURES = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer",
    "microphone", "midi", "payment", "serial", "usb",
)  # fmt: skip
TWO_YEARS_S = 2 * 365 * 86_400

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
"""Kept, and asked about each time: an unchanged file costs a 304."""

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".txt": "text/plain; charset=utf-8",
    ".zip": "application/zip",
}
_HASHED_NAME = re.compile(r"-[\w-]{8,}\.\w+$")


def headers_of(path: str, *, https: bool) -> dict[str, str]:
    """Everything about an answer that follows from its path alone."""
    fields = {
        "Content-Type": _content_type(path),
        "Cache-Control": _cache_control(path),
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES),
    }
    if _is_sandbox_page(path):
        fields["Content-Security-Policy"] = SANDBOX_POLICY
    else:
        fields |= {"Content-Security-Policy": APP_POLICY, "Cross-Origin-Opener-Policy": "same-origin"}
    if https:
        fields["Strict-Transport-Security"] = f"max-age={TWO_YEARS_S}"
    return fields


def _is_sandbox_page(path: str) -> bool:
    return path.startswith("/sandbox/") and path.endswith(".html")


def _content_type(path: str) -> str:
    """Scripts of the sandbox are text to the app, which hands them in: no page of ours may run one as its own."""
    if path.startswith("/sandbox/") and not _is_sandbox_page(path):
        return _TYPES[".txt"]
    return _TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")


def _cache_control(path: str) -> str:
    named_by_content = path.startswith("/sandbox/") and _HASHED_NAME.search(path)
    return FOR_EVER if path.startswith(("/assets/", "/runtime/")) or named_by_content else ASK_AGAIN

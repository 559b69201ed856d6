"""The files of the web app as they lie on disk, read once at the start: path → every form it can be answered in.

What is not in this table does not exist: no path of a request is ever joined to a folder. The table comes from the
manifests that build/web and build/pyodide wrote. The raw files of the Python runtime stay where the native node has
them; only their compressed forms are the site's.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import we1web.coordinator
from we1web.agent.runtimes.identity import PYODIDE_DIR, RUNTIME_IDS
from we1web.coordinator.http.site_headers import headers_of

SITE_DIR = Path(we1web.coordinator.__file__).parent / "site"
"""What build/web wrote: not in git, shipped in the wheel."""
MANIFEST = "manifest.json"
SUFFIXES = {"br": ".br", "gzip": ".gz"}
"""Content coding → how its file is named, the best first."""
IDENTITY = "identity"
MAX_IN_MEMORY_BYTES = 1 << 20
"""Larger files are read from disk while they are sent."""
INDEX = "index.html"

Headers = list[tuple[bytes, bytes]]

NOT_BUILT = b"""<!doctype html>
<html lang="en">
<title>WE1WEB: the web app was not built</title>
<h1>The web app was not built</h1>
<p>This coordinator answers its API and its nodes; only the pages are missing.</p>
<p>In a checkout run <code>./run up</code>, or <code>.venv/bin/python build/web</code> and start again.</p>
<p>The package that is installed with pip holds the pages: if this is one, install it again.</p>
</html>
"""


@dataclass(frozen=True, slots=True)
class Form:
    """A file in one content coding."""

    content: bytes | Path
    etag: str
    headers: Headers


@dataclass(frozen=True, slots=True)
class File:
    """What one path answers: by content coding, the best first; `identity` is always among them."""

    forms: dict[str, Form]
    status: int = 200


@dataclass(frozen=True)
class Site:
    """Every path of the web app, and the page that answers the app's own routes."""

    files: dict[str, File]
    page: File


def read_site(site_dir: Path = SITE_DIR, runtime_dir: Path = PYODIDE_DIR, *, https: bool = False) -> Site:
    """The site as it was built, or one page that says how to build it."""
    try:
        manifest = _manifest(site_dir)
        files = dict(_app_files(site_dir, manifest["files"], https))
        files |= _runtime_files(site_dir, runtime_dir, https)
        page = files[f"/{INDEX}"]
    except (OSError, ValueError, KeyError):
        missing = _file(f"/{INDEX}", {IDENTITY: (NOT_BUILT, "")}, https, status=503)
        return Site({"/": missing}, missing)
    return Site(files | {"/": page}, page)


def _manifest(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    return manifest


def _app_files(folder: Path, digests: dict[str, str], https: bool) -> Iterator[tuple[str, File]]:
    """All but compressed forms, which are no paths of their own, and those of the runtime."""
    for name, digest in digests.items():
        if name.startswith("runtime/") or _is_form_of_another(name, digests):
            continue
        contents = {IDENTITY: (_content(folder / name), digest)}
        contents |= {
            coding: (_content(folder / (name + suffix)), digest)
            for coding, suffix in SUFFIXES.items()
            if name + suffix in digests
        }
        yield f"/{name}", _file(f"/{name}", contents, https)


def _is_form_of_another(name: str, digests: dict[str, str]) -> bool:
    return any(name.endswith(suffix) and name.removesuffix(suffix) in digests for suffix in SUFFIXES.values())


def _runtime_files(site_dir: Path, runtime_dir: Path, https: bool) -> Iterator[tuple[str, File]]:
    """Those of the version that runs here; compressed forms count when they were made of exactly these files."""
    runtime_id = RUNTIME_IDS["python"]
    compressed = _manifest(site_dir).get("runtime", {})
    for name, digest in _digests_of_runtime(runtime_dir).items():
        contents = {IDENTITY: (_content(runtime_dir / name), digest)}
        for coding, suffix in SUFFIXES.items():
            path = site_dir / "runtime" / runtime_id / (name + suffix)
            if compressed.get(name) == digest and path.exists():
                contents[coding] = (_content(path), digest)
        yield f"/runtime/{runtime_id}/{name}", _file(f"/runtime/{runtime_id}/{name}", contents, https)


def _digests_of_runtime(folder: Path) -> dict[str, str]:
    """Nothing when they were not built, or are another version's: then there is no such runtime to give."""
    try:
        manifest = _manifest(folder)
    except (OSError, ValueError):
        return {}
    files: dict[str, str] = manifest["files"] if manifest.get("runtime") == RUNTIME_IDS["python"] else {}
    return files


def _content(path: Path) -> bytes | Path:
    return path.read_bytes() if path.stat().st_size <= MAX_IN_MEMORY_BYTES else path


def _file(path: str, contents: dict[str, tuple[bytes | Path, str]], https: bool, status: int = 200) -> File:
    ordered = [coding for coding in (*SUFFIXES, IDENTITY) if coding in contents]
    common = headers_of(path, https=https) | {"Vary": "Accept-Encoding"}
    return File({coding: _form(coding, *contents[coding], common) for coding in ordered}, status)


def _form(coding: str, content: bytes | Path, digest: str, common: dict[str, str]) -> Form:
    size = len(content) if isinstance(content, bytes) else content.stat().st_size
    etag = f'"{digest[:32]}-{coding}"' if digest else ""
    fields = common | {"Content-Length": str(size)}
    fields |= {"ETag": etag} if etag else {}
    fields |= {"Content-Encoding": coding} if coding != IDENTITY else {}
    return Form(content, etag, [(name.lower().encode(), value.encode()) for name, value in fields.items()])

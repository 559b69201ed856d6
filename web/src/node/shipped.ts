// The Python runtime that this app was built for; the build puts it here.

import type { Manifest } from "./runtime_files";

declare const __PYTHON_MANIFEST__: Manifest;

export const PYTHON_MANIFEST: Manifest = __PYTHON_MANIFEST__;

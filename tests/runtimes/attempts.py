"""A Python task that tries to get out, one way per call. Runs inside the sandbox; says 'denied: ...' or 'ALLOWED ...'.

`JAVASCRIPT` are attempts of a task that found its way to the global object of JavaScript (it is hidden, not walled).
"""

SOURCE = '''
import os, sys, time

def global_object():
    """The way to JavaScript for one who knows: our clock's handle leads to a function's constructor."""
    return time.sleep.__closure__[0].cell_contents.constructor("return globalThis")()

def javascript(code):
    return time.sleep.__closure__[0].cell_contents.constructor(code)()

def tcp(port):
    import socket
    socket.create_connection(("127.0.0.1", port), timeout=1)

def http(port):
    import urllib.request
    return urllib.request.urlopen(f"http://127.0.0.1:{port}/").read()

def read_passwd(_):
    return open("/etc/passwd").read()

def read_agent(path):
    return open(path).read()

def list_processes(_):
    return os.listdir("/proc/1")

def ctypes_library(_):
    import ctypes
    return ctypes.CDLL("libc.so.6").getpid()

def environment(_):
    unexpected = set(os.environ) - {"HOME", "PATH", "USER", "LOGNAME", "PWD", "LANG", "TZ", "_"}
    unexpected -= {"PYTHONHASHSEED", "PYTHONINSPECT", "LD_LIBRARY_PATH"}
    assert unexpected or "SECRET" in str(os.environ.values())
    return unexpected

def system(_):
    if os.system("id") != 0:
        raise OSError("not run")

def spawn(_):
    import subprocess
    return subprocess.run(["id"], capture_output=True).stdout

def fork(_):
    return os.fork()

def execute(_):
    os.execv("/bin/sh", ["sh"])

def thread(_):
    import threading
    threading.Thread(target=print).start()

def process_pool(_):
    import multiprocessing
    return multiprocessing.Pool(2).map(abs, [1])

def kill_parent(_):
    os.kill(os.getppid(), 9)

def import_bridge(_):
    import js
    return js

def import_bridge_module(_):
    import pyodide_js
    return pyodide_js

def import_run_js(_):
    from pyodide.code import run_js
    return run_js("1")

def import_core(_):
    import _pyodide_core
    return _pyodide_core

def install_package(_):
    import micropip
    return micropip

def js(code):
    return javascript(code)

def f(name, argument):
    try:
        return f"ALLOWED {name}: {globals()[name](argument)!r}"[:200]
    except BaseException as error:
        return f"denied: {type(error).__name__}: {error}"[:200]
'''

PYTHON = [
    "read_passwd", "list_processes", "ctypes_library", "environment", "system", "spawn", "fork", "execute", "thread",
    "process_pool", "kill_parent", "import_bridge", "import_bridge_module", "import_run_js", "import_core",
    "install_package",
]  # fmt: skip

JAVASCRIPT = {
    "the host object": "return Deno.pid",
    "the process object": "return process.env",
    "read a file": "return Deno.readTextFileSync('/etc/passwd')",
    "read by request": "const r = new XMLHttpRequest(); r.open('GET', 'file:///etc/passwd', false); r.send()",
    "web socket": "return new WebSocket('ws://127.0.0.1:%d/').readyState",
    "event source": "return new EventSource('http://127.0.0.1:%d/')",
    "web transport": "return new WebTransport('https://127.0.0.1:%d/')",
    "worker": "return new Worker('data:text/javascript,1', {type: 'module'})",
    "broadcast": "return new BroadcastChannel('x')",
    "local storage": "localStorage.setItem('a', 'b')",
    "session storage": "sessionStorage.setItem('a', 'b')",
    "caches": "return caches.open('x')",
    "database": "return indexedDB.open('x')",
    "graphics": "return navigator.gpu.requestAdapter()",
    "prompt": "return prompt('?')",
    "script": "importScripts('http://127.0.0.1:%d/')",
    "real clock": "return Temporal.Now.instant()",
}
"""JavaScript that answers at once. `%d` is the port of the counting server."""

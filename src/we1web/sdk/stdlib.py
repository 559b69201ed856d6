"""What a task finds in its sandbox: Python's standard library without what needs a machine. Pure facts, no imports."""

import sys
from types import ModuleType

_NO_PROCESSES = "the sandbox starts no other process or thread; send more inputs instead: they run in parallel"
_NO_NETWORK = "the sandbox has no network; fetch the data here and pass it as an argument"
_NO_SYSTEM = "the sandbox has no operating system under it; pass what you need as an argument"
_NO_SCREEN = "the sandbox has no screen or keyboard; return the result instead"
_NOT_THERE = "the sandbox's Python is built without it"
_GONE = "it left Python's standard library before the version that the sandbox runs"

_GROUPS = {
    _NO_PROCESSES: "multiprocessing subprocess pty",
    _NO_NETWORK: "ssl ftplib imaplib nntplib poplib smtplib telnetlib xmlrpc socketserver wsgiref",
    _NO_SYSTEM: "_winapi fcntl grp msvcrt nt posixshmem pwd resource syslog termios tty winreg",
    _NO_SCREEN: "curses idlelib readline tkinter turtle turtledemo winsound",
    _NOT_THERE: "dbm ensurepip nis ossaudiodev pydoc_data spwd test venv",
    _GONE: "aifc asynchat asyncore audioop binhex cgi cgitb chunk crypt distutils imghdr imp lib2to3 mailcap msilib"
    " pipes smtpd sndhdr sunau uu xdrlib",
}
UNAVAILABLE = {module: reason for reason, modules in _GROUPS.items() for module in modules.split()}
"""Top-level modules of some standard library that a task cannot use, and why."""


def refusal(module: str) -> str | None:
    """Why a task cannot import `module`; None when it can."""
    top = module.partition(".")[0]
    if top in UNAVAILABLE:
        return UNAVAILABLE[top]
    if top in sys.stdlib_module_names:
        return None
    return "only Python's standard library is there; write what you need of it as functions of your own"


def is_standard(module: str) -> bool:
    """True for modules of Python itself, whether the sandbox has them or not."""
    return module.partition(".")[0] in sys.stdlib_module_names


def public_home(value: object, name: str) -> tuple[str, str] | None:
    """(module, attribute) from which the standard library gives exactly `value`; None when it does not."""
    owners = [getattr(value, "__module__", None), type(getattr(value, "__self__", None)).__module__]
    names = [name, getattr(value, "__qualname__", ""), getattr(value, "__name__", "")]
    for owner in filter(None, owners):
        for module in (str(owner).removeprefix("_"), str(owner)):
            for attribute in filter(None, names):
                if is_standard(module) and _is_attribute(module, str(attribute), value):
                    return module, str(attribute)
    return None


def _is_attribute(module: str, attribute: str, value: object) -> bool:
    found = sys.modules.get(module)
    return isinstance(found, ModuleType) and "." not in attribute and vars(found).get(attribute) is value

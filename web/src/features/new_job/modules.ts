/** What a Python task can import: the standard library as the sandbox has it, without what needs a machine under it. */
export const MODULES: ReadonlySet<string> = new Set(
  (
    "abc annotationlib argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2 cProfile calendar " +
    "cmath cmd code codecs codeop collections colorsys compileall compression concurrent configparser contextlib " +
    "contextvars copy copyreg csv ctypes dataclasses datetime decimal difflib dis doctest email encodings enum errno " +
    "faulthandler filecmp fileinput fnmatch fractions functools gc genericpath getopt getpass gettext glob graphlib " +
    "gzip hashlib heapq hmac html http importlib inspect io ipaddress itertools json keyword linecache locale logging " +
    "lzma mailbox marshal math mimetypes mmap modulefinder netrc ntpath nturl2path numbers opcode operator optparse " +
    "os pathlib pdb pickle pickletools pkgutil platform plistlib posix posixpath pprint profile pstats py_compile " +
    "pyclbr pydoc pyexpat queue quopri random re reprlib rlcompleter runpy sched secrets select selectors shelve " +
    "shlex shutil signal site socket sqlite3 sre_compile sre_constants sre_parse stat statistics string stringprep " +
    "struct symtable sys sysconfig tabnanny tarfile tempfile textwrap this threading time timeit token tokenize " +
    "tomllib trace traceback tracemalloc types typing unicodedata unittest urllib uuid warnings wave weakref " +
    "webbrowser xml zipapp zipfile zipimport zlib zoneinfo"
  ).split(" "),
);

"""Hard limits of the wire: one place, read by both ends, cited by spec/protocol.md."""

VERSION = 1
SUBPROTOCOL_MSGPACK = "we1web.v1.msgpack"
SUBPROTOCOL_JSON = "we1web.v1.json"

MAX_FRAME_BYTES = 4 << 20
INLINE_BYTES = 64 << 10
"""Arguments and outcomes up to this size travel inside frames; larger ones are blobs named by digest."""

MAX_BLOB_BYTES = 64 << 20
MAX_TASKS_PER_BUNDLE = 1_000
MAX_REPORTS_PER_FRAME = 1_000
MAX_TOKEN_BYTES = 8 << 10
MAX_NAME_CHARS = 100
MAX_DETAIL_CHARS = 4_000
MAX_RUNTIMES = 32
MAX_WINDOW = 10_000
MAX_CORES = 4_096
MAX_CACHED = 1_000
MAX_RESUMED_IDS = 100_000
"""Bundle ids in all grants of one registration: keeps it within one frame and its check short."""

"""The language of WE1WEB: messages, codec, digests and the sans-IO session. Nothing here does I/O."""

"""What runs inside the processes of the wasm runtime, and the cache of what they compiled."""

/** What the cache of the page calls these lists. */
export const TOKENS = ["account", "tokens"];
export const SESSIONS = ["account", "sessions"];
export const PREFERENCES = ["account", "preferences"];

/** Commands of `we1web` for this coordinator and account, ready to be pasted into a shell. */

/** Everything else than plain words is put into quotes. */
function word(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

export function loginCommand(origin: string, email: string): string {
  return `we1web login --url ${word(origin)} --email ${word(email)}`;
}

/** Asks for the token instead of holding it, so that no shell keeps it in its history. */
export function askForToken(origin: string): string {
  return `export WE1WEB_URL=${word(origin)}; read -rs WE1WEB_TOKEN && export WE1WEB_TOKEN`;
}

export function tokenVariables(origin: string, token: string): string {
  return `export WE1WEB_URL=${word(origin)} WE1WEB_TOKEN=${word(token)}`;
}

export function nodeCommand(origin: string, token: string): string {
  return `WE1WEB_TOKEN=${word(token)} we1web node --join ${word(origin)}`;
}

import { ApiError } from "../../api/problem";

/** What the coordinator asks of a password (coordinator/auth/passwords.py) and of a name (protocol/limits.py). */
export const PASSWORD_CHARS = 8;
export const NAME_CHARS = 100;

export type FieldName = "email" | "password" | "name";

export interface Entries {
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

export type Fault =
  | { readonly field: "email"; readonly key: "emailMissing" }
  | { readonly field: "password"; readonly key: "passwordMissing" }
  | { readonly field: "password"; readonly key: "passwordShort"; readonly left: number }
  | { readonly field: "name"; readonly key: "nameLong"; readonly most: number };

/** What can be said without asking the coordinator; the first fault from above. */
export function faultOf(entries: Entries, isNew: boolean): Fault | undefined {
  if (entries.email.trim() === "") return { field: "email", key: "emailMissing" };
  if (entries.password === "") return { field: "password", key: "passwordMissing" };
  const left = PASSWORD_CHARS - [...entries.password].length;
  if (isNew && left > 0) return { field: "password", key: "passwordShort", left };
  if (isNew && [...entries.name.trim()].length > NAME_CHARS)
    return { field: "name", key: "nameLong", most: NAME_CHARS };
  return undefined;
}

const FIELD_OF: Readonly<Record<string, FieldName>> = {
  email_taken: "email",
  email_invalid: "email",
  weak_password: "password",
};

/** The field that an answer of the coordinator is about. */
export function fieldOf(error: unknown): FieldName | undefined {
  return error instanceof ApiError ? FIELD_OF[error.code] : undefined;
}

// Who may do what in a pool: what buttons there are. The coordinator decides (src/we1web/domain/pools.py, RIGHTS).

import type { PoolMember, Role } from "../../api";

type Right = "newKey" | "setTerms" | "withdraw" | "close" | "leave";

const RIGHTS: Readonly<Record<Role, readonly Right[]>> = {
  owner: ["newKey", "setTerms", "withdraw", "close"],
  manager: ["newKey", "leave"],
  member: ["leave"],
};

export function may(role: Role, right: Right): boolean {
  return RIGHTS[role].includes(right);
}

export type Deed = "manager" | "member" | "owner" | "remove";

/** What somebody of role `mine` can do about another member, in the order of the menu. */
export function deedsOn(member: Pick<PoolMember, "role">, mine: Role): Deed[] {
  if (mine === "member" || member.role === "owner") return [];
  if (mine === "manager") return member.role === "member" ? ["remove"] : [];
  return [member.role === "member" ? "manager" : "member", "owner", "remove"];
}

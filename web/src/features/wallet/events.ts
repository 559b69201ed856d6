import { messages } from "../../app/text";

/** Kinds of ledger transactions as each account sees them, by `account_kind`. */
export const events = messages({
  en: {
    wallet_fund: "Credited by the operator",
    wallet_hold: "Budget held",
    wallet_refund: "Rest of a budget came back",
    held_hold: "Budget of a job",
    held_settle: "Accepted answers paid",
    held_refund: "Rest went back to the wallet",
    earnings_settle: "Answers accepted",
    earnings_compensate: "A dispute was decided for you",
    other: "{kind}",
  },
  de: {
    wallet_fund: "Gutschrift des Betreibers",
    wallet_hold: "Budget zurückgelegt",
    wallet_refund: "Rest eines Budgets kam zurück",
    held_hold: "Budget eines Auftrags",
    held_settle: "Angenommene Antworten bezahlt",
    held_refund: "Rest ging ins Guthaben zurück",
    earnings_settle: "Antworten angenommen",
    earnings_compensate: "Ein Streit ging für Sie aus",
    other: "{kind}",
  },
});

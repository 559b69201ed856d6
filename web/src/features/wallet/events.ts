import { messages } from "../../app/text";

/** Kinds of ledger transactions as each account sees them, by `account_kind`. */
export const events = messages({
  en: {
    wallet_fund: "Credited by the operator of the network",
    wallet_hold: "Budget held for a job",
    wallet_refund: "Rest of a job’s budget came back",
    held_hold: "Budget of a job",
    held_settle: "Accepted answers paid",
    held_refund: "Rest went back to the wallet",
    earnings_settle: "Answers of your nodes were accepted",
    earnings_compensate: "A dispute was decided for you after all",
    other: "{kind}",
  },
  de: {
    wallet_fund: "Gutschrift des Netzbetreibers",
    wallet_hold: "Budget für einen Auftrag zurückgelegt",
    wallet_refund: "Rest eines Budgets kam zurück",
    held_hold: "Budget eines Auftrags",
    held_settle: "Angenommene Antworten bezahlt",
    held_refund: "Rest ging ins Guthaben zurück",
    earnings_settle: "Antworten Ihrer Geräte wurden angenommen",
    earnings_compensate: "Ein Streit wurde doch für Sie entschieden",
    other: "{kind}",
  },
});

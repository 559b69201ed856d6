import { messages } from "../../app/text";

/** Words about statements of account. */
export const statementText = messages({
  en: {
    title: "Statement of account",
    hint: "What was there, every movement, and what is there: as the ledger has it.",
    account: "Account",
    account_wallet: "Wallet",
    account_earnings: "Earnings",
    month: "Month",
    csv: "Save as CSV",
    pdf: "Save as PDF",
  },
  de: {
    title: "Kontoauszug",
    hint: "Was da war, jede Bewegung, und was da ist: wie es im Hauptbuch steht.",
    account: "Konto",
    account_wallet: "Guthaben",
    account_earnings: "Verdienst",
    month: "Monat",
    csv: "Als CSV speichern",
    pdf: "Als PDF speichern",
  },
});

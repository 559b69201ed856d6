import { messages } from "../../app/text";

/** Words of more than one page about money. */
export const shared = messages({
  en: {
    amount: "Amount",
    amountNone: "Enter an amount, such as 20 or 20.50.",
    amountStep: "Amounts come in steps of {step}.",
    amountLeast: "At least {amount}.",
    amountMost: "At most {amount}.",
    currency: "Currency",
    cancel: "Cancel",
    close: "Close",
    details: "Details",
    toWallet: "Wallet",
  },
  de: {
    amount: "Betrag",
    amountNone: "Geben Sie einen Betrag ein, etwa 20 oder 20,50.",
    amountStep: "Beträge gehen in Schritten von {step}.",
    amountLeast: "Mindestens {amount}.",
    amountMost: "Höchstens {amount}.",
    currency: "Währung",
    cancel: "Abbrechen",
    close: "Schließen",
    details: "Einzelheiten",
    toWallet: "Guthaben",
  },
});

import { messages } from "../../app/text";

/** Words about money that changes its currency. */
export const exchangeText = messages({
  en: {
    exchange: "Exchange",
    exchangeHint: "At the newest rate this network has; both sides are in the ledger.",
    from: "From",
    to: "To",
    account_wallet: "Wallet",
    account_earnings: "Earnings",
    most: "There is {amount}.",
    gives: "You give",
    gets: "You get",
    margin: "The network keeps ({share})",
    rate: "1 {from} = {rate} {to}, rate of {day}",
    done: "Exchanged: {amount} came in.",
  },
  de: {
    exchange: "Umtauschen",
    exchangeHint: "Zum neuesten Kurs, den dieses Netz hat; beide Seiten stehen im Hauptbuch.",
    from: "Von",
    to: "In",
    account_wallet: "Guthaben",
    account_earnings: "Verdienst",
    most: "Da sind {amount}.",
    gives: "Sie geben",
    gets: "Sie bekommen",
    margin: "Das Netz behält ({share})",
    rate: "1 {from} = {rate} {to}, Kurs vom {day}",
    done: "Umgetauscht: {amount} kamen herein.",
  },
});

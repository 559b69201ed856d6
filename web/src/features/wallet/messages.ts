import { messages } from "../../app/text";

export const text = messages({
  en: {
    title: "Wallet",
    lead: "What you have, what is held, what you earned, and why.",
  },
  de: {
    title: "Guthaben",
    lead: "Was Sie haben, was zurückgelegt ist, was Sie verdient haben und warum.",
  },
});

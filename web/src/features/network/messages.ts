import { messages } from "../../app/text";

export const text = messages({
  en: {
    title: "Network",
    lead: "Who works here, on how much, and how well.",
  },
  de: {
    title: "Netz",
    lead: "Wer hier arbeitet, woran und wie gut.",
  },
});

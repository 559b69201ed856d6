import { messages } from "../../app/text";

export const text = messages({
  en: {
    title: "Account",
    lead: "Your name, your preferences, and who is logged in.",
  },
  de: {
    title: "Konto",
    lead: "Ihr Name, Ihre Einstellungen und wer angemeldet ist.",
  },
});

import { messages } from "../../app/text";

export const text = messages({
  en: {
    title: "Log in",
    lead: "x",
  },
  de: {
    title: "Anmelden",
    lead: "x",
  },
});

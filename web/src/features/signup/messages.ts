import { messages } from "../../app/text";

export const text = messages({
  en: {
    title: "Sign up",
    lead: "x",
  },
  de: {
    title: "Registrieren",
    lead: "x",
  },
});

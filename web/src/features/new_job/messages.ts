import { messages } from "../../app/text";

export const text = messages({
  en: {
    title: "New job",
    lead: "A function or a module, its inputs, and what it may cost.",
  },
  de: {
    title: "Neuer Auftrag",
    lead: "Eine Funktion oder ein Modul, die Eingaben und was es kosten darf.",
  },
});

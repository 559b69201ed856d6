import { messages } from "../../app/text";

export const text = messages({
  en: {
    title: "Nodes",
    lead: "The devices that work for you.",
  },
  de: {
    title: "Geräte",
    lead: "Die Geräte, die für Sie arbeiten.",
  },
});

import { messages } from "../../app/text";

export const text = messages({
  en: {
    title: "One computer out of many",
    lead: "x",
  },
  de: {
    title: "Ein Computer aus vielen",
    lead: "x",
  },
});

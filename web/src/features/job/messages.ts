import { messages } from "../../app/text";

export const text = messages({
  en: {
    title: "Job",
    lead: "How far it is, what came out, and who agreed.",
  },
  de: {
    title: "Auftrag",
    lead: "Wie weit er ist, was herauskam und wer zugestimmt hat.",
  },
});

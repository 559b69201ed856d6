import { messages } from "../../app/text";

export const text = messages({
  en: {
    title: "Contribute",
    lead: "Lend what your device does not need, and earn for every task it gets right.",
  },
  de: {
    title: "Beitragen",
    lead: "Verleihen Sie, was Ihr Gerät gerade nicht braucht, und verdienen Sie an jeder richtigen Aufgabe.",
  },
});

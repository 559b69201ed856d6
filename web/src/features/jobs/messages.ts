import { messages } from "../../app/text";

export const text = messages({
  en: {
    title: "Jobs",
    lead: "What you have given the network to compute.",
  },
  de: {
    title: "Aufträge",
    lead: "Was Sie dem Netz zu rechnen gegeben haben.",
  },
});

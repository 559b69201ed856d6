import { messages } from "../../app/text";

/** The words about a job that its row in the list and its own page share. */
export const words = messages({
  en: {
    taking: "Takes tasks",
    running: "Running",
    waiting: "Waiting",
    done: "Done",
    cancelled: "Cancelled",
    progress: "{name}: tasks that ended",
    ended: "{ended} of {total}",
    failed: "{count} failed",
    noTasks: "No tasks yet",
    cancelTitle: "Cancel this job?",
    cancelText:
      "“{name}” has {open, plural, =0 {no open task} one {# open task} other {# open tasks}}. What is open is withdrawn and cannot be started again; results that were accepted stay and are paid, and the rest of the budget comes back to your wallet.",
    cancelConfirm: "Cancel the job",
    cancelNot: "Keep the job",
    wasCancelled: "“{name}” was cancelled.",
    notCancelled: "“{name}” was not cancelled: {why}",
  },
  de: {
    taking: "Nimmt Aufgaben an",
    running: "Läuft",
    waiting: "Wartet",
    done: "Fertig",
    cancelled: "Abgebrochen",
    progress: "{name}: beendete Aufgaben",
    ended: "{ended} von {total}",
    failed: "{count} fehlgeschlagen",
    noTasks: "Noch keine Aufgaben",
    cancelTitle: "Diesen Auftrag abbrechen?",
    cancelText:
      "„{name}“ hat {open, plural, =0 {keine offene Aufgabe} one {# offene Aufgabe} other {# offene Aufgaben}}. Was offen ist, wird zurückgezogen und lässt sich nicht wieder starten; angenommene Ergebnisse bleiben und werden bezahlt, der Rest des Budgets kommt in Ihr Guthaben zurück.",
    cancelConfirm: "Auftrag abbrechen",
    cancelNot: "Auftrag behalten",
    wasCancelled: "„{name}“ wurde abgebrochen.",
    notCancelled: "„{name}“ wurde nicht abgebrochen: {why}",
  },
});

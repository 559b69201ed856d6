import { ApiError } from "../../api/problem";
import { messages, type Text } from "../../app/text";
import type { Problem } from "../../node/tab";

/** Why a node had to end, and what its owner can do: what happened | what to do. */
export const problemWords = messages({
  en: {
    browser_unfit:
      "This browser cannot run tasks: it has no WebAssembly or no workers.|Use a current Chrome, Edge, Firefox or Safari.",
    cannot_start: "The node could not be started.|Reload the page, then press Start.",
    node_error:
      "The node stopped because of an error of its own.|Start it again; if that does not help, reload the page.",
    runtime_broken:
      "What tasks run in does not start here.|Close other tabs and programs: it needs about 300 MB of memory.",
    node_retired: "This device was retired on the Nodes page.|Start again to let it join as a new one.",
    node_replaced: "Another page works as this device.|Close the other one, then start again.",
    too_many_nodes: "Your account has as many devices as it may.|Retire one on the Nodes page, then start again.",
  },
  de: {
    browser_unfit:
      "Dieser Browser kann keine Aufgaben rechnen: Ihm fehlt WebAssembly oder er hat keine Worker.|Nehmen Sie einen aktuellen Chrome, Edge, Firefox oder Safari.",
    cannot_start: "Das Gerät ließ sich nicht starten.|Laden Sie die Seite neu und drücken Sie Start.",
    node_error:
      "Das Gerät wurde durch einen eigenen Fehler angehalten.|Starten Sie es neu; hilft das nicht, laden Sie die Seite neu.",
    runtime_broken:
      "Was Aufgaben zum Laufen brauchen, startet hier nicht.|Schließen Sie andere Tabs und Programme: Es braucht etwa 300 MB Speicher.",
    node_retired:
      "Dieses Gerät wurde auf der Seite „Geräte“ stillgelegt.|Starten Sie es neu, dann tritt es als neues bei.",
    node_replaced: "Eine andere Seite arbeitet als dieses Gerät.|Schließen Sie die andere und starten Sie neu.",
    too_many_nodes:
      "Ihr Konto hat so viele Geräte, wie es haben darf.|Legen Sie auf der Seite „Geräte“ eines still und starten Sie neu.",
  },
});

export type ProblemWords = Text<keyof typeof problemWords.en>;

/** As the notice of the page takes it: in the page's words where it has some, else in the coordinator's. */
export function noticeOf(problem: Problem, t: ProblemWords): ApiError {
  if (!t.has(problem.code)) return new ApiError({ ...problem, status: 0 });
  const [message = "", hint = ""] = t(problem.code).split("|");
  return new ApiError({ code: "", status: 0, message, hint });
}

import { messages } from "../../app/text";

/** Every state and every reason of a browser node: a word, and what it means for the owner. */
export const stateWords = messages({
  en: {
    idle: "Off",
    starting: "Starting",
    connecting: "Connecting",
    working: "Working",
    waiting: "Waiting for work",
    pausing: "Pausing",
    paused: "Paused",
    elsewhere: "Active in another tab",
    stopping: "Finishing",
    failed: "Stopped by a problem",
    problem: "Problem",
    measuring: "Measuring",

    idle_say:
      "Nothing runs on this device. Press Start, and it takes on tasks for as long as a page of this app is open.",
    starting_say: "Opening the sandbox that keeps tasks apart from everything else on this device.",
    starting_files: "Fetching what tasks run in: {done} of {total}. This is only needed the first time.",
    connecting_say:
      "No connection to the coordinator yet. It keeps trying by itself; check your network if this lasts.",
    working_say:
      "{tasks, plural, one {One task} other {# tasks}} in progress, on up to {cores, plural, one {one core} other {# cores}}.",
    waiting_say: "Connected and ready. Work starts by itself as soon as there is some for this device.",
    paused_say: "No new tasks are started.",
    pausing_say:
      "{tasks, plural, one {One task that has begun is} other {# tasks that have begun are}} finished first.",
    stopping_say:
      "{tasks, plural, =0 {Saying goodbye to the coordinator.} one {The last task is being finished.} other {The last # tasks are being finished.}}",
    measuring_say: "No new tasks while the speed of this device is measured. It goes on by itself afterwards.",

    why_draining: "It stops as soon as what has begun is finished.",
    why_expelled:
      "This network gives this device no more work, because too many of its results were wrong. Ask whoever runs the network.",
    why_owner_paused: "It was paused, here or on the Nodes page. It stays so until you press Go on.",
    why_elsewhere:
      "One tab per device is enough, and another one works already. When that one is closed, this one takes its place.",
    why_failing:
      "Several tasks in a row could not run here. It rests, at most ten minutes, and tries again by itself. If it happens again, close other programs or reload this page.",
    why_out_of_hours: "It is outside the hours you allow ({from} to {to}). It goes on by itself at {from}.",
    why_low_battery:
      "The battery is below {charge}. It goes on when there is more charge, or as soon as the device is plugged in.",
    why_on_battery: "The device runs on battery. It goes on half a minute after you plug it in.",
    why_user_present:
      "You are using this page and allow no cores meanwhile. It goes on two minutes after your last touch.",

    start: "Start",
    startAgain: "Start again",
    pause: "Pause",
    goOn: "Go on",
    stop: "Stop",
    takeOver: "Work in this tab instead",
    logIn: "Log in again",
    reload: "Reload the page",

    sign: "This device: {state}. Earned since Start: {amount}",
  },
  de: {
    idle: "Aus",
    starting: "Startet",
    connecting: "Verbindet",
    working: "Arbeitet",
    waiting: "Wartet auf Arbeit",
    pausing: "Pausiert gleich",
    paused: "Pausiert",
    elsewhere: "In einem anderen Tab aktiv",
    stopping: "Schließt ab",
    failed: "Durch ein Problem angehalten",
    problem: "Problem",
    measuring: "Misst",

    idle_say:
      "Auf diesem Gerät läuft nichts. Drücken Sie Start, und es übernimmt Aufgaben, solange eine Seite dieser App offen ist.",
    starting_say: "Die Sandbox wird geöffnet, die Aufgaben von allem anderen auf diesem Gerät trennt.",
    starting_files:
      "Was Aufgaben zum Laufen brauchen, wird geholt: {done} von {total}. Das ist nur beim ersten Mal nötig.",
    connecting_say:
      "Noch keine Verbindung zum Koordinator. Es wird von selbst weiter versucht; dauert es an, prüfen Sie Ihr Netz.",
    working_say:
      "{tasks, plural, one {Eine Aufgabe} other {# Aufgaben}} in Arbeit, auf höchstens {cores, plural, one {einem Kern} other {# Kernen}}.",
    waiting_say: "Verbunden und bereit. Sobald es Arbeit für dieses Gerät gibt, geht es von selbst los.",
    paused_say: "Es werden keine neuen Aufgaben begonnen.",
    pausing_say:
      "{tasks, plural, one {Eine begonnene Aufgabe wird} other {# begonnene Aufgaben werden}} vorher noch fertig gerechnet.",
    stopping_say:
      "{tasks, plural, =0 {Das Gerät meldet sich beim Koordinator ab.} one {Die letzte Aufgabe wird fertig gerechnet.} other {Die letzten # Aufgaben werden fertig gerechnet.}}",
    measuring_say:
      "Keine neuen Aufgaben, während das Tempo dieses Geräts gemessen wird. Danach geht es von selbst weiter.",

    why_draining: "Es hört auf, sobald fertig ist, was begonnen wurde.",
    why_expelled:
      "Dieses Netz gibt diesem Gerät keine Arbeit mehr, weil zu viele seiner Ergebnisse falsch waren. Fragen Sie den Betreiber des Netzes.",
    why_owner_paused: "Es wurde pausiert, hier oder auf der Seite „Geräte“. Das bleibt so, bis Sie „Weiter“ drücken.",
    why_elsewhere:
      "Ein Tab je Gerät genügt, und ein anderer arbeitet schon. Wird er geschlossen, tritt dieser an seine Stelle.",
    why_failing:
      "Mehrere Aufgaben hintereinander konnten hier nicht laufen. Das Gerät ruht höchstens zehn Minuten und versucht es dann von selbst wieder. Passiert es erneut, schließen Sie andere Programme oder laden Sie die Seite neu.",
    why_out_of_hours: "Es ist außerhalb der erlaubten Zeit ({from} bis {to}). Um {from} geht es von selbst weiter.",
    why_low_battery:
      "Der Akku ist unter {charge}. Mit mehr Ladung geht es weiter, oder sobald das Gerät am Netzteil hängt.",
    why_on_battery: "Das Gerät läuft auf Akku. Eine halbe Minute nach dem Einstecken geht es weiter.",
    why_user_present:
      "Sie benutzen gerade diese Seite und erlauben dabei keine Kerne. Zwei Minuten nach Ihrer letzten Eingabe geht es weiter.",

    start: "Start",
    startAgain: "Neu starten",
    pause: "Pause",
    goOn: "Weiter",
    stop: "Beenden",
    takeOver: "Stattdessen in diesem Tab arbeiten",
    logIn: "Neu anmelden",
    reload: "Seite neu laden",

    sign: "Dieses Gerät: {state}. Verdient seit dem Start: {amount}",
  },
});

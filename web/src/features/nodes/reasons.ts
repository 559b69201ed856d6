import { messages } from "../../app/text";

/** The words of states, and of the codes by which nodes and the coordinator say why nothing is done. */
export const states = messages({
  en: {
    working: "Working",
    ready: "Ready",
    resting: "Resting",
    leaving: "Leaving",
    paused: "Paused",
    expelled: "Expelled",
    offline: "Offline",
    retired: "Retired",
  },
  de: {
    working: "Arbeitet",
    ready: "Bereit",
    resting: "Ruht",
    leaving: "Geht",
    paused: "Angehalten",
    expelled: "Ausgeschlossen",
    offline: "Nicht verbunden",
    retired: "Stillgelegt",
  },
});

/** Short, for a list. */
export const reasons = messages({
  en: {
    working: "tasks are running",
    ready: "waiting for work",
    leaving: "finishes what runs, then goes",
    paused: "you paused it",
    paused_offline: "you paused it; not connected",
    expelled: "too many wrong answers",
    offline: "not connected",
    never_seen: "was never connected",
    retired: "for good",
    elsewhere: "another tab of the device works",
    failing: "work fails on it; tries again soon",
    out_of_hours: "outside the hours you chose",
    on_battery: "runs on battery",
    low_battery: "battery is low",
    user_present: "somebody uses the device",
    cpu_busy: "other programs need the processor",
    not_accepting: "takes no work at the moment",
    other: "it says: {code}",
  },
  de: {
    working: "Aufgaben laufen",
    ready: "wartet auf Arbeit",
    leaving: "beendet, was läuft, und geht dann",
    paused: "von Ihnen angehalten",
    paused_offline: "von Ihnen angehalten; nicht verbunden",
    expelled: "zu viele falsche Antworten",
    offline: "nicht verbunden",
    never_seen: "war noch nie verbunden",
    retired: "endgültig",
    elsewhere: "ein anderer Tab des Geräts arbeitet",
    failing: "Arbeit misslingt; neuer Versuch in Kürze",
    out_of_hours: "außerhalb der gewählten Stunden",
    on_battery: "läuft auf Akku",
    low_battery: "Akku ist schwach",
    user_present: "jemand benutzt das Gerät",
    cpu_busy: "andere Programme brauchen den Prozessor",
    not_accepting: "nimmt gerade keine Arbeit an",
    other: "es meldet: {code}",
  },
});

/** Whole sentences for GET /api/nodes/{id}/why, with what to do. */
export const whys = messages({
  en: {
    working: "It works, and gets more as soon as it is free.",
    offline: "It is not connected. Start the program or open the tab on the device.",
    referee: "It is a referee: it only gets what votes cannot decide.",
    paused: "You paused it. “Go on” lets it work again.",
    not_accepting: "It takes no work at the moment, for the reason it gives itself.",
    expelled:
      "Too many of its answers were wrong, so it gets no more work. Look for faulty memory or an overclocked processor; if you think its answers were right, “we1web disputes” shows and contests them.",
    silent: "It has been quiet for too long about the work it holds. Check its connection.",
    full: "It holds as much as it asked for: that is a full load.",
    no_job: "No job needs what it can run right now. It gets work as soon as one comes.",
    jobs: "There are open jobs, but none has anything for it now.",
    turn: "It is served at the next turn, in a moment.",
    retired: "You retired it. Register the device anew if it shall work again.",
    other: "The coordinator says: {words}",
  },
  de: {
    working: "Es arbeitet und bekommt mehr, sobald es frei ist.",
    offline: "Es ist nicht verbunden. Starten Sie das Programm oder öffnen Sie den Tab auf dem Gerät.",
    referee: "Es ist ein Schiedsrichter: Es bekommt nur, was Stimmen nicht entscheiden können.",
    paused: "Sie haben es angehalten. Mit „Weiterarbeiten“ arbeitet es wieder.",
    not_accepting: "Es nimmt gerade keine Arbeit an, aus dem Grund, den es selbst nennt.",
    expelled:
      "Zu viele seiner Antworten waren falsch, deshalb bekommt es keine Arbeit mehr. Suchen Sie nach fehlerhaftem Speicher oder einem übertakteten Prozessor; wenn Sie seine Antworten für richtig halten, zeigt „we1web disputes“ sie und ficht sie an.",
    silent: "Es hat zu lange nichts über die Arbeit gesagt, die es hält. Prüfen Sie seine Verbindung.",
    full: "Es hält so viel, wie es erbeten hat: Es ist voll ausgelastet.",
    no_job: "Kein Auftrag braucht gerade, was es ausführen kann. Es bekommt Arbeit, sobald einer kommt.",
    jobs: "Es gibt offene Aufträge, aber keiner hat gerade etwas für dieses Gerät.",
    turn: "Es ist gleich an der Reihe.",
    retired: "Sie haben es stillgelegt. Melden Sie das Gerät neu an, wenn es wieder arbeiten soll.",
    other: "Der Koordinator sagt: {words}",
  },
});

/** Why an open job gives a node nothing. */
export const vetoes = messages({
  en: {
    own_job: "it is a job of your own, and nobody votes on their own",
    owners: "it is meant for certain accounts only",
    memory: "it needs more memory",
    cores: "it needs more cores",
    gpu: "it needs a graphics processor",
    country: "it does not want to run in this country, or the node does not tell where it stands",
    price_floor: "it pays less than you want for an hour of work",
    nothing_ready: "all that is left of it is under way",
    seen: "you have already voted on what is ready of it",
    budget: "it cannot afford more at the moment",
    turn: "it is served at its next turn",
    other: "{code}",
  },
  de: {
    own_job: "er ist Ihr eigener, und über eigene stimmt niemand ab",
    owners: "er ist nur für bestimmte Konten gedacht",
    memory: "er braucht mehr Arbeitsspeicher",
    cores: "er braucht mehr Kerne",
    gpu: "er braucht einen Grafikprozessor",
    country: "er will in diesem Land nicht laufen, oder das Gerät sagt nicht, wo es steht",
    price_floor: "er zahlt weniger, als Sie für eine Stunde Arbeit verlangen",
    nothing_ready: "was von ihm übrig ist, läuft schon",
    seen: "über das, was von ihm bereit ist, haben Sie schon abgestimmt",
    budget: "er kann sich im Moment nicht mehr leisten",
    turn: "er kommt gleich an die Reihe",
    other: "{code}",
  },
});

// An attacker with everything a worker of the sandbox has, before anything was taken away: tries every way out and says
// how each ended. `ORIGIN` and `OUTSIDE` are put in by the test: the coordinator, and a server that counts who comes.

const ORIGIN = "%ORIGIN%";
const OUTSIDE = "%OUTSIDE%";
const WAIT_MS = 1_500;

const answers = (target, event) =>
  new Promise((resolve, reject) => {
    target.addEventListener(event, () => resolve(event));
    target.addEventListener("error", (problem) => reject(new Error(problem.message || "error event")));
  });
const blob = (code) => URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
const inWorker = (code, options) => {
  const worker = new Worker(blob(code), options);
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (String(data).startsWith("denied") ? reject(new Error(data)) : resolve(data));
    worker.onerror = (problem) => reject(new Error(problem.message || "error event"));
  });
};
const nested = (code) =>
  `(async () => { try { postMessage(String(await (async () => { ${code} })())); } catch (e) { postMessage("denied " + e); } })()`;

const ATTEMPTS = {
  "fetch outside": () => fetch(OUTSIDE),
  "fetch outside, without reading": () => fetch(OUTSIDE, { mode: "no-cors" }),
  "fetch with keepalive": () => fetch(OUTSIDE, { keepalive: true, method: "POST", body: "x", mode: "no-cors" }),
  "fetch of the coordinator": () => fetch(`${ORIGIN}/api/network`),
  "fetch of the coordinator with cookies": () => fetch(`${ORIGIN}/api/network`, { credentials: "include", mode: "no-cors" }),
  "fetch of the app's storage": () => fetch(`${ORIGIN}/index.html`),
  "fetch of a data address": () => fetch("data:text/plain,x"),
  "request outside": () => {
    const request = new XMLHttpRequest();
    request.open("GET", OUTSIDE, false);
    request.send();
  },
  "request of the coordinator": () => {
    const request = new XMLHttpRequest();
    request.open("GET", `${ORIGIN}/livez`, false);
    request.send();
  },
  "web socket outside": () => answers(new WebSocket(OUTSIDE.replace("http", "ws")), "open"),
  "web socket to the coordinator": () => answers(new WebSocket(`${ORIGIN.replace("http", "ws")}/ws`), "open"),
  "web socket stream": () => new WebSocketStream(OUTSIDE.replace("http", "ws")).opened,
  "event source": () => answers(new EventSource(OUTSIDE), "open"),
  "web transport": () => new WebTransport(OUTSIDE.replace("http", "https")).ready,
  beacon: () => (navigator.sendBeacon(OUTSIDE, "x") ? "sent" : Promise.reject(new Error("refused"))),
  "peer connection": () => new RTCPeerConnection(),
  "script of a server": () => importScripts(OUTSIDE),
  "script of the coordinator": () => importScripts(`${ORIGIN}/theme.js`),
  "script of a data address": () => importScripts("data:text/javascript,self.x=1"),
  "module of a server": () => import(OUTSIDE),
  "module of the coordinator": () => import(`${ORIGIN}/theme.js`),
  "module of a data address": () => import("data:text/javascript,export default 1"),
  eval: () => eval("1"),
  "function from text": () => new Function("return 1")(),
  "timer from text": () => {
    self.ran = false;
    setTimeout("self.ran = true");
    return new Promise((resolve, reject) => setTimeout(() => (self.ran ? resolve("ran") : reject(new Error("not run"))), 50));
  },
  "local storage": () => localStorage.setItem("a", "b"),
  "session storage": () => sessionStorage.setItem("a", "b"),
  cookies: () => document.cookie,
  "cookie store": () => cookieStore.getAll(),
  database: () => answers(indexedDB.open("x"), "success"),
  caches: () => caches.open("x"),
  "private file system": () => navigator.storage.getDirectory(),
  "storage estimate": () => navigator.storage.estimate(),
  locks: () => navigator.locks.request("we1web-node", () => "held"),
  "service worker": () => navigator.serviceWorker.register(`${ORIGIN}/sw.js`),
  graphics: () => navigator.gpu.requestAdapter().then((adapter) => adapter ?? Promise.reject(new Error("none"))),
  "shared memory": () => new SharedArrayBuffer(8),
  "the page above": () => parent.document,
  "the top page": () => top.location,
  "another window": () => open(OUTSIDE),
  "the document": () => document.body,
  notifications: () => Notification.requestPermission(),
  geolocation: () => navigator.geolocation.getCurrentPosition(() => {}),
  usb: () => navigator.usb.getDevices(),
  "worker of a server": () => answers(new Worker(OUTSIDE), "message"),
  "worker of the coordinator": () => answers(new Worker(`${ORIGIN}/theme.js`), "message"),
  "shared worker": () => new SharedWorker(blob("")),
  "fetch in a worker of its own": () => inWorker(nested(`return fetch("${OUTSIDE}")`)),
  "fetch in a module worker": () => inWorker(nested(`return fetch("${OUTSIDE}")`), { type: "module" }),
  "script in a worker of its own": () => inWorker(nested(`importScripts("${OUTSIDE}")`)),
  "database in a worker of its own": () => inWorker(nested("return new Promise((y, n) => { const r = indexedDB.open('x'); r.onsuccess = y; r.onerror = () => n(r.error); })")),
};

async function attempt(act) {
  const silence = new Promise((_, reject) => setTimeout(() => reject(new Error("no answer")), WAIT_MS));
  try {
    return `ALLOWED ${String(await Promise.race([act(), silence])).slice(0, 80)}`;
  } catch (error) {
    return `denied: ${String(error && error.message).slice(0, 120)}`;
  }
}

async function all() {
  const names = Object.keys(ATTEMPTS);
  const ends = await Promise.all(names.map((name) => attempt(ATTEMPTS[name])));
  return Object.fromEntries(names.map((name, place) => [name, ends[place]]));
}

addEventListener("message", ({ data: { port } }) => {
  const say = (text) => port.postMessage(new TextEncoder().encode(text));
  port.onmessage = () => all().then((found) => say(JSON.stringify({ ...found, origin: self.origin })));
  say("ready");
});

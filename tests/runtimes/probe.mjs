// The strongest attacker: code that runs after `lockDown` and still holds the host object itself, with all the time it
// wants. Prints for every attempt whether the permissions denied it. Usage: probe.mjs GUEST_DIR PORT FILE

const [directory, port, file] = Deno.args;
const { lockDown } = await import(`file://${directory}/boot.mjs`);
const fetch = globalThis.fetch;
const write = Deno.stdout.write.bind(Deno.stdout);
const host = lockDown();
const url = `127.0.0.1:${port}`;

const ATTEMPTS = {
  "connect": () => host.connect({ hostname: "127.0.0.1", port: Number(port) }),
  "connect by TLS": () => host.connectTls({ hostname: "127.0.0.1", port: Number(port) }),
  "listen": () => host.listen({ port: 0 }),
  "datagram": () => host.listenDatagram({ port: 0, transport: "udp" }),
  "serve": () => host.serve({ port: 0 }, () => new Response("")),
  "look up a name": () => host.resolveDns("localhost", "A"),
  "fetch": () => fetch(`http://${url}/`),
  "fetch a file": () => fetch(`file://${file}`),
  "read": () => host.readTextFile(file),
  "read our own code": () => host.readTextFile(`${directory}/runner.mjs`),
  "read a folder": () => [...host.readDirSync("/")],
  "read a link": () => host.readLink("/proc/self/exe"),
  "open": () => host.open(file),
  "stat": () => host.stat(file),
  "write": () => host.writeTextFile(`${file}.new`, "x"),
  "make a folder": () => host.makeTempDir(),
  "remove": () => host.remove(file),
  "link": () => host.symlink(file, `${file}.link`),
  "change folder": () => host.chdir("/tmp"),
  "run": () => new host.Command("/bin/true").output(),
  "load a library": () => host.dlopen("libc.so.6", { getpid: { parameters: [], result: "i32" } }),
  "read the environment": () => host.env.toObject(),
  "read HOME": () => host.env.get("HOME"),
  "change the environment": () => host.env.set("A", "B"),
  "host name": () => host.hostname(),
  "network interfaces": () => host.networkInterfaces(),
  "memory of the machine": () => host.systemMemoryInfo(),
  "kill the parent": () => host.kill(host.ppid, "SIGKILL"),
  "user": () => host.uid(),
  "import from the network": () => import(`http://${url}/x.mjs`),
  "import from a registry": () => import("npm:is-number@7"),
  "import our own code": () => import(`file://${directory}/runner.mjs`),
  "import a file as text": () => import(`file://${file}`, { with: { type: "text" } }),
  "node: files": async () => (await import("node:fs")).readFileSync(file),
  "node: processes": async () => (await import("node:child_process")).execSync("id"),
  "node: sockets": async () => {
    const { connect } = await import("node:net");
    return new Promise((ok, no) => connect(Number(port), "127.0.0.1", () => ok("open")).on("error", no));
  },
  "node: database": async () => new (await import("node:sqlite")).DatabaseSync(`${file}.db`),
  "node: inspector": async () => (await import("node:inspector")).open(0),
  "node: worker": async () => {
    const { Worker } = await import("node:worker_threads");
    return new Promise((ok, no) => {
      new Worker(`require("fs").readFileSync(${JSON.stringify(file)})`, { eval: true }).on("error", no).on("exit", ok);
    });
  },
  ...Object.fromEntries(
    ["net", "read", "write", "run", "env", "ffi", "sys", "import"].map((name) => [
      `ask for ${name} again`,
      async () => {
        const { state } = await host.permissions.request({ name });
        if (state !== "granted") throw new Error(state);
      },
    ]),
  ),
};

const results = {};
for (const [name, attempt] of Object.entries(ATTEMPTS)) {
  try {
    results[name] = `ALLOWED ${String(await attempt()).slice(0, 80)}`;
  } catch (error) {
    results[name] = `denied: ${String(error).slice(0, 80)}`;
  }
}
await write(new TextEncoder().encode(JSON.stringify(results)));
host.exit(0);

// Opens the sandbox: a hidden page of an opaque origin, without network and storage. The port is the only way in.

const PAGE = "/sandbox/frame.html";

export async function openSandbox(origin: string): Promise<{ frame: HTMLIFrameElement; port: MessagePort }> {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.hidden = true;
  frame.title = "sandbox";
  frame.src = origin + PAGE;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  document.body.append(frame);
  await loaded;
  const { port1, port2 } = new MessageChannel();
  frame.contentWindow?.postMessage(null, "*", [port2]);
  return { frame, port: port1 };
}

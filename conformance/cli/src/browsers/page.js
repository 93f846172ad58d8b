// Runs each case with fetch() in a frame of the case's origin, and posts what the page observes.
"use strict";

async function observe({ url, init, readBody }) {
  try {
    const response = await fetch(url, init);
    const verdict = { opaque: "opaque", opaqueredirect: "opaque-redirect" }[response.type] ?? "readable";
    const observed = { verdict, status: response.status, readable: [...response.headers.keys()] };
    // Only a body that is read to its end can be cached. Other bodies may never end.
    const end = readBody ? response.arrayBuffer() : response.body?.cancel();
    await end?.catch(() => {});
    return observed;
  } catch {
    return { verdict: "network-error", status: null, readable: null };
  }
}

const frames = new Map();
const waiting = new Map();
let tickets = 0;

// Returns a frame of an origin. The frame of the origin "null" is sandboxed.
function frameOf(origin) {
  if (!frames.has(origin)) {
    const frame = document.createElement("iframe");
    if (origin === "null") frame.sandbox = "allow-scripts";
    frame.src = (origin === "null" ? "" : origin) + "/frame";
    const loaded = new Promise((resolve) => (frame.onload = () => resolve(frame)));
    document.documentElement.append(frame);
    frames.set(origin, loaded);
  }
  return frames.get(origin);
}

async function observeIn(origin, task) {
  if (origin === location.origin) return observe(task);
  const frame = await frameOf(origin);
  const ticket = ++tickets;
  const answer = new Promise((resolve) => waiting.set(ticket, resolve));
  frame.contentWindow.postMessage({ ticket, task }, "*");
  return answer;
}

const post = (path, value) => fetch(path, { method: "POST", body: JSON.stringify(value) });
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function runCase({ id, visits }) {
  const observed = [];
  for (const [index, { after_ms, origin, ...task }] of visits.entries()) {
    if (after_ms) await sleep(after_ms);
    if (index) await post("/begin", { id, visit: index });
    // A frame that does not load and a fetch that does not end are recorded as timeouts.
    const timeout = sleep(8000).then(() => ({ verdict: "timeout", status: null, readable: null }));
    observed.push(await Promise.race([observeIn(origin, { ...task, readBody: visits.length > 1 }), timeout]));
  }
  await post("/observed", { id, visits: observed });
}

async function main() {
  const { cases, parallel, warm_up } = await (await fetch("/cases")).json();
  // Firefox does not cache its first preflight responses of each credentials mode.
  for (const credentials of ["omit", "include", "omit", "include"]) {
    for (const url of warm_up) await observe({ url, init: { method: "PUT", credentials } });
  }
  const worker = async () => {
    for (let next; (next = cases.shift()); ) await runCase(next);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  await post("/done", {});
}

if (location.pathname === "/frame") {
  addEventListener("message", async ({ data, source }) => {
    source.postMessage({ ticket: data.ticket, observed: await observe(data.task) }, "*");
  });
} else {
  addEventListener("message", ({ data }) => {
    waiting.get(data.ticket)?.(data.observed);
    waiting.delete(data.ticket);
  });
  main();
}

// Runs every case by the page's own fetch(), in a frame of the case's origin, and posts what it saw.
"use strict";

async function observe({ url, init, whole }) {
  try {
    const response = await fetch(url, init);
    const verdict = { opaque: "opaque", opaqueredirect: "opaque-redirect" }[response.type] ?? "readable";
    const observed = { verdict, status: response.status, readable: [...response.headers.keys()] };
    // A body that is read to its end may be cached; one that never ends must not be waited for.
    const end = whole ? response.arrayBuffer() : response.body?.cancel();
    await end?.catch(() => {});
    return observed;
  } catch {
    return { verdict: "network-error", status: null, readable: null };
  }
}

const frames = new Map();
const waiting = new Map();
let tickets = 0;

// A frame of that origin; "null" is a sandboxed one.
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
    // A frame that does not load, or a fetch that never ends, is an observation too.
    const timeout = sleep(8000).then(() => ({ verdict: "timeout", status: null, readable: null }));
    observed.push(await Promise.race([observeIn(origin, { ...task, whole: visits.length > 1 }), timeout]));
  }
  await post("/seen", { id, visits: observed });
}

async function main() {
  const { cases, at_once, warm_up } = await (await fetch("/cases")).json();
  // Firefox does not reuse what its first preflights of each credentials mode grant.
  for (const credentials of ["omit", "include", "omit", "include"]) {
    for (const url of warm_up) await observe({ url, init: { method: "PUT", credentials } });
  }
  const worker = async () => {
    for (let next; (next = cases.shift()); ) await runCase(next);
  };
  await Promise.all(Array.from({ length: at_once }, worker));
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

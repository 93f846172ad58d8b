// The view of one kind of divergence, with its example.

/** Returns an exchange as a figure. The decisive line is marked. */
function exchangeFigure(exchange, index, decisive) {
  const isDecisive = decisive && decisive.exchange === index;
  const source = { preflight: "The browser's preflight", actual: "The browser's request", raw: "A raw client's request",
    cached: "A request answered by an HTTP cache" }[exchange.kind];
  const line = (direction, text, isMarked) => {
    const attributes = { class: `line ${direction}${isMarked ? " decisive" : ""}` };
    const content = [element("span", { class: "arrow", "aria-hidden": "true" }, direction === "sent" ? ">" : "<"),
      element("span", { class: "text" }, text)];
    if (isMarked) content.push(element("strong", {}, "this line decides"));
    return element(isMarked ? "mark" : "div", attributes, content);
  };
  const status = exchange.status === null ? exchange.failure ?? "no answer" : String(exchange.status);
  const handler = exchange.calls ? ", by the handler" : ", the handler was not called";
  const origin = exchange.status === null || exchange.kind === "cached" ? "" : handler;
  const isLine = (name) => isDecisive && decisive.line === name.toLowerCase();
  const lines = [line("sent", `${exchange.method} ${exchange.url}`, false),
    exchange.request.map(([name, value]) => line("sent", `${name}: ${value}`, false)),
    line("got", status + origin, isLine("status")),
    exchange.response.map(([name, value]) => line("got", `${name}: ${value}`, isLine(name)))].flat();
  const isPresent = !isDecisive || isLine("status") || exchange.response.some(([name]) => isLine(name));
  if (!isPresent && exchange.status !== null) lines.push(line("got missing", `no ${decisive.line}`, true));
  return element("figure", { class: "exchange" },
    element("figcaption", {}, `${source}, visit ${exchange.visit + 1}`), element("div", { class: "lines" }, lines));
}

function caseView(view) {
  const row = result.rows.find((row) => row.kinds.some((kind) => kind.fingerprint === view.kind));
  if (!row) return element("p", { role: "alert" }, "This result does not contain this kind of divergence: ", view.kind);
  const kind = row.kinds.find((kind) => kind.fingerprint === view.kind);
  const rule = result.rules[kind.rule];
  const vector = kind.vector ?? result.vectors[kind.case];
  const step = kind.reason ? result.steps[kind.reason] : null;
  const part = (title, ...content) => element("section", {}, element("h3", {}, title), ...content);
  return element("article", { class: "case" },
    element("nav", {}, element("a", { href: address({ kind: "" }), id: "back" }, "← back to the matrix")),
    element("p", { class: "badges" }, severityLabel(kind.severity), element("span", { class: "badge" }, kind.class),
      element("span", { class: kind.known ? "badge" : "badge new" }, kind.known ? "in the baseline" : "new")),
    element("h2", { tabindex: "-1", id: "case" }, sentence(kind.message)),
    element("p", {}, `${row.name} ${row.version}, `, element("code", {}, kind.fingerprint)),
    part("What the policy intends",
      element("p", {}, "Vector ", element("code", {}, kind.case), ": ", sentence(vector.says)),
      element("pre", { tabindex: "0" }, vector.policy),
      vector.intents.length ? element("ol", {}, vector.intents.map((intent) => element("li", {}, intent))) : null),
    part("What happened", kind.exchanges.length
      ? kind.exchanges.map((exchange, index) => exchangeFigure(exchange, index, kind.decisive))
      : element("p", {}, "The server is built and gets no request.")),
    part("What the standard requires",
      step ? element("blockquote", { id: "step" }, sentence(step.text),
        element("footer", {}, "step ", link(step.url, kind.reason))) : null,
      rule ? element("blockquote", {}, sentence(rule.quote), element("footer", {}, link(rule.link))) : null),
    rule ? part("Why it matters", element("p", {}, sentence(rule.requirement)), element("p", {}, sentence(rule.why))) : null,
    rule ? part("How to fix it", element("p", {}, sentence(rule.fix))) : null,
    part("How to reproduce it", copied("Replay", kind.replay), copied("Vector", vectorText(kind, vector)),
      kind.curl ? copied("curl, for a server at $SERVER", kind.curl) : null,
      kind.test ? copied("Rust test", kind.test) : null),
    kind.cases.length > 1 ? part("Other cases that show it", element("ul", { class: "cases" },
      kind.cases.filter((id) => id !== kind.case).map((id) => element("li", {}, element("code", {}, id), " ",
        sentence(result.vectors[id]?.says ?? ""))))) : null);
}

/** Returns the text of a file with only that vector. */
function vectorText(kind, vector) {
  const { says, spec, quote, expect } = vector;
  const one = { id: kind.case, says, spec, quote, case: vector.case, expect };
  return JSON.stringify({ schema: 1, about: kind.fingerprint, vectors: [one] }, null, 2);
}

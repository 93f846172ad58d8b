// One kind of divergence down to the case that shows it best.

function exchange(one, index, deciding) {
  const isDeciding = deciding && deciding.exchange === index;
  const from = { preflight: "The browser's preflight", actual: "The browser's request",
    raw: "A client that is no browser", cached: "Answered out of an HTTP cache" }[one.kind];
  const line = (direction, text, isMarked) => {
    const attributes = { class: `line ${direction}${isMarked ? " deciding" : ""}` };
    const shown = [element("span", { class: "arrow", "aria-hidden": "true" }, direction === "sent" ? ">" : "<"),
      element("span", { class: "text" }, text)];
    if (isMarked) shown.push(element("strong", {}, "this line decides"));
    return element(isMarked ? "mark" : "div", attributes, shown);
  };
  const status = one.status === null ? one.failure ?? "no answer" : String(one.status);
  const by = one.kind === "cached" ? "" : one.calls ? ", by the handler" : ", the handler was not called";
  const isOf = (name) => isDeciding && deciding.line === name.toLowerCase();
  const lines = [line("sent", `${one.method} ${one.url}`, false),
    one.request.map(([name, value]) => line("sent", `${name}: ${value}`, false)),
    line("got", one.status === null ? status : status + by, isDeciding && deciding.line === "status"),
    one.response.map(([name, value]) => line("got", `${name}: ${value}`, isOf(name)))].flat();
  const isThere = !isDeciding || deciding.line === "status" || one.response.some(([name]) => isOf(name));
  if (!isThere && one.status !== null) lines.push(line("got missing", `no ${deciding.line}`, true));
  return element("figure", { class: "exchange" },
    element("figcaption", {}, `${from}, visit ${one.visit + 1}`), element("div", { class: "lines" }, lines));
}

function caseView(asked) {
  const row = result.rows.find((row) => row.kinds.some((kind) => kind.fingerprint === asked.kind));
  if (!row) return element("p", { role: "alert" }, "This result has no such kind of divergence: ", asked.kind);
  const kind = row.kinds.find((kind) => kind.fingerprint === asked.kind);
  const rule = result.rules[kind.rule];
  const vector = kind.vector ?? result.vectors[kind.case];
  const step = kind.reason ? result.steps[kind.reason] : null;
  const part = (title, ...content) => element("section", {}, element("h3", {}, title), ...content);
  const replay = `cors-conformance run --adapter '${row.name}' --vector '${kind.case}'`;
  return element("article", { class: "case" },
    element("nav", {}, element("a", { href: address({ kind: "" }), id: "back" }, "← back to the matrix")),
    element("p", { class: "badges" }, severityOf(kind.severity), element("span", { class: "badge" }, kind.class),
      element("span", { class: kind.known ? "badge" : "badge new" }, kind.known ? "in the baseline" : "new")),
    element("h2", { tabindex: "-1", id: "case" }, sentence(kind.message)),
    element("p", {}, `${row.name} ${row.version}, `, element("code", {}, kind.fingerprint)),
    part("What the policy wants",
      element("p", {}, "Vector ", element("code", {}, kind.case), ": ", sentence(vector.says)),
      element("pre", { tabindex: "0" }, vector.policy),
      vector.wants.length ? element("ol", {}, vector.wants.map((one) => element("li", {}, one))) : null),
    part("What happened", kind.exchanges.length
      ? kind.exchanges.map((one, index) => exchange(one, index, kind.deciding))
      : element("p", {}, "A server is built, and nothing is asked of it.")),
    part("What the standard says",
      step ? element("blockquote", { id: "step" }, sentence(step.text),
        element("footer", {}, "step ", link(step.url, kind.reason))) : null,
      rule ? element("blockquote", {}, sentence(rule.quote), element("footer", {}, link(rule.link))) : null),
    rule ? part("Why it matters", element("p", {}, sentence(rule.says)), element("p", {}, sentence(rule.why))) : null,
    rule ? part("How to mend it", element("p", {}, sentence(rule.mend))) : null,
    part("The same case", copied("Replay", replay), copied("Vector", vectorText(kind, vector)),
      kind.curl ? copied("curl, of a server at $SERVER", kind.curl) : null,
      kind.test ? copied("Rust test", kind.test) : null),
    kind.cases.length > 1 ? part("Shown by these cases too", element("ul", { class: "cases" },
      kind.cases.filter((id) => id !== kind.case).map((id) => element("li", {}, element("code", {}, id), " ",
        sentence(result.vectors[id]?.says ?? ""))))) : null);
}

/** A file of that one vector. */
function vectorText(kind, vector) {
  const one = { id: kind.case, says: vector.says, spec: vector.spec, quote: vector.quote, case: vector.case,
    expect: vector.expect };
  return JSON.stringify({ schema: 1, about: kind.fingerprint, vectors: [one] }, null, 2);
}

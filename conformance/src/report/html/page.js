// The page: the matrix with the selected cell, or one case.

const page = document.getElementById("page");

function choice(key, label, options, view) {
  return element("label", {}, label, " ", element("select", { onchange: (event) => go({ [key]: event.target.value }) },
    options.map(([value, text]) => element("option", { value, selected: view[key] === value }, text))));
}

function toolbar(view) {
  return element("form", { class: "toolbar", role: "search", onsubmit: (event) => event.preventDefault() },
    element("label", {}, "Search ", element("input", { type: "search", id: "search", value: view.search,
      placeholder: "middleware, rule or case ( / )", autocomplete: "off",
      oninput: (event) => go({ search: event.target.value }, false) })),
    choice("by", "Columns", [["class", "classes"], ["rule", "rules"]], view),
    choice("severity", "Severity", [["low", "all"], ["medium", "medium and above"], ["high", "high and above"],
      ["critical", "critical"]], view),
    choice("known", "Baseline", [["all", "new and known"], ["new", "only new"], ["known", "only known"]], view));
}

function heading() {
  const cases = Math.max(0, ...result.rows.map((row) => row.counts.cases));
  const kinds = result.rows.flatMap((row) => row.kinds);
  const fresh = kinds.filter((kind) => !kind.known).length;
  return element("header", { class: "top" },
    element("div", {}, element("h1", {}, "CORS conformance"),
      element("p", {}, `${result.rows.length} middlewares, ${cases} cases each, ${kinds.length} kinds of divergence, `,
        element("strong", {}, `${fresh} new`), ". Judged by the ", link("https://fetch.spec.whatwg.org/", "Fetch standard"),
        " at ", element("code", {}, result.commit.slice(0, 9)), ".")),
    element("button", { type: "button", id: "theme", onclick: changeTheme }, "Light or dark"));
}

function legend() {
  return element("p", { class: "legend" }, severities.map(severityLabel), " ",
    element("span", { class: "new" }, "+1"), " new kinds, which are not in the baseline. Unsupported: the adapter cannot ",
    "express the policy. Rejected: the middleware refuses the policy. Neither is a failure.");
}

function changeTheme() {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
}

let before = null;

function show() {
  const view = state();
  const focused = document.activeElement?.id;
  const end = document.activeElement?.selectionEnd;
  page.replaceChildren(...(view.kind ? [heading(), caseView(view)]
    : [heading(), toolbar(view), legend(), matrix(view), kindList(view)]).filter(Boolean));
  document.title = view.kind ? `${view.kind} · CORS conformance` : "CORS conformance";
  const hasMoved = before && ["kind", "row", "column"].some((key) => view[key] !== before[key]);
  if (hasMoved) {
    const heading = document.getElementById(view.kind ? "case" : "kinds");
    heading?.focus({ preventScroll: true });
    if (view.kind) scrollTo(0, 0);
    else heading?.scrollIntoView({ block: "nearest" });
  } else if (focused === "search") {
    const search = document.getElementById("search");
    search?.focus();
    search?.setSelectionRange(end, end);
  }
  before = view;
}

addEventListener("hashchange", show);
addEventListener("keydown", (event) => {
  const isTyping = event.target.matches?.("input, select");
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    document.getElementById("search")?.focus();
  } else if (event.key === "Escape") {
    const view = state();
    if (isTyping) event.target.blur();
    else if (view.kind) go({ kind: "" });
    else if (view.row) go({ row: "", column: "" });
  }
});
show();

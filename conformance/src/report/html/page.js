// The page: the matrix with what is chosen in it, or one case.

const page = document.getElementById("page");

function choice(key, label, options, asked) {
  return element("label", {}, label, " ", element("select", { onchange: (event) => go({ [key]: event.target.value }) },
    options.map(([value, text]) => element("option", { value, selected: asked[key] === value }, text))));
}

function toolbar(asked) {
  return element("form", { class: "toolbar", role: "search", onsubmit: (event) => event.preventDefault() },
    element("label", {}, "Search ", element("input", { type: "search", id: "search", value: asked.search,
      placeholder: "a middleware, a rule, a case ( / )", autocomplete: "off",
      oninput: (event) => go({ search: event.target.value }, false) })),
    choice("by", "Columns", [["class", "classes"], ["rule", "rules"]], asked),
    choice("severity", "Severity", [["low", "all"], ["medium", "medium and above"], ["high", "high and above"],
      ["critical", "critical"]], asked),
    choice("known", "Baseline", [["all", "new and known"], ["new", "new alone"], ["known", "known alone"]], asked));
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
  return element("p", { class: "legend" }, severities.map(severityOf), " ",
    element("span", { class: "new" }, "+1"), " kinds that the baseline does not expect. Unsupported is what an adapter ",
    "cannot say, rejected what a middleware refuses: neither is a failure.");
}

function changeTheme() {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
}

let before = null;

function show() {
  const asked = state();
  const focused = document.activeElement?.id;
  const end = document.activeElement?.selectionEnd;
  page.replaceChildren(...(asked.kind ? [heading(), caseView(asked)]
    : [heading(), toolbar(asked), legend(), matrix(asked), kindList(asked)]).filter(Boolean));
  document.title = asked.kind ? `${asked.kind} · CORS conformance` : "CORS conformance";
  const isElsewhere = before && ["kind", "row", "column"].some((key) => asked[key] !== before[key]);
  if (isElsewhere) {
    const heading = document.getElementById(asked.kind ? "case" : "kinds");
    heading?.focus({ preventScroll: true });
    if (asked.kind) scrollTo(0, 0);
    else heading?.scrollIntoView({ block: "nearest" });
  } else if (focused === "search") {
    const search = document.getElementById("search");
    search?.focus();
    search?.setSelectionRange(end, end);
  }
  before = asked;
}

addEventListener("hashchange", show);
addEventListener("keydown", (event) => {
  const isTyping = event.target.matches?.("input, select");
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    document.getElementById("search")?.focus();
  } else if (event.key === "Escape") {
    const asked = state();
    if (isTyping) event.target.blur();
    else if (asked.kind) go({ kind: "" });
    else if (asked.row) go({ row: "", column: "" });
  }
});
show();

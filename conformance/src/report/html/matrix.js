// The matrix: a row a middleware, a column a class or a rule, in each cell how many cases diverge and how badly.

const outcomes = ["conform", "diverge", "unsupported", "rejected", "inconclusive", "broken"];

/** The classes; or of the rules those that something is found by. */
function columnsOf(asked, kinds) {
  if (asked.by === "class") return result.classes;
  const order = (rule) => result.classes.indexOf(result.rules[rule].class);
  const rules = [...new Set(kinds.map((kind) => kind.rule))];
  return rules.sort((one, other) => order(one) - order(other) || (one < other ? -1 : 1));
}

function cell(row, column, kinds, asked) {
  if (!kinds.length) return element("td", { class: "none" }, element("span", { "aria-label": "none" }, "·"));
  const cases = new Set(kinds.flatMap((kind) => kind.cases)).size;
  const worst = severities.find((severity) => kinds.some((kind) => kind.severity === severity));
  const fresh = kinds.filter((kind) => !kind.known).length;
  const told = `${row.name}, ${column}: ${cases} cases, ${kinds.length} kinds, the worst ${worst}, ${fresh} new`;
  const chosen = asked.row === row.name && asked.column === column;
  const button = element(
    "a",
    { href: address({ row: row.name, column, kind: "" }), class: `cell ${worst}`, "aria-label": told, title: told,
      "aria-current": chosen ? "true" : null, tabindex: "-1" },
    element("span", { class: "mark", "aria-hidden": "true" }, marks[worst]),
    element("span", {}, String(cases)),
    fresh ? element("span", { class: "new" }, `+${fresh}`) : null,
  );
  return element("td", {}, button);
}

function matrix(asked) {
  const isOf = (kind, column) => (asked.by === "class" ? kind.class : kind.rule) === column;
  const isNarrowed = asked.search || asked.known !== "all" || asked.severity !== "low";
  const rows = result.rows.map((row) => [row, kindsOf(row, asked)]).filter(([row, kinds]) =>
    kinds.length || !isNarrowed);
  const columns = columnsOf(asked, rows.flatMap(([, kinds]) => kinds));
  const head = element("tr", {}, element("th", { scope: "col", class: "name" }, "middleware"),
    outcomes.map((name) => element("th", { scope: "col", class: "outcome" }, element("span", {}, name))),
    columns.map((name) => element("th", { scope: "col", class: "column" }, element("span", {}, name))));
  const body = rows.map(([row, kinds]) => element("tr", {},
    element("th", { scope: "row", class: "name" },
      element("a", { href: address({ row: row.name, column: "", kind: "" }) }, row.name), " ",
      element("small", {}, row.version)),
    outcomes.map((name) => element("td", { class: `outcome ${row.counts[name] ? name : "none"}` },
      row.counts[name] ? String(row.counts[name]) : "·")),
    columns.map((column) => cell(row, column, kinds.filter((kind) => isOf(kind, column)), asked))));
  const table = element("table", { class: `matrix by-${asked.by}`, onkeydown: walk },
    element("caption", {}, "Cases by outcome, and those that diverge by ", asked.by,
      ". The arrow keys walk from cell to cell, Enter opens one."),
    element("thead", {}, head), element("tbody", {}, body));
  const first = table.querySelector("a.cell[aria-current]") ?? table.querySelector("a.cell");
  if (first) first.tabIndex = 0;
  return element("div", { class: "scrolled", role: "region", "aria-label": "matrix", tabindex: "-1" }, table);
}

/** The arrow keys walk from cell to cell, over those that are empty. */
function walk(event) {
  const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  const step = steps[event.key];
  const from = event.target.closest("a.cell");
  if (!step || !from) return;
  event.preventDefault();
  const rows = [...event.currentTarget.tBodies[0].rows];
  let row = rows.indexOf(from.closest("tr"));
  let column = from.closest("td").cellIndex;
  for (;;) {
    row += step[0];
    column += step[1];
    const there = rows[row]?.cells[column];
    if (!there) return;
    const next = there.querySelector("a.cell");
    if (!next) continue;
    from.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    return;
  }
}

/** The kinds of a cell, or of a row. */
function kindList(asked) {
  const row = result.rows.find((row) => row.name === asked.row);
  if (!row) return null;
  const kinds = kindsOf(row, asked).filter((kind) =>
    !asked.column || kind.class === asked.column || kind.rule === asked.column);
  const items = kinds.map((kind) => element("li", {},
    element("a", { href: address({ kind: kind.fingerprint }), class: "kind" },
      severityOf(kind.severity), kind.known ? null : element("span", { class: "new" }, "new"),
      element("span", { class: "says" }, sentence(kind.message)),
      element("code", {}, kind.fingerprint.slice(row.name.length + 1)),
      element("small", {}, kind.cases.length === 1 ? "1 case" : `${kind.cases.length} cases`))));
  return element("section", { class: "kinds", "aria-labelledby": "kinds" },
    element("h2", { id: "kinds", tabindex: "-1" }, `${row.name} ${row.version}`, asked.column ? `: ${asked.column}` : ""),
    row.remarks.length && !asked.column
      ? element("details", {}, element("summary", {}, "Why cases did not run"),
        element("ul", { class: "remarks" }, row.remarks.map((remark) => element("li", {}, remark))))
      : null,
    items.length ? element("ol", {}, items) : element("p", {}, "Nothing that is asked for."));
}

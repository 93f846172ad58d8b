// The matrix: a row per middleware, a column per class or rule. A cell shows the number of diverging cases and the worst
// severity.

const outcomes = ["conform", "diverge", "unsupported", "rejected", "inconclusive", "broken"];

/** Returns the names of the columns: all classes, or the rules that have divergences. */
function columnsOf(view, kinds) {
  if (view.by === "class") return result.classes;
  const order = (rule) => result.classes.indexOf(result.rules[rule].class);
  const rules = [...new Set(kinds.map((kind) => kind.rule))];
  return rules.sort((one, other) => order(one) - order(other) || (one < other ? -1 : 1));
}

function cell(row, column, kinds, view) {
  if (!kinds.length) return element("td", { class: "none" }, element("span", { "aria-label": "none" }, "·"));
  const cases = new Set(kinds.flatMap((kind) => kind.cases)).size;
  const worst = severities.find((severity) => kinds.some((kind) => kind.severity === severity));
  const fresh = kinds.filter((kind) => !kind.known).length;
  const label = `${row.name}, ${column}: ${cases} cases, ${kinds.length} kinds, the worst ${worst}, ${fresh} new`;
  const isSelected = view.row === row.name && view.column === column;
  const button = element(
    "a",
    { href: address({ row: row.name, column, kind: "" }), class: `cell ${worst}`, "aria-label": label, title: label,
      "aria-current": isSelected ? "true" : null, tabindex: "-1" },
    element("span", { class: "mark", "aria-hidden": "true" }, marks[worst]),
    element("span", {}, String(cases)),
    fresh ? element("span", { class: "new" }, `+${fresh}`) : null,
  );
  return element("td", {}, button);
}

function matrix(view) {
  const isOf = (kind, column) => (view.by === "class" ? kind.class : kind.rule) === column;
  const isFiltered = view.search || view.known !== "all" || view.severity !== "low";
  const rows = result.rows.map((row) => [row, kindsOf(row, view)]).filter(([row, kinds]) =>
    kinds.length || !isFiltered);
  const columns = columnsOf(view, rows.flatMap(([, kinds]) => kinds));
  const head = element("tr", {}, element("th", { scope: "col", class: "name" }, "middleware"),
    outcomes.map((name) => element("th", { scope: "col", class: "outcome" }, element("span", {}, name))),
    columns.map((name) => element("th", { scope: "col", class: "column" }, element("span", {}, name))));
  const body = rows.map(([row, kinds]) => element("tr", {},
    element("th", { scope: "row", class: "name" },
      element("a", { href: address({ row: row.name, column: "", kind: "" }) }, row.name), " ",
      element("small", {}, row.version)),
    outcomes.map((name) => element("td", { class: `outcome ${row.counts[name] ? name : "none"}` },
      row.counts[name] ? String(row.counts[name]) : "·")),
    columns.map((column) => cell(row, column, kinds.filter((kind) => isOf(kind, column)), view))));
  const table = element("table", { class: `matrix by-${view.by}`, onkeydown: moveFocus },
    element("caption", {}, "Cases by outcome, and those that diverge by ", view.by,
      ". The arrow keys move between cells, Enter opens a cell."),
    element("thead", {}, head), element("tbody", {}, body));
  const first = table.querySelector("a.cell[aria-current]") ?? table.querySelector("a.cell");
  if (first) first.tabIndex = 0;
  return element("div", { class: "scrolled", role: "region", "aria-label": "matrix", tabindex: "-1" }, table);
}

/** Moves the focus with the arrow keys. Empty cells are skipped. */
function moveFocus(event) {
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

/** Returns the list of the kinds of divergence of a cell or a row. */
function kindList(view) {
  const row = result.rows.find((row) => row.name === view.row);
  if (!row) return null;
  const kinds = kindsOf(row, view).filter((kind) =>
    !view.column || kind.class === view.column || kind.rule === view.column);
  const items = kinds.map((kind) => element("li", {},
    element("a", { href: address({ kind: kind.fingerprint }), class: "kind" },
      severityLabel(kind.severity), kind.known ? null : element("span", { class: "new" }, "new"),
      element("span", { class: "message" }, sentence(kind.message)),
      element("code", {}, kind.fingerprint.slice(row.name.length + 1)),
      element("small", {}, kind.cases.length === 1 ? "1 case" : `${kind.cases.length} cases`))));
  return element("section", { class: "kinds", "aria-labelledby": "kinds" },
    element("h2", { id: "kinds", tabindex: "-1" }, `${row.name} ${row.version}`, view.column ? `: ${view.column}` : ""),
    row.remarks.length && !view.column
      ? element("details", {}, element("summary", {}, "Why cases did not run"),
        element("ul", { class: "remarks" }, row.remarks.map((remark) => element("li", {}, remark))))
      : null,
    items.length ? element("ol", {}, items) : element("p", {}, "No divergence matches the filters."));
}

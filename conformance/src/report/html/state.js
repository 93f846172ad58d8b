// The state of the view. It is stored in the fragment of the address, so that a link shares the view.

const severities = ["critical", "high", "medium", "low"];
const marks = { critical: "‼", high: "!", medium: "●", low: "○" };
const defaults = { by: "class", severity: "low", known: "all", search: "", row: "", column: "", kind: "" };

/** Returns the state in the address. */
function state() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(Object.entries(defaults).map(([key, value]) => [key, parameters.get(key) ?? value]));
}

/** Returns the address of the state with these changes. */
function address(changes) {
  const parameters = Object.entries({ ...state(), ...changes }).filter(([key, value]) => value !== defaults[key]);
  return "#" + new URLSearchParams(parameters);
}

/** Changes the state. Without `addsHistory`, the change replaces the current history entry. */
function go(changes, addsHistory = true) {
  const target = address(changes);
  if (target === location.hash || (target === "#" && !location.hash)) return;
  if (addsHistory) location.hash = target;
  else {
    history.replaceState(null, "", target);
    show();
  }
}

/** Returns true if a kind of divergence matches the filters. */
function matchesFilters(row, kind, view) {
  if (severities.indexOf(kind.severity) > severities.indexOf(view.severity)) return false;
  if (view.known === "new" && kind.known) return false;
  if (view.known === "known" && !kind.known) return false;
  const words = view.search.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return true;
  const text = [row.name, row.version, kind.fingerprint, kind.message, ...kind.cases].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Returns the kinds of divergence of a row that match the filters. */
function kindsOf(row, view) {
  return row.kinds.filter((kind) => matchesFilters(row, kind, view));
}

/** Returns a severity as a word with a mark and a colour. */
function severityLabel(severity) {
  return element("span", { class: `severity ${severity}` }, `${marks[severity]} ${severity}`);
}

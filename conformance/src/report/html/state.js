// What is shown, as the fragment of the page's address: a view is shared by its link.

const severities = ["critical", "high", "medium", "low"];
const marks = { critical: "‼", high: "!", medium: "●", low: "○" };
const defaults = { by: "class", severity: "low", known: "all", search: "", row: "", column: "", kind: "" };

/** The state that the address tells. */
function state() {
  const told = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(Object.entries(defaults).map(([key, value]) => [key, told.get(key) ?? value]));
}

/** The address of the state with these changes. */
function address(changes) {
  const told = Object.entries({ ...state(), ...changes }).filter(([key, value]) => value !== defaults[key]);
  return "#" + new URLSearchParams(told);
}

/** Goes there. What is typed leaves no trail of its own. */
function go(changes, keepsTrail = true) {
  const there = address(changes);
  if (there === location.hash || (there === "#" && !location.hash)) return;
  if (keepsTrail) location.hash = there;
  else {
    history.replaceState(null, "", there);
    show();
  }
}

/** Whether a kind is asked for. */
function isAskedFor(row, kind, asked) {
  if (severities.indexOf(kind.severity) > severities.indexOf(asked.severity)) return false;
  if (asked.known === "new" && kind.known) return false;
  if (asked.known === "known" && !kind.known) return false;
  const words = asked.search.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return true;
  const text = [row.name, row.version, kind.fingerprint, kind.message, ...kind.cases].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The kinds of a row that are asked for. */
function kindsOf(row, asked) {
  return row.kinds.filter((kind) => isAskedFor(row, kind, asked));
}

/** A severity, told by its word, a mark and a colour. */
function severityOf(severity) {
  return element("span", { class: `severity ${severity}` }, `${marks[severity]} ${severity}`);
}

// Uses the report like a reader, and sends what it sees to the test.

const frame = document.querySelector("iframe");
const turn = () => new Promise((done) => setTimeout(done, 60));

async function drive() {
  const seen = { violations: [] };
  const page = frame.contentDocument;
  const view = frame.contentWindow;
  page.addEventListener("securitypolicyviolation", (event) => seen.violations.push(event.blockedURI));
  const text = (selector) => page.querySelector(selector)?.innerText.trim() ?? null;
  const press = (target, key) => target.dispatchEvent(new view.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const overflow = () => page.documentElement.scrollWidth - page.documentElement.clientWidth;

  seen.headings = [...page.querySelectorAll("thead th")].map((cell) => cell.innerText);
  seen.rows = [...page.querySelectorAll("tbody tr")].map((row) => row.cells[0].innerText.trim());
  seen.cell = page.querySelector("a.cell.critical").getAttribute("aria-label");

  page.querySelector("a.cell").focus();
  const first = page.activeElement.getAttribute("aria-label");
  press(page.activeElement, "ArrowRight");
  press(page.activeElement, "ArrowLeft");
  seen.movesBack = page.activeElement.getAttribute("aria-label") === first;
  press(page.activeElement, "ArrowRight");
  seen.moved = page.activeElement.getAttribute("aria-label") !== first;
  press(page.body, "/");
  seen.searches = page.activeElement.id;

  page.querySelector("a.cell.critical").click();
  await turn();
  seen.kinds = [...page.querySelectorAll("a.kind .message")].map((kind) => kind.innerText);
  page.querySelector("a.kind").click();
  await turn();
  seen.title = text("h2#case");
  seen.focused = page.activeElement.id;
  seen.marked = [...page.querySelectorAll("mark .text")].map((line) => line.innerText);
  seen.sent = [...page.querySelectorAll(".line.sent .text")].map((line) => line.innerText);
  seen.step = text("#step");
  const copied = (title) => [...page.querySelectorAll(".copied")].find((part) => part.querySelector("h4").innerText.startsWith(title));
  seen.vector = JSON.parse(copied("Vector").querySelector("pre").innerText);
  seen.curl = copied("curl").querySelector("pre").innerText;
  seen.test = copied("Rust test").querySelector("pre").innerText;
  frame.style.width = "390px";
  await turn();
  seen.overflowOfCase = overflow();
  press(page.body, "Escape");
  await turn();
  seen.isBack = page.querySelector("table.matrix") !== null;
  seen.overflowOfMatrix = overflow();
  frame.style.width = "1200px";

  const search = page.getElementById("search");
  search.focus();
  search.value = "no-such-thing";
  search.dispatchEvent(new view.Event("input", { bubbles: true }));
  await turn();
  seen.rowsOfNothing = page.querySelectorAll("tbody tr").length;
  seen.keepsFocus = page.activeElement.id;
  view.location.hash = "#by=rule&severity=critical";
  await turn();
  seen.rules = [...page.querySelectorAll("th.column")].map((cell) => cell.innerText.trim());

  const paper = () => view.getComputedStyle(page.documentElement).backgroundColor;
  const before = paper();
  page.getElementById("theme").click();
  seen.turnsDark = [before, paper()];
  seen.fetched = view.performance.getEntriesByType("resource").map((entry) => entry.name);
  return seen;
}

frame.addEventListener("load", async () => {
  const result = await drive().catch((error) => ({ error: String(error.stack ?? error) }));
  await fetch("/result", { method: "POST", body: JSON.stringify(result) });
});
frame.src = "/report.html";

// Helpers that build elements. All content is inserted as text, so that no text of a case becomes markup.

const result = JSON.parse(document.getElementById("result").textContent);

/** Returns an element. `children` are elements or text; null and undefined are skipped. */
function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** Returns a link for an HTTP address, and plain text for any other address. */
function link(address, text = address) {
  if (!/^https?:\/\//.test(address)) return element("span", {}, text);
  return element("a", { href: address, rel: "noreferrer" }, text);
}

/** Returns the parts of a text. The parts between backticks become code elements. */
function sentence(text) {
  return text.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
}

/** Returns a text with a button that copies it. */
function copied(title, text) {
  const button = element("button", { type: "button", class: "copy" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      const range = document.createRange();
      range.selectNodeContents(code);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      button.textContent = "Selected";
    }
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  const code = element("pre", { tabindex: "0" }, text);
  return element("section", { class: "copied" }, element("header", {}, element("h4", {}, title), button), code);
}

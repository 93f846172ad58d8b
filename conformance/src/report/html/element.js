// Elements whose content is text: nothing of a case is ever read as markup.

const result = JSON.parse(document.getElementById("result").textContent);

/** Makes an element. `children` are elements or text; what is null is left out. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A link, where its address is one of the web's; else its text. */
function link(address, text = address) {
  if (!/^https?:\/\//.test(address)) return element("span", {}, text);
  return element("a", { href: address, rel: "noreferrer" }, text);
}

/** A sentence in which what stands between backticks is code. */
function sentence(text) {
  return text.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
}

/** A text to be copied. */
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

/* Suggestions while typing, for fields with data-suggest: a list to choose from with the arrow keys. Nothing else needs a script. */
"use strict";
for (const field of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("ul");
  list.className = "suggested";
  list.id = `suggested-${field.id || "q"}`;
  list.role = "listbox";
  list.hidden = true;
  list.setAttribute("aria-label", field.getAttribute("aria-label") || field.labels?.[0]?.textContent || field.placeholder);
  field.after(list);
  field.parentElement.classList.add("suggests");
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]])
    field.setAttribute(name, value);
  let at = -1, asked = 0, waiting;

  const close = () => { asked++; clearTimeout(waiting); list.hidden = true; at = -1; field.setAttribute("aria-expanded", "false"); field.removeAttribute("aria-activedescendant"); };
  const mark = (next) => {
    const all = list.children;
    if (!all.length) return;
    all[at]?.setAttribute("aria-selected", "false");
    at = (next + all.length) % all.length;
    all[at].setAttribute("aria-selected", "true");
    all[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", all[at].id);
  };
  const show = (found) => {
    list.replaceChildren(...found.map((each, n) => {
      const line = document.createElement("li"), kind = document.createElement("small");
      line.id = `${list.id}-${n}`;
      line.role = "option";
      line.setAttribute("aria-selected", "false");
      line.textContent = each.title;
      kind.textContent = each.kind;
      line.append(kind);
      line.addEventListener("mousedown", (event) => { event.preventDefault(); location.assign(each.href); });
      line.dataset.href = each.href;
      return line;
    }));
    at = -1;
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(Boolean(found.length)));
  };
  const ask = async () => {
    const mine = ++asked, typed = field.value.trim();
    if (typed.length < 2) return close();
    try {
      const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(typed)}`);
      if (answer.ok && mine === asked) show((await answer.json()).filter((each) => each.href));
    } catch { close(); }
  };
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 120); });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
    else if (event.key === "ArrowDown" && !list.hidden) { event.preventDefault(); mark(at + 1); }
    else if (event.key === "ArrowUp" && !list.hidden) { event.preventDefault(); mark(at < 0 ? -1 : at - 1); }
    else if (event.key === "Enter" && at >= 0 && !list.hidden) { event.preventDefault(); location.assign(list.children[at].dataset.href); }
  });
}

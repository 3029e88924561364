/* A reading on a phone: what is typed stays on the phone until it was sent; without this script the form sends as it is. */
(() => {
  "use strict";
  const store = { // a browser may keep nothing: then the page works as it does without a script
    read(name) { try { return JSON.parse(localStorage.getItem(name)) } catch { return null } },
    keep(name, value) { try { localStorage.setItem(name, JSON.stringify(value)); return true } catch { return false } },
    drop(name) { try { localStorage.removeItem(name) } catch { /* nothing was kept */ } },
  };
  const named = ({ who, at }) => `reading ${who} ${at}`; // another person who signs in here is offered nothing

  const sent = document.querySelector("[data-sent]");
  if (sent) { // what was sent is forgotten; what was begun after it is not
    const name = named(sent.dataset), kept = store.read(name);
    if (kept && kept.key === sent.dataset.key) store.drop(name);
  }

  const form = document.querySelector("form[data-who]");
  if (!form) return;
  const name = named(form.dataset), line = form.querySelector("[data-line]"), offer = form.querySelector("[data-offer]");
  const typed = () => Object.fromEntries([...new FormData(form)].filter(([field]) => !["csrfmiddlewaretoken", "key"].includes(field)));
  const begun = JSON.stringify(typed());
  const keep = () => {
    const fields = typed();
    if (JSON.stringify(fields) === begun && !store.read(name)) return;
    if (store.keep(name, { key: form.elements.key.value, fields })) line.textContent = form.dataset.kept;
  };
  const fields_ = form.querySelector("[data-fields]");
  const into = ({ key, fields }) => {
    for (const field of form.elements) if (field.name in fields) field.value = fields[field.name];
    form.elements.key.value = key; // sent twice, from wherever, it is the same reading
    offer.hidden = !(fields_.hidden = false);
    line.textContent = form.dataset.kept;
  };
  const kept = store.read(name);
  if (kept && JSON.stringify(kept.fields) !== begun) {
    offer.hidden = !(fields_.hidden = true); // first this is decided: nothing that is typed takes its place
    offer.querySelector("[data-take]").addEventListener("click", () => into(kept));
    offer.querySelector("[data-drop]").addEventListener("click", () => { store.drop(name); offer.hidden = !(fields_.hidden = false); });
  }
  form.addEventListener("input", keep);
  form.addEventListener("submit", event => {
    keep();
    if (navigator.onLine !== false) return;
    event.preventDefault();
    line.textContent = form.dataset.offline;
  });
})();

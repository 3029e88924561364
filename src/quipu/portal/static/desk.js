/* The desk's script: passkeys, which need one; what is typed is kept by itself; files are dropped. All else works without it. */
(() => {
  "use strict";

  // Passkeys: a form that waits for a credential of the browser.
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) continue;
    form.hidden = false;
    form.addEventListener("submit", async event => {
      event.preventDefault();
      try {
        form.elements.credential.value = JSON.stringify((await credential(form)).toJSON());
        form.submit();
      } catch (error) {
        if (error.name !== "NotAllowedError") throw error; // the person thought better of it
      }
    });
  }

  async function credential(form) {
    const make = form.dataset.passkey === "create";
    const told = form.dataset.options
      ? JSON.parse(document.getElementById(form.dataset.options).textContent)
      : await (await fetch(form.action, { headers: { Accept: "application/json" } })).json();
    const options = (told.creation_options || told.request_options || told).publicKey;
    if (!make) return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    const alone = form.elements.passwordless && form.elements.passwordless.checked;
    options.authenticatorSelection = {
      ...options.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      ...(alone ? { userVerification: "required" } : {}),
    };
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  }

  // What is typed into a long form is kept a moment after the last key, and offered when its writer comes back.
  const WAIT = 2000;
  for (const form of document.querySelectorAll("form[data-kept]")) {
    const line = form.querySelector(".kept");
    const address = location.pathname;
    const typed = () => {
      const said = {}; // what is ticked several times under one name is a list
      for (const [name, value] of new FormData(form)) {
        if (name !== "csrfmiddlewaretoken" && typeof value === "string") said[name] = name in said ? [said[name], value].flat() : value;
      }
      return JSON.stringify(said);
    };
    const send = fields => fetch(form.dataset.kept, {
      method: "POST",
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body: new URLSearchParams({ form: address, fields }),
    });
    let timer = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const answer = await send(typed());
        if (answer.ok && line) line.textContent = line.dataset.kept;
      }, WAIT);
    });
    form.addEventListener("submit", () => { clearTimeout(timer); send(""); });
    fetch(`${form.dataset.kept}?form=${encodeURIComponent(address)}`).then(answer => answer.json()).then(({ fields }) => {
      const offer = form.querySelector("[data-offer]");
      if (!fields || !offer || JSON.stringify(fields) === typed()) return;
      offer.hidden = false;
      offer.querySelector("[data-take]").addEventListener("click", () => {
        for (const field of form.elements) {
          if (field.type === "radio" || field.type === "checkbox") field.checked = [fields[field.name]].flat().includes(field.value);
          else if (field.name in fields && field.type !== "hidden") field.value = fields[field.name];
        }
        offer.hidden = true;
      });
      offer.querySelector("[data-drop]").addEventListener("click", () => { send(""); offer.hidden = true; });
    });
  }

  // A voucher's form is checked a moment after the last key: balances and findings stand beside it. Its button does the same.
  for (const form of document.querySelectorAll("form[data-check]")) {
    const beside = document.querySelector("[data-found]");
    let timer = 0, asked = 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const mine = ++asked, fields = new FormData(form);
        for (const [name, value] of [...fields]) if (typeof value !== "string") fields.delete(name);
        for (const name of ["kind", "fund", "draft"]) {
          const said = form.dataset[`check${name[0].toUpperCase()}${name.slice(1)}`];
          if (said) fields.set(name, said);
        }
        if ([...form.querySelectorAll("[type=file]")].some(one => one.files.length)) fields.set("chosen", "1");
        const answer = await fetch(form.dataset.check, { method: "POST", body: new URLSearchParams(fields) });
        if (answer.ok && mine === asked) beside.innerHTML = await answer.text();
      }, 600);
    });
  }

  // On a voucher's page the same is asked at once.
  for (const form of document.querySelectorAll("form[data-ask]")) {
    const fields = new URLSearchParams([...new FormData(form), ["fragment", "1"]]);
    fetch(form.action, { method: "POST", body: fields }).then(async answer => {
      if (answer.ok) document.querySelector("[data-found]").innerHTML = await answer.text();
    });
  }

  // A return's sheet: sums, indirect cost and findings are the server's, a moment after the last key; "Compute" does the same.
  // In a column of amounts, Enter and the arrows go from one to the next.
  for (const form of document.querySelectorAll("form[data-sheet]")) {
    let timer = 0, asked = 0;
    const compute = async () => {
      const mine = ++asked, fields = new FormData(form);
      fields.set("fragment", "1");
      const answer = await fetch(location.href, { method: "POST", body: new URLSearchParams(fields) });
      if (!answer.ok || mine !== asked) return;
      const { texts } = await answer.json();
      for (const place of document.querySelectorAll("[data-text]")) {
        if (place.dataset.text in texts) place.textContent = texts[place.dataset.text];
      }
    };
    const soon = () => { clearTimeout(timer); timer = setTimeout(compute, 500); };
    form.addEventListener("input", soon);
    form.addEventListener("click", event => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.matches("[data-take]")) soon();
      if (!button.dataset.into) return;
      event.preventDefault();
      const into = document.getElementById(button.dataset.into);
      into.value = button.parentElement.querySelector("strong").textContent;
      into.dispatchEvent(new Event("input", { bubbles: true }));
      into.focus();
    });
    const column = [...form.querySelectorAll("table input.amount")];
    form.addEventListener("keydown", event => {
      const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      const at = column.indexOf(event.target);
      if (!step || at < 0) return;
      event.preventDefault();
      const next = column[at + step];
      if (next) { next.focus(); next.select(); }
    });
  }

  // Files that are dropped on a form are chosen in it; what is too large is said before it is sent.
  for (const form of document.querySelectorAll("form[data-largest]")) {
    const input = form.querySelector("input[type=file]");
    const judge = () => {
      const large = [...input.files].filter(file => file.size > Number(form.dataset.largest)).map(file => file.name);
      input.setCustomValidity(large.length ? `${form.dataset.tooLarge} ${large.join(", ")}` : "");
      input.reportValidity();
    };
    input.addEventListener("change", judge);
    for (const kind of ["dragover", "dragleave", "drop"]) form.addEventListener(kind, event => {
      event.preventDefault();
      form.classList.toggle("dropping", kind === "dragover");
      if (kind !== "drop") return;
      const some = new DataTransfer();
      for (const file of [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1)) some.items.add(file);
      input.files = some.files;
      judge();
    });
  }
})();

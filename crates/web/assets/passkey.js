// Passkeys: asks the server what to ask the device, and brings the answer back in the form that wanted it.
"use strict";

const say = (form, text) => { form.querySelector("[data-say]").textContent = text; };

// A form without a script would have nothing to send: it is hidden until there is one.
const canAsk = Boolean(window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON);
document.querySelectorAll("form[data-passkey]").forEach((form) => { form.hidden = !canAsk; });

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const { passkey } = form.dataset;
  if (!passkey || form.elements.answer.value) return;
  event.preventDefault();
  say(form, "");
  const token = form.elements.form_token ? form.elements.form_token.value : "";
  try {
    const asked = await fetch(form.dataset.question, {
      method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: new URLSearchParams({ form_token: token }),
    });
    if (!asked.ok || !(asked.headers.get("Content-Type") ?? "").startsWith("application/json")) {
      say(form, "This cannot be done right now. Reload the page and try again.");
      return;
    }
    const { id, options } = await asked.json();
    const answer = passkey === "create"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    form.elements.question.value = id;
    form.elements.answer.value = JSON.stringify(answer.toJSON());
    form.submit();
  } catch (e) {
    say(form, e.name === "InvalidStateError" ? "This device has a passkey of yours already." : "Nothing was done: the device gave no passkey.");
  }
});

// Back from the answer's page, the form asks afresh.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-passkey]").forEach((form) => { form.elements.answer.value = ""; });
});

// What pages gain with JavaScript: open ones look again when something happens, lists filter while one types, and a
// form that must be sent once is sent once.
"use strict";

const live = document.body.dataset.live;
if (live && window.EventSource) {
  let [pending, again] = [false, false];
  const look = async () => {
    if (pending) { again = true; return; }
    pending = true;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [mine, theirs] = [document.getElementById("main"), page.getElementById("main")];
      if (mine && theirs && !mine.contains(document.activeElement)) mine.replaceChildren(...theirs.childNodes);
      else if (mine && theirs) mine.querySelectorAll("section").forEach((s, i) => {
        const other = theirs.querySelectorAll("section")[i];
        if (other && !s.contains(document.activeElement)) s.replaceWith(other.cloneNode(true));
      });
    } finally {
      pending = false;
      if (again) { again = false; look(); }
    }
  };
  new EventSource(live).addEventListener("changed", look);
}

document.addEventListener("input", (event) => {
  const selector = event.target.dataset && event.target.dataset.filter;
  if (!selector) return;
  const wanted = event.target.value.trim().toLowerCase();
  document.querySelectorAll(selector).forEach((row) => {
    row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
  });
});

document.addEventListener("submit", (event) => {
  if (!event.target.hasAttribute("data-once")) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

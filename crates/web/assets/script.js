// What pages gain with JavaScript: open ones look again when something happens, lists filter while one types, menus
// close with Escape, and a form that must be sent once is sent once.
"use strict";

// What the columns are called, for tables that become cards when it is narrow.
const label = () => document.querySelectorAll("main table").forEach((table) => {
  const names = [...table.querySelectorAll("thead th")].map((th) => th.textContent.trim());
  table.querySelectorAll("tbody tr").forEach((row) => [...row.children].forEach((cell, i) => {
    if (i > 0 && names[i] && !cell.querySelector("form, .lozenge:only-child") && cell.textContent.trim()) cell.dataset.label = names[i];
  }));
});
label();

let [pending, again] = [false, false];
// What somebody is in the middle of stays as it is: the part that has the focus, and forms that were begun.
const inUse = (part) => part.contains(document.activeElement) || part.querySelector("[data-touched]");
// All of the page, or only what surrounds it: the inbox's count and what is urgent.
const look = async (all = true) => {
  // What is shown this once stays until one leaves.
  if (document.querySelector("main [data-keep]")) return;
  if (pending) { again ||= all; return; }
  pending = true;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [ours, others] = [document, page].map((d) => [...d.querySelectorAll("[data-mine]")]);
    ours.forEach((part, i) => { if (others[i] && !inUse(part)) part.replaceWith(document.importNode(others[i], true)); });
    if (!all) return;
    const [mine, theirs] = [document.getElementById("main"), page.getElementById("main")];
    if (mine && theirs && !inUse(mine)) mine.replaceChildren(...theirs.childNodes);
    else if (mine && theirs) mine.querySelectorAll("section").forEach((s, i) => {
      const other = theirs.querySelectorAll("section")[i];
      if (other && !inUse(s)) s.replaceWith(other.cloneNode(true));
    });
    label();
  } finally {
    pending = false;
    if (again) { again = false; look(); }
  }
};

// How much is unread now: a page that says something else looks again, the inbox itself always.
const heard = (unread) => {
  const shown = document.querySelector("[data-unread]");
  if (shown && shown.dataset.unread !== String(unread)) look(Boolean(document.querySelector("[data-inbox]")));
};

// What runs is looked at until it has ended.
setInterval(() => { if (document.querySelector("[data-running]")) look(); }, 1000);

// One stream a browser: a worker that all open pages share holds it; where there are none, the page holds its own.
const { live, after, worker } = document.body.dataset;
if (live && window.SharedWorker) {
  const { port } = new SharedWorker(worker, { name: "orglink-live" });
  port.addEventListener("message", ({ data }) => {
    if (data === "look") look();
    else if (data.unread !== undefined) heard(data.unread);
    else document.body.dataset.listening = "yes";
  });
  port.start();
  port.postMessage({ shows: live, after: Number(after) });
  window.addEventListener("pagehide", () => port.postMessage({}));
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) { port.postMessage({ shows: live, after: Number(after) }); look(live !== "account:me"); }
  });
} else if (live && window.EventSource) {
  const stream = new EventSource(`/live?topics=${live}&after=${after}`);
  stream.addEventListener("changed", () => look());
  stream.addEventListener("unread", (event) => heard(event.data));
  stream.addEventListener("open", () => { document.body.dataset.listening = "yes"; });
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form");
  if (form && form.method === "post") form.dataset.touched = "yes";
  const selector = event.target.dataset && event.target.dataset.filter;
  if (!selector) return;
  const wanted = event.target.value.trim().toLowerCase();
  document.querySelectorAll(selector).forEach((row) => {
    row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
  });
});

const close = (menu) => {
  const hadFocus = menu.contains(document.activeElement);
  menu.open = false;
  if (hadFocus) menu.querySelector("summary").focus();
};
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach(close);
  const typing = event.target.closest("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector(".top .search input");
    if (search) { event.preventDefault(); search.focus(); }
  }
});
for (const gone of ["click", "focusin"]) {
  document.addEventListener(gone, (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
}

// What was held back until somebody had confirmed goes on by itself.
document.querySelectorAll("form[data-go-on]").forEach((form) => form.submit());

document.addEventListener("submit", (event) => {
  if (!event.target.hasAttribute("data-once")) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// Holds the one stream of a browser for all its open pages, resumed by the position that was seen last.
"use strict";

const pages = new Map();
let [stream, seen, asked] = [null, 0, ""];

const open = () => {
  const topics = [...new Set([...pages.values()].flatMap((shows) => shows.split(",")))].sort().join(",");
  if (topics === asked && stream && stream.readyState !== EventSource.CLOSED) {
    if (stream.readyState === EventSource.OPEN) for (const port of pages.keys()) port.postMessage("listening");
    return;
  }
  if (stream) stream.close();
  [stream, asked] = [null, topics];
  if (topics === "") return;
  stream = new EventSource(`/live?topics=${topics}&after=${seen}`);
  stream.addEventListener("open", () => { for (const port of pages.keys()) port.postMessage("listening"); });
  stream.addEventListener("changed", (event) => {
    seen = Math.max(seen, Number(event.lastEventId) || 0);
    const changed = event.data.split(",");
    for (const [port, shows] of pages) if (event.data === "*" || shows.split(",").some((topic) => changed.includes(topic))) port.postMessage("look");
  });
  stream.addEventListener("unread", (event) => { for (const port of pages.keys()) port.postMessage({ unread: event.data }); });
};

onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data: { shows, after } }) => {
    if (pages.size === 0) seen = after;
    else if (shows && shows !== "account:me" && after < seen) port.postMessage("look");
    if (shows) pages.set(port, shows); else pages.delete(port);
    open();
  };
};

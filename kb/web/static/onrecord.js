// Keys that work on every page and in the review queue. Without this file every page still works.
"use strict";

const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

const queue = () => [...document.querySelectorAll(".judge-item")];

function current() {
  const focused = document.activeElement && document.activeElement.closest(".judge-item");
  return focused || document.querySelector(".judge-item.current");
}

function goTo(item) {
  if (!item) return;
  for (const other of queue()) other.classList.toggle("current", other === item);
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const items = queue();
  const at = items.indexOf(current());
  goTo(items[Math.min(Math.max(at + by, 0), items.length - 1)] || items[0]);
}

function press(key) {
  const within = current() || (queue().length ? null : document);
  const target = within && within.querySelector(`[data-key="${key}"]`);
  if (target) target.click();
  return Boolean(target);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    const field = document.querySelector("input[type=search]");
    if (!field) return;
    field.focus();
    field.select();
  } else if (queue().length && (event.key === "j" || event.key === "k")) {
    step(event.key === "j" ? 1 : -1);
  } else if (!["a", "e", "r", "u"].includes(event.key) || event.repeat || !press(event.key)) {
    return;
  }
  event.preventDefault();
});

// After a judgement the queue goes on with the next one; a refused one keeps its place.
document.addEventListener("htmx:afterSwap", (event) => {
  const path = event.detail.requestConfig && event.detail.requestConfig.path;
  const judged = path && /^\/statements\/(\d+)\/(accept|reject|undo)$/.exec(path);
  if (!judged) return;
  const item = document.getElementById(`q${judged[1]}`);
  if (!item) return;
  htmx.process(item); // which htmx does a moment later, when the next key may have been pressed already
  goTo(item);
  if (event.detail.xhr.status === 200 && judged[2] !== "undo") step(1);
});

document.addEventListener("focusin", (event) => {
  const item = event.target.closest(".judge-item");
  if (item) for (const other of queue()) other.classList.toggle("current", other === item);
});

// On a phone facets start closed; the page itself has them open for those without script.
if (matchMedia("(max-width: 56rem)").matches) {
  const close = () => document.querySelectorAll(".facets details").forEach((details) => (details.open = false));
  close();
  document.addEventListener("htmx:afterSettle", close);
}

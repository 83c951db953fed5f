// The timeline under the pointer or the focus is told in words, and kinds of statements can be hidden.
"use strict";

const drawn = document.getElementById("timeline-svg");
const caption = document.getElementById("timeline-caption");

if (drawn) {
  const explained = caption.textContent;
  const tell = (event) => {
    const mark = event.target.closest("a");
    if (mark) caption.textContent = mark.getAttribute("aria-label");
  };
  drawn.addEventListener("pointerover", tell);
  drawn.addEventListener("focusin", tell);
  drawn.addEventListener("pointerleave", () => (caption.textContent = explained));

  const bar = document.getElementById("timeline-kinds");
  const marks = [...drawn.querySelectorAll("a[data-kind]")];
  const kinds = [...new Set(marks.map((mark) => mark.dataset.kind))].sort();
  for (const kind of kinds.length > 1 ? kinds : []) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${kind}s`;
    button.setAttribute("aria-pressed", "true");
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      for (const mark of marks) if (mark.dataset.kind === kind) mark.classList.toggle("off", !on);
    });
    bar.append(button);
  }
  bar.hidden = kinds.length < 2;
}

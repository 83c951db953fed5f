// Takes the words that a reader selected in the document over into the form, with the place where they stand.
"use strict";

// Offsets count code points, as the record does; JavaScript counts UTF-16 units.
const codePoints = (text) => [...text].length;

function offsetOf(node, within) {
  const piece = node.parentElement.closest("[data-start]");
  if (!piece) return null;
  const range = document.createRange();
  range.setStart(piece, 0);
  range.setEnd(node, within);
  return Number(piece.dataset.start) + codePoints(range.toString());
}

function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const inText = range.commonAncestorContainer.parentElement.closest(".text[data-document]")
    || range.commonAncestorContainer.closest?.(".text[data-document]");
  if (!inText || range.startContainer.nodeType !== Node.TEXT_NODE) return null;
  return { words: range.toString(), at: offsetOf(range.startContainer, range.startOffset) };
}

for (const button of document.querySelectorAll("button.use")) {
  button.hidden = false;
  button.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
  button.addEventListener("click", () => {
    const found = selected();
    if (!found || !found.words.trim()) return;
    const field = document.getElementById(`e-${button.dataset.for}`);
    field.value = found.words;
    button.form.elements[`${button.dataset.for}_at`].value = found.at ?? "";
    field.focus();
  });
  const field = document.getElementById(`e-${button.dataset.for}`);
  field.addEventListener("input", () => (button.form.elements[`${button.dataset.for}_at`].value = ""));
}

document.getElementById("e-report")?.addEventListener("change", (event) => {
  location.href = `${location.pathname}?edit=1&report=${event.target.value}#edit`;
});

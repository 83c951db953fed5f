// Filters, and the words "due" and "overdue", which depend on the day of reading. The page is complete without them.
"use strict";
const DUE_SOON = 30; // days, as "kb predictions --status due" counts them
(() => {
  const find = (selector) => [...document.querySelectorAll(selector)];
  const iso = (date) => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const pad = (n) => String(n).padStart(2, "0");
  const now = new Date();
  const today = iso(now);
  const soon = iso(new Date(now.getFullYear(), now.getMonth(), now.getDate() + DUE_SOON));

  const statusOf = ({ latest }) => (!latest || latest > soon ? "open" : latest < today ? "overdue" : "due");

  for (const badge of find(".badge[data-status]")) {
    const status = statusOf(badge.dataset);
    badge.className = `badge ${status}`;
    badge.textContent = status[0].toUpperCase() + status.slice(1);
    const entry = badge.closest(".full");
    if (entry) entry.dataset.status = status;
  }

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const statements = find(".full").map((entry) => ({ ...entry.dataset, words: fold(entry.textContent) }));
  const entries = find(".entry");
  const years = find(".year");
  const words = document.getElementById("f-words");
  const from = document.getElementById("f-from");
  const until = document.getElementById("f-until");
  const count = document.getElementById("f-count");
  const selects = ["speaker", "kind", "status"].map((key) => [key, document.getElementById(`f-${key}`)]);

  for (const [key, select] of selects) {
    const values = [...new Set(statements.map((statement) => statement[key]))].filter(Boolean);
    for (const value of values.sort((a, b) => a.localeCompare(b))) select.add(new Option(value, value));
  }

  // Whether a statement can fall due within the window; one without a last day falls into none.
  const isWithin = ({ earliest, latest }) =>
    (!from.value && !until.value) || (latest && latest >= from.value && (!until.value || earliest <= until.value));

  const apply = () => {
    const wanted = fold(words.value).split(/\s+/).filter(Boolean);
    const matches = statements.filter(
      (statement) =>
        selects.every(([key, { value }]) => !value || statement[key] === value) &&
        isWithin(statement) &&
        wanted.every((word) => statement.words.includes(word)),
    );
    const kept = new Set(matches.map((match) => match.statement));
    for (const entry of entries) entry.hidden = !kept.has(entry.dataset.statement);
    for (const year of years) year.hidden = !year.querySelector(".entry:not([hidden])");
    count.textContent = `${matches.length} of ${statements.length} statements`;
  };

  const filters = document.getElementById("filters");
  filters.addEventListener("input", apply);
  filters.hidden = statements.length < 2;
  apply();
})();

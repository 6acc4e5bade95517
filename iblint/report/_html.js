"use strict";

// Shows what the form asks for; without scripts everything is shown and the form is not.
(() => {
  const form = document.getElementById("filter");
  const findings = [...document.querySelectorAll("article")];
  const rows = [...document.querySelectorAll("tbody tr")];
  const tables = [...document.querySelectorAll("table")];
  const texts = new Map([...findings, ...rows].map((element) => [element, element.textContent.toLowerCase()]));

  const matches = (element, words) => words.every((word) => texts.get(element).includes(word));

  function update() {
    const { text, severity, rule, failing, brief } = form.elements;
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set([...severity].filter((box) => box.checked).map((box) => box.value));
    const shown = findings.filter(
      (finding) =>
        severities.has(finding.dataset.severity) &&
        (rule.value === "" || finding.dataset.rule === rule.value) &&
        matches(finding, words),
    );
    const configurations = new Set(shown.map((finding) => finding.dataset.configuration));
    for (const finding of findings) finding.hidden = !shown.includes(finding);
    for (const row of rows) {
      const found = configurations.has(row.dataset.configuration);
      row.hidden = !(found || (!failing.checked && matches(row, words)));
    }
    for (const table of tables) table.classList.toggle("brief", brief.checked);
    document.getElementById("shown").textContent = `${shown.length} of ${findings.length} findings`;
  }

  form.addEventListener("input", update);
  form.addEventListener("reset", () => setTimeout(update));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  update();
})();

"use strict";

// Filters findings and configurations by the form. Without scripts everything is shown, and the form is hidden.
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
    const configurations = new Set();
    let shown = 0;
    for (const finding of findings) {
      const { severity, rule: code, configuration } = finding.dataset;
      finding.hidden = !(severities.has(severity) && [code, ""].includes(rule.value) && matches(finding, words));
      if (finding.hidden) continue;
      configurations.add(configuration);
      shown += 1;
    }
    for (const row of rows) {
      const found = configurations.has(row.dataset.configuration);
      row.hidden = !(found || (!failing.checked && matches(row, words)));
    }
    for (const table of tables) table.classList.toggle("brief", brief.checked);
    document.getElementById("shown").textContent = `${shown} of ${findings.length} findings`;
  }

  form.addEventListener("input", update);
  form.addEventListener("reset", () => setTimeout(update));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  update();
})();

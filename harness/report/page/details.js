// All of one cell.
function add_text(box, title, text) {
  if (text) box.append(element("h3", title), element("pre", text));
}

function add_consoles(box, cell) {
  const consoles = (night.consoles && night.consoles[night.cells.indexOf(cell)]) || [];
  consoles.forEach((recording, attempt) => {
    if (!recording || !recording.events.length) return;
    box.append(element("h3", consoles.length > 1 ? `Console of attempt ${attempt + 1}` : "Console"));
    box.append(new Player(recording).box);
  });
}

function add_figures(box, cell) {
  if (cell.measurements)
    box.append(element("h3", "Measurements"), table_of(["name", "value", "unit"],
      cell.measurements.map(one => [one.name, figure(one.value), one.unit || ""])));
  const trends = trends_of(cell);
  if (trends.length) box.append(element("h3", `The last ${night.trends.nights.length} nights, from ${night.trends.nights[0]}`));
  for (const trend of trends)
    box.append(element("p", `${trend.name}${trend.unit ? ` in ${trend.unit}` : ""}`), trend_chart(trend));
}

function add_tables(box, cell) {
  if (cell.steps)
    box.append(element("h3", "Steps"), table_of(["step", "outcome", "time", "reason"],
      cell.steps.map(one => [one.name, one.outcome, seconds(one.seconds), one.reason || ""])));
  if (cell.attempts)
    box.append(element("h3", "Attempts"), table_of(["", "outcome", "time", "reason", "record"],
      cell.attempts.map((one, i) => [i + 1, one.outcome, seconds(one.seconds), one.reason || "", one.record || ""])));
}

function details_of(cell) {
  const box = element("section");
  box.append(element("h2", cell.name));
  const machine = cell.fingerprint || {};
  const facts = element("p");
  facts.append(element("span", cell.outcome, `badge ${status_class(cell.status)}`),
    element("span", ` ${[seconds(cell.seconds), machine.qemu && `QEMU ${machine.qemu}`, machine.host_cpu].filter(Boolean).join(" · ")}`));
  box.append(facts);
  if (cell.reason) box.append(element("pre", cell.reason));
  if (cell.expected) box.append(element("p", `Expected until ${cell.expected.until}: ${cell.expected.reason}`));
  if (cell.unexpected_pass) box.append(element("p", "It was expected to fail and passed."));
  if (cell.quarantine) box.append(element("p", `In quarantine: ${cell.quarantine}`));
  for (const one of cell.failures || []) {
    add_text(box, one.title || one.kind, one.excerpt);
    if (one.explanation) box.append(element("p", one.explanation));
  }
  for (const one of cell.steps || []) {
    add_text(box, `Output of ${one.name}`, one.output);
    add_text(box, `Error output of ${one.name}`, one.stderr);
  }
  add_text(box, "End of the console", cell.excerpt);
  add_tables(box, cell);
  add_figures(box, cell);
  add_consoles(box, cell);
  return box;
}

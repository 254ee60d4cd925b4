// What changed since the night before.
function cell_link(name) {
  const cell = night.cells.find(one => one.name === name);
  return cell ? button(name, "link", () => choose(cell)) : element("span", name);
}

function change_item(entry) {
  const item = element("li");
  if (entry.cell) item.append(cell_link(entry.cell));
  const say = text => item.append(element("span", text));
  if (entry.outcome) say(`: ${entry.outcome}`);
  if (entry.outcome && entry.before) say(` (before: ${entry.before})`);
  if (entry.since) say(` since ${entry.since}`);
  if (entry.reason && entry.outcome !== "passed") say(`: ${entry.reason.split("\n")[0]}`);
  return item;
}

function crash_item(crash) {
  const item = element("li", `${crash.title}${crash.new ? " (new)" : ""}: `);
  crash.cells.forEach((name, i) => item.append(element("span", i ? ", " : ""), cell_link(name)));
  return item;
}

function moved_item(one) {
  const item = element("li");
  const change = one.change === null ? "" : ` (${one.change > 0 ? "+" : ""}${(one.change * 100).toFixed(1)} %)`;
  item.append(cell_link(one.cell), element("span",
    `: ${one.name} ${figure(one.before)} → ${figure(one.after)} ${one.unit}${change}${one.worse ? ", worse" : ""}`));
  return item;
}

const vector_item = one => element("li", `${one.cell}: ${one.what}: ` +
  Object.entries(one.results).map(([length, outcome]) => `${length}=${outcome}`).join(" "));

const change_lists = [
  ["new_failures", "New failures", change_item],
  ["infra_errors", "Infrastructure errors and cells that were not run", change_item],
  ["flaky", "Flaky", change_item],
  ["still_failing", "Still failing", change_item],
  ["fixed", "Fixed", change_item],
  ["crashes", "Crashes, equal ones together", crash_item],
  ["moved", "Measurements that moved", moved_item],
  ["vector_lengths", "Results that differ between vector lengths", vector_item],
  ["gone", "Cells that are gone", name => element("li", name)],
  ["added", "Cells that are new", name => { const item = element("li"); item.append(cell_link(name)); return item; }]];

function show_changes() {
  const changes = night.changes;
  if (!changes) return;
  const box = by("changes");
  box.hidden = false;
  box.append(element("h2", `Since ${changes.before}`));
  for (const [key, title, make] of change_lists) {
    if (!changes[key] || !changes[key].length) continue;
    const list = element("ul");
    list.append(...changes[key].map(make));
    box.append(element("h3", `${title} (${changes[key].length})`), list);
  }
  if (box.childElementCount === 1) box.append(element("p", "Nothing has changed."));
}

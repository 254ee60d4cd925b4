// Which cells are shown: all words of the filter must stand somewhere in what the page has of it.
const hidden_statuses = new Set();

function searched_text(entry) {
  entry.text ||= JSON.stringify(entry.cell).toLowerCase();
  return entry.text;
}

function filter() {
  const words = by("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const entry of boxes) {
    const fits = !hidden_statuses.has(status_class(entry.cell.status)) &&
      words.every(word => searched_text(entry).includes(word));
    entry.box.classList.toggle("out", !fits);
    shown += fits ? 1 : 0;
  }
  for (const row of document.querySelectorAll("#grid tbody tr"))
    row.hidden = !row.querySelector("button:not(.out)");
  by("shown").textContent = `${shown} of ${boxes.length} cells`;
}

function build_filters() {
  for (const status of statuses) {
    const count = (night.counts || {})[status];
    if (!count) continue;
    const badge = button(`${count} ${status.replace("_", " ")}`, `badge ${status}`, () => {
      if (!hidden_statuses.delete(status)) hidden_statuses.add(status);
      badge.setAttribute("aria-pressed", String(!hidden_statuses.has(status)));
      filter();
    });
    badge.setAttribute("aria-pressed", "true");
    by("counts").append(badge);
  }
  by("filter").oninput = filter;
  filter();
}

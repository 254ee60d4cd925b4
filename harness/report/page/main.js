function choose(cell) {
  for (const { box, cell: other } of boxes) {
    if (other === cell) {
      box.setAttribute("aria-current", "true");
      hold_focus(box);
    } else {
      box.removeAttribute("aria-current");
    }
  }
  document.querySelector("main").classList.add("split");
  by("details").replaceChildren(details_of(cell));
  for (const screen of document.querySelectorAll(".player pre")) screen.scrollTop = screen.scrollHeight;
  // A link to the page can name a cell. Where the browser refuses that for files, it goes without.
  try { history.replaceState(null, "", `#${encodeURIComponent(cell.name)}`); } catch { return; }
}

// A mangled name in an address is none.
function named_cell() {
  try {
    const name = decodeURIComponent(location.hash.slice(1));
    return night.cells.find(cell => cell.name === name);
  } catch { return undefined; }
}

function start() {
  by("title").textContent = plain(`${night.matrix}: ${night.cells.length} cells`);
  document.title = plain(`${night.matrix} ${night.started || ""}`);
  by("when").textContent = plain([night.started, night.finished && `to ${night.finished}`,
    night.wall_s && `${seconds(night.wall_s)} in all`, night.host && night.host.cpu,
    night.shard && `shard ${night.shard}`, night.stopped].filter(Boolean).join(" · "));
  by("description").textContent = plain(night.description || "");
  build_grid();
  build_filters();
  for (const name of night.missing || [])
    by("counts").append(element("span", `no shard has run ${name}`, "badge infra_error"));
  show_changes();
  const bad = wanted => night.cells.find(cell => cell.status === wanted);
  const first = named_cell() || bad("failed") || bad("infra_error");
  if (first) choose(first);
}

start();

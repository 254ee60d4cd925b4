// The grid: rows are what the machine is, columns how large it is. One of its buttons is in the tab
// order, arrow keys go to the others.
const column_axes = ["smp", "memory"], first_axes = ["scenario", "image", "cpu"];
const boxes = [];

// What all cells share needs no place in the grid.
const is_shared = axis => night.cells.length > 1 &&
  night.cells.every(cell => cell.point[axis] === night.cells[0].point[axis]);
const shared_axes = new Set(Object.keys(night.cells.length ? night.cells[0].point : {}).filter(is_shared));
const axes_of = cell => Object.keys(cell.point).filter(axis => !shared_axes.has(axis));

const axis_text = (axis, value) => first_axes.includes(axis) ? value : `${axis}=${value}`;

function row_of(cell) {
  const axes = axes_of(cell);
  const rest = axes.filter(axis => !column_axes.includes(axis) && !first_axes.includes(axis));
  return [...first_axes.filter(axis => axes.includes(axis)), ...rest]
    .map(axis => axis_text(axis, cell.point[axis])).join("  ");
}
const column_of = cell => column_axes.filter(axis => axes_of(cell).includes(axis))
  .map(axis => axis_text(axis, cell.point[axis])).join("  ");

function box_of(cell) {
  const box = button(null, `cell ${status_class(cell.status)}`, () => choose(cell));
  box.append(element("span", `${cell.status === "failed" ? cell.outcome : cell.status.replace("_", " ")} `),
    element("small", cell.seconds ? seconds(cell.seconds) : ""));
  box.setAttribute("aria-label", plain(`${cell.name}: ${cell.outcome}`));
  box.title = plain(cell.reason ? `${cell.name}\n${cell.reason}` : cell.name);
  box.tabIndex = -1;
  boxes.push({ box, cell });
  return box;
}

function build_grid() {
  const rows = new Map(), heads = [...new Set(night.cells.map(column_of))];
  for (const cell of night.cells) {
    const name = row_of(cell), places = rows.get(name) || rows.set(name, new Map()).get(name);
    const column = column_of(cell);
    places.set(column, [...(places.get(column) || []), cell]);
  }
  const table = table_of(["", ...heads], []);
  const body = table.tBodies[0];
  for (const [name, places] of rows) {
    const line = body.insertRow(), head = element("th", name);
    head.scope = "row";
    line.append(head);
    for (const column of heads) line.insertCell().append(...(places.get(column) || []).map(box_of));
  }
  table.onkeydown = go_by_arrow;
  if (shared_axes.size)
    by("grid").append(element("p", `In all cells: ${[...shared_axes]
      .map(axis => axis_text(axis, night.cells[0].point[axis])).join(", ")}`, "quiet"));
  by("grid").append(table);
  if (boxes.length) boxes[0].box.tabIndex = 0;
}

function go_by_arrow(event) {
  const from = event.target.closest("td");
  const [down, across] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] || [0, 0];
  if (!from || (!down && !across)) return;
  const rows = from.closest("tbody").rows;
  for (let row = from.parentElement.sectionRowIndex + down, column = from.cellIndex + across;
    rows[row] && rows[row].cells[column] && column > 0; row += down, column += across) {
    const box = !rows[row].hidden && rows[row].cells[column].querySelector("button");
    if (!box) continue;
    event.preventDefault();
    hold_focus(box);
    box.focus();
    return;
  }
}

function hold_focus(box) {
  for (const one of boxes) one.box.tabIndex = one.box === box ? 0 : -1;
}

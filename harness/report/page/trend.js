// A figure over the past nights: a line through those of tonight's machine, image and scenario,
// hollow points for others.
const svg_names = "http://www.w3.org/2000/svg";

function svg(name, attributes, text) {
  const made = document.createElementNS(svg_names, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = plain(text);
  return made;
}

function trend_chart(trend) {
  const [width, height, left, right, edge] = [480, 90, 70, 10, 12];
  const nights = night.trends.nights, values = trend.points.map(point => point[1]);
  const low = Math.min(...values), high = Math.max(...values), range = high - low || 1;
  const x = index => left + (width - left - right) * (nights.length > 1 ? index / (nights.length - 1) : 1);
  const y = value => high === low ? height / 2 : edge + (height - 2 * edge) * (high - value) / range;
  const unit = trend.unit ? ` ${trend.unit}` : "";
  const chart = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "trend", role: "img" });
  chart.setAttribute("aria-label", plain(`${trend.name}: ${figure(values.at(-1))}${unit} in the last of ` +
    `${values.length} nights, from ${figure(low)} to ${figure(high)}`));
  chart.append(svg("text", { x: 0, y: edge + 4 }, figure(high)));
  if (low !== high) chart.append(svg("text", { x: 0, y: height - edge + 4 }, figure(low)));
  const same = trend.points.filter(point => point[2]);
  chart.append(svg("polyline", { class: "path", points: same.map(([at, value]) => `${x(at)},${y(value)}`).join(" ") }));
  for (const [at, value, is_same] of trend.points) {
    const classes = at === nights.length - 1 ? "point tonight" : is_same ? "point" : "other";
    const point = svg("circle", { class: classes, cx: x(at), cy: y(value), r: 3.5 });
    point.append(svg("title", {}, `${nights[at]}: ${figure(value)}${unit}${is_same ? "" : ", another machine or image"}`));
    chart.append(point);
  }
  return chart;
}

function trends_of(cell) {
  const found = night.trends && night.trends.cells[cell.name];
  return (found || []).filter(trend => trend.points.length > 1);
}

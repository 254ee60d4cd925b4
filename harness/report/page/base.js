"use strict";
// What all parts of the page share. Text comes into the page as text nodes and in no other way.
const night = JSON.parse(document.getElementById("night").textContent);
const by = id => document.getElementById(id);

const statuses = ["failed", "infra_error", "flaky", "quarantined", "expected_failure", "not_run", "passed"];
const status_class = text => statuses.includes(text) ? text : "not_run";

// Controls would be invisible, and those that turn the direction of writing would show another text.
const plain = text => String(text).replace(
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");

function element(name, text, classes) {
  const made = document.createElement(name);
  if (text !== undefined && text !== null) made.textContent = plain(text);
  if (classes) made.className = classes;
  return made;
}

function button(text, classes, on_click) {
  const made = element("button", text, classes);
  made.type = "button";
  made.onclick = on_click;
  return made;
}

function table_of(heads, rows) {
  const table = element("table");
  table.createTHead().insertRow().append(...heads.map(text => {
    const head = element("th", text);
    head.scope = "col";
    return head;
  }));
  const body = table.createTBody();
  for (const row of rows) body.insertRow().append(...row.map(text => element("td", text)));
  return table;
}

function seconds(value) {
  const number = Number(value || 0);
  if (number < 99.95) return `${number.toFixed(number < 10 ? 2 : 1)}\u00a0s`;
  const whole = Math.round(number), hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

function figure(value) {
  const number = Number(value);
  return String(Number.isInteger(number) || Math.abs(number) >= 1000 ? Math.round(number) : Number(number.toPrecision(4)));
}

// A screen that a serial console's bytes are written to. It understands what moves the cursor and
// what clears; colours, titles and everything else are passed over.
class Terminal {
  static rows = 24;
  static most_columns = 1000;
  static most_lines = 5000;

  constructor() {
    this.lines = [""];
    this.top = 0;       // the screen's first line
    this.row = 0;       // in lines
    this.column = 0;
    this.state = this.ground;
    this.parameters = "";
  }

  text() {
    return this.lines.map(line => line.trimEnd()).join("\n");
  }

  feed(text) {
    const run = /[^\u0000-\u001f\u007f-\u009f]+/y;
    for (let at = 0; at < text.length;) {
      run.lastIndex = at;
      const found = this.state === this.ground && run.exec(text);
      if (found) {
        this.put(found[0]);
        at = run.lastIndex;
      } else {
        this.state(text[at++]);
      }
    }
  }

  put(text) {
    for (let at = 0; at < text.length;) {
      if (this.column >= Terminal.most_columns) this.new_line();
      const part = text.slice(at, at + Terminal.most_columns - this.column);
      const line = this.lines[this.row];
      this.lines[this.row] = line.padEnd(this.column).slice(0, this.column) + part +
        line.slice(this.column + part.length);
      this.column += part.length;
      at += part.length;
    }
  }

  new_line() {
    this.column = 0;
    if (++this.row < this.lines.length) return;
    this.lines.push("");
    this.keep_to_limits();
  }

  keep_to_limits() {
    this.top = Math.max(this.top, this.lines.length - Terminal.rows);
    const excess = this.lines.length - Terminal.most_lines;
    if (excess <= 0) return;
    this.lines.splice(0, excess);
    this.row = Math.max(0, this.row - excess);
    this.top = Math.max(0, this.top - excess);
  }

  ground(character) {
    if (character === "\n") this.new_line();
    else if (character === "\r") this.column = 0;
    else if (character === "\b") this.column = Math.max(0, this.column - 1);
    else if (character === "\t") this.column = Math.min(Terminal.most_columns, (this.column | 7) + 1);
    else if (character === "\u001b") this.state = this.escape;
    else if (character === "\u009b") this.begin_control();
    else if ("\u0090\u0098\u009d\u009e\u009f".includes(character)) this.state = this.string;
  }

  begin_control() {
    this.parameters = "";
    this.state = this.control;
  }

  escape(character) {
    if (character === "[") this.begin_control();
    else if ("]PX^_".includes(character)) this.state = this.string;
    else if (character === "c") this.reset();
    else if (!(character >= " " && character <= "/")) this.state = this.ground;
  }

  reset() {
    this.state = this.ground;
    this.clear_screen();
    this.move(0, 0);
  }

  // A title or the like: up to BEL, ST, or what no string has in it.
  string(character) {
    if (character === "\u0007" || character === "\u009c" || character === "\n") this.state = this.ground;
    else if (character === "\u001b") this.state = this.escape;
  }

  control(character) {
    if (character === "\u001b") {
      this.state = this.escape;
    } else if (character >= "@" && character <= "~") {
      this.state = this.ground;
      this.command(character, this.parameters.split(";").map(text => Math.min(Number(text) || 0, 9999)));
    } else if (character < " ") {
      this.ground(character);
    } else if (this.parameters.length < 32) {
      this.parameters += character;
    }
  }

  command(name, [first, second]) {
    const count = Math.max(1, first), row = this.row - this.top;
    if (name === "A") this.move(row - count, this.column);
    else if (name === "B" || name === "e") this.move(row + count, this.column);
    else if (name === "C" || name === "a") this.move(row, this.column + count);
    else if (name === "D") this.move(row, this.column - count);
    else if (name === "E") this.move(row + count, 0);
    else if (name === "F") this.move(row - count, 0);
    else if (name === "G" || name === "`") this.move(row, count - 1);
    else if (name === "d") this.move(count - 1, this.column);
    else if (name === "H" || name === "f") this.move(count - 1, Math.max(1, second || 0) - 1);
    else if (name === "K") this.clear_line(first);
    else if (name === "J") this.clear(first);
  }

  // Within the screen.
  move(row, column) {
    this.row = this.top + Math.max(0, Math.min(row, Terminal.rows - 1));
    this.column = Math.max(0, Math.min(column, Terminal.most_columns - 1));
    while (this.lines.length <= this.row) this.lines.push("");
    this.keep_to_limits();
  }

  clear_line(what) {
    const line = this.lines[this.row];
    const before = what === 0 ? line.slice(0, this.column) : "";
    const behind = what === 1 ? line.slice(this.column + 1) : "";
    this.lines[this.row] = behind ? before.padEnd(this.column + 1) + behind : before;
  }

  clear(what) {
    if (what >= 2) return this.clear_screen();
    this.clear_line(what);
    const [from, to] = what === 0 ? [this.row + 1, this.lines.length] : [this.top, this.row];
    this.lines.fill("", from, to);
  }

  // What was on it can still be scrolled to: a guest may clear what matters most.
  clear_screen() {
    const row = this.row - this.top;
    this.top = this.lines.length;
    this.row = this.top + row;
    while (this.lines.length <= this.row) this.lines.push("");
    this.keep_to_limits();
  }
}

// Plays a console that was recorded: {"events": [[ms, text] or [ms, null, step]], "cut_bytes", "cut_ms"}.
class Player {
  static longest_pause_ms = 2000;
  static tick_ms = 50;

  constructor(recording) {
    this.events = [];
    let when = 0;
    for (const [ms, text, step] of recording.events) this.events.push({ when: when += ms, text, step });
    this.length = when;
    this.build(recording);
    this.seek(this.length);
  }

  build(recording) {
    this.play_button = button("Play", "", () => this.timer ? this.pause() : this.play());
    this.slider = element("input");
    Object.assign(this.slider, { type: "range", min: 0, max: Math.max(1, this.length), step: 1 });
    this.slider.setAttribute("aria-label", "Time in the recording");
    this.slider.oninput = () => { this.pause(); this.seek(Number(this.slider.value)); };
    this.clock = element("span", "", "clock");
    const controls = element("div", null, "controls");
    controls.append(this.play_button, this.slider, this.clock, this.speed_choice(), ...this.step_choice());
    this.screen = element("pre");
    this.screen.tabIndex = 0;
    this.screen.setAttribute("aria-label", "Console");
    this.box = element("div", null, "player");
    this.box.append(controls, this.screen);
    const left_out = recording.cut_bytes
      ? `The first ${Math.ceil(recording.cut_bytes / 1000)} kB (${seconds(recording.cut_ms / 1000)}) are left out of this page. ` : "";
    this.box.append(element("p", `${left_out}Pauses are played for 2 s at most.`, "quiet"));
  }

  labelled(text, options) {
    const label = element("label", `${text} `), select = element("select");
    for (const [value, words] of options) {
      const option = element("option", words);
      option.value = value;
      select.append(option);
    }
    label.append(select);
    return [label, select];
  }

  speed_choice() {
    const [label, select] = this.labelled("Speed", [1, 2, 4, 8, 16].map(speed => [speed, `${speed}×`]));
    this.speed = 1;
    select.onchange = () => { this.speed = Number(select.value); };
    return label;
  }

  step_choice() {
    const steps = this.events.filter(event => event.text === null);
    if (!steps.length) return [];
    const [label, select] = this.labelled("Step", [["", "…"], ...steps.map(step => [step.when, step.step])]);
    select.onchange = () => { if (select.value !== "") this.seek(Number(select.value)); };
    return [label];
  }

  play() {
    if (this.now >= this.length) this.seek(0);
    this.play_button.textContent = "Pause";
    this.last_tick = performance.now();
    this.paused_ms = 0;
    this.timer = setInterval(() => this.tick(), Player.tick_ms);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = 0;
    this.play_button.textContent = "Play";
  }

  tick() {
    // A cell that is no longer shown needs no playing.
    if (!this.box.isConnected) return this.pause();
    const tick = performance.now(), passed = tick - this.last_tick, next = this.events[this.fed];
    this.last_tick = tick;
    this.paused_ms += passed;
    let now = this.now + passed * this.speed;
    if (next && now < next.when && this.paused_ms >= Player.longest_pause_ms) now = next.when;
    if (next && now >= next.when) this.paused_ms = 0;
    this.seek(Math.min(now, this.length));
    if (this.now >= this.length) this.pause();
  }

  seek(when) {
    if (this.now === undefined || when < this.now) {
      this.terminal = new Terminal();
      this.fed = 0;
      this.stale = true;
    }
    this.now = when;
    for (; this.fed < this.events.length && this.events[this.fed].when <= when; ++this.fed) {
      const { text } = this.events[this.fed];
      if (text === null) continue;
      this.terminal.feed(text);
      this.stale = true;
    }
    this.show();
  }

  show() {
    this.slider.value = this.now;
    this.clock.textContent = `${seconds(this.now / 1000)} of ${seconds(this.length / 1000)}`;
    if (!this.stale) return;
    this.stale = false;
    this.screen.textContent = plain(this.terminal.text());
    this.screen.scrollTop = this.screen.scrollHeight;
  }
}

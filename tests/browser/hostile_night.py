"""A night whose guests try to get into its page, and two nights before it."""

import recorded_night

# What each of these would do is told by the page's title, or by a request.
MARKUP = ("</script><script>document.title='ran'</script><img src=http://192.0.2.1/x "
          "onerror=\"document.title='ran'\"><iframe src=javascript:document.title='ran'></iframe>"
          "<!--<svg onload=document.title='ran'>")
# Clears, a title, a link, an answer-back, a cursor far away, writing backwards, controls.
ESCAPES = ("\x1b[2J\x1b]0;title\x07\x1b]8;;http://192.0.2.1/\x1b\\link\x1b]8;;\x1b\\\x1b[6n"
           "\x1b[9999;9999H\x1b[999999999999A\u202egnp.exe\x00\x07\x9b31m\x1bP$q\x1b\\")
HOSTILE_NAME = f"evil {MARKUP}"
CONSOLE = recorded_night.cast(
    (0.1, "m", "boot"), (0.1, "o", "OpenSBI v1.5\r\n"), (1.0, "o", "booting   0 %"),
    (1.0, "o", "\rbooting 100 %\r\n"), (60.0, "m", MARKUP), (0.5, "o", MARKUP),
    (0.5, "o", "\r\n" + ESCAPES), (0.5, "o", "\r\nthe last line\r\n"), (0.1, "x", "0"))

LONG_CONSOLE = recorded_night.cast(
    *[(0.5, "o", f"{number} {'line ' * 100}\r\n") for number in range(1000)])


def measured(value):
    return [{"name": "loop", "value": value, "unit": "s", "better": "lower"},
            {"name": MARKUP, "value": 1, "unit": MARKUP}]


def evil_result(value):
    step = {"name": MARKUP, "outcome": "failed", "seconds": 1.0, "reason": MARKUP,
            "output": MARKUP + ESCAPES, "stderr": MARKUP}
    failure = {"kind": MARKUP, "title": MARKUP, "step": MARKUP, "excerpt": [MARKUP, ESCAPES],
               "explanation": {"text": MARKUP}}
    return recorded_night.result("failed", MARKUP, [("boot", "passed", 5.0), step],
                                 failures=[failure], measurements=measured(value),
                                 excerpt=MARKUP + ESCAPES)


def write_night(folder, day, value, is_evil):
    night = recorded_night.Night(folder, "boards", day, description=MARKUP)
    for smp in (1, 2):
        for cpu in ("rv64", "max"):
            passed = recorded_night.result(steps=[("boot", "passed", 5.0), ("work", "passed", value)],
                                           measurements=measured(value))
            is_long = (cpu, smp) == ("max", 2)
            night.add(f"s {cpu} smp={smp}", {"scenario": "s", "cpu": cpu, "smp": str(smp)},
                      [(passed, LONG_CONSOLE if is_long else CONSOLE)])
    good = recorded_night.result(steps=[("boot", "passed", 5.0)], measurements=measured(value))
    night.add(HOSTILE_NAME, {"scenario": "s", "cpu": MARKUP, "smp": "1"},
              [(evil_result(value) if is_evil else good, CONSOLE)])
    night.add("s never", {"scenario": "s", "cpu": "never", "smp": "1"}, [])
    return night.finish()


def write(folder):
    """The nights' folders, the oldest first."""
    return [write_night(folder, 1, 1.0, False), write_night(folder, 2, 1.1, False),
            write_night(folder, 3, 1.2, True)]

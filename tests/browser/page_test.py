#!/usr/bin/env python3
"""The night's page in a real browser, offline, with guests that try to get into it.

    page_test.py                               the tests
    page_test.py --screenshots FOLDER NIGHT    pictures of a night's page instead
"""

import argparse
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import chromium
import hostile_night
import screenshots

QHARNESS = os.environ["QHARNESS"]
SKIPPED = 77
CONTRAST = (pathlib.Path(__file__).parent / "contrast.js").read_text()


def page_of(folder, *nights):
    """The last night's page, the others being in its history."""
    for night in nights:
        subprocess.run([QHARNESS, "report", night, "--history", folder / "h.db",
                        "--html", folder / "night.html"], check=True, stdout=subprocess.DEVNULL)
    return (folder / "night.html").as_uri()


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="qharness-page-")
        cls.addClassCleanup(cls.folder.cleanup)
        folder = pathlib.Path(cls.folder.name)
        cls.page = page_of(folder, *hostile_night.write(folder / "nights"))
        cls.browser = chromium.Chromium(chromium.find(), folder / "profile")
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.browser.load(self.page)

    def ask(self, expression):
        return self.browser.evaluate(expression)

    def choose(self, name):
        self.ask(f"choose(night.cells.find(cell => cell.name === {name!r}))")

    def test_requests_nothing_and_has_no_error(self):
        requests = [told["request"]["url"] for told in
                    self.browser.told("Network.requestWillBeSent")]
        self.assertEqual(requests, [self.page])
        self.assertEqual(self.browser.told("Log.entryAdded"), [])
        self.assertEqual(self.browser.told("Runtime.exceptionThrown"), [])

    def test_guest_text_is_text(self):
        self.ask("night.cells.forEach(choose)")
        self.ask("choose(night.cells.find(cell => cell.status === 'failed'))")
        self.assertNotEqual(self.ask("document.title"), "ran")
        made = self.ask("""[...new Set([...document.querySelectorAll("body *")]
                           .map(one => one.localName))].filter(name => ["img", "iframe", "a",
                           "object", "embed", "form", "link", "base", "meta"].includes(name))""")
        self.assertEqual(made, [])
        self.assertEqual(self.ask("document.scripts.length"), 2)
        shown = self.ask("document.getElementById('details').textContent")
        # Name, reason, step with output and errors, failure with excerpt, console, measurement.
        self.assertGreaterEqual(shown.count(hostile_night.MARKUP), 10)
        self.assertEqual(self.ask(r"""document.querySelector("main").textContent
                                      .match(/[\x00\x07\x1b\x9b\u202e]/g)"""), None)
        self.test_requests_nothing_and_has_no_error()

    def test_the_policy_lets_nothing_else_run_or_load(self):
        self.assertRegex(self.ask("""
            (() => { try { document.body.innerHTML = "<b>x</b>"; return "made"; }
                     catch (error) { return String(error); } })()"""), "TrustedHTML")
        self.assertEqual(self.ask("fetch('http://192.0.2.1/').catch(() => 'refused')"), "refused")
        blocked = self.ask("""new Promise(resolve => {
            document.addEventListener("securitypolicyviolation",
                                      event => resolve(event.effectiveDirective));
            const picture = new Image();
            picture.src = "http://192.0.2.1/x";
        })""")
        self.assertEqual(blocked, "img-src")

    def test_filter_leaves_the_cells_that_have_all_words(self):
        self.ask("document.getElementById('filter').focus()")
        self.browser.type("MAX smp=2")
        self.assertEqual(self.ask("document.getElementById('shown').textContent"), "1 of 6 cells")
        rows = self.ask("""[...document.querySelectorAll("#grid tbody tr")]
                           .filter(row => row.checkVisibility()).map(row => row.cells[0].textContent)""")
        self.assertEqual(rows, ["max"])
        self.assertIn("In all cells: s", self.ask("document.getElementById('grid').textContent"))
        self.browser.type(" nothing like it")
        self.assertEqual(self.ask("document.getElementById('shown').textContent"), "0 of 6 cells")

    def test_a_status_is_hidden_and_shown_again(self):
        shown = "document.getElementById('shown').textContent"
        passed = "document.querySelector('#counts .passed')"
        self.ask(f"{passed}.click()")
        self.assertEqual((self.ask(shown), self.ask(f"{passed}.ariaPressed")),
                         ("2 of 6 cells", "false"))
        self.ask(f"{passed}.click()")
        self.assertEqual(self.ask(shown), "6 of 6 cells")

    def test_cells_are_reached_by_keyboard(self):
        self.ask("boxes[0].box.focus()")
        for key in ("ArrowDown", "ArrowRight", "Enter"):
            self.browser.press(key)
        self.assertEqual(self.ask("document.querySelector('#details h2').textContent"),
                         "s max smp=2")
        self.assertEqual(self.ask("document.querySelectorAll('#grid [tabindex=\"0\"]').length"), 1)

    def test_an_address_can_name_a_cell(self):
        self.browser.load(self.page + "#s%20max%20smp%3D2")
        self.assertEqual(self.ask("document.querySelector('#details h2').textContent"),
                         "s max smp=2")

    def test_tells_what_changed_and_how_figures_went(self):
        self.assertIn("New failures (1)",
                      self.ask("document.getElementById('changes').textContent"))
        self.choose("s rv64 smp=1")
        charts = self.ask("""[...document.querySelectorAll("svg.trend")].map(chart =>
                             [chart.ariaLabel, chart.querySelectorAll("circle").length])""")
        self.assertIn(["loop: 1.2 s in the last of 3 nights, from 1 to 1.2", 3], charts)

    def test_the_console_plays_to_its_end(self):
        self.choose("s rv64 smp=1")
        screen = "document.querySelector('.player pre').textContent"
        whole = self.ask(screen)
        self.assertIn("booting 100 %\n", whole)
        self.assertNotIn("booting   0 %", whole)
        self.assertIn("<img", whole)
        self.assertIn("the last line", whole)
        self.ask("""document.querySelector(".player select").value = "16";
                    document.querySelector(".player select").dispatchEvent(new Event("change"))""")
        seen = self.ask("""new Promise(resolve => {
            const player = document.querySelector(".player"), play = player.querySelector("button");
            const seen = [];
            new MutationObserver(() => {
              seen.push(player.querySelector("pre").textContent);
              if (play.textContent === "Play") resolve(seen);
            }).observe(player, { childList: true, subtree: true, characterData: true });
            play.click();
        })""")
        self.assertEqual(seen[0].strip(), "")
        self.assertEqual(seen[-1], whole)

    def test_of_a_long_console_the_end_is_there_and_the_rest_is_said_to_be_missing(self):
        self.choose("s max smp=2")
        self.assertRegex(self.ask("document.querySelector('.player').textContent"),
                         r"The first \d+ kB \(7 min \d+ s\) are left out of this page")
        self.assertTrue(self.ask("document.querySelector('.player pre').textContent")
                        .rstrip().endswith("line"))

    def test_a_step_is_gone_to(self):
        self.choose("s rv64 smp=1")
        self.ask("""{ const steps = document.querySelectorAll(".player select")[1];
                      steps.selectedIndex = 1;
                      steps.dispatchEvent(new Event("change")); }""")
        self.assertEqual(self.ask("document.querySelector('.player pre').textContent"), "")

    def test_the_screen_understands_a_console(self):
        cases = {
            "a\rb": "b", "ab\b\bc": "cb", "a\tb": "a       b", "a\nb": "a\nb",
            "ab\x1b[1Dc": "ac", "abc\r\x1b[K": "", "abc\x1b[2D\x1b[1K": "  c",
            "x\x1b[1;1Hy": "y", "1\n2\x1b[Ab": "1b\n2", "1\n2\x1b[1;1H\x1b[J3": "3\n",
            "\x1b[31mred\x1b[0m": "red", "\x1b]0;title\x07x": "x", "\x1bPdata\x1b\\x": "x",
            "\x1b[" + "1;" * 100 + "mx": "x", "\x1b(Bx": "x", "a\x1b[2Jb": "a\n b"}
        for text, screen in cases.items():
            found = self.ask(f"(() => {{ const one = new Terminal(); one.feed({json.dumps(text)}); "
                             "return one.text(); })()")
            self.assertEqual(found, screen, repr(text))
        bounded = self.ask("""(() => { const one = new Terminal();
            for (let i = 0; i < 6000; ++i) one.feed("\\u001b[9999;9999Hx\\n");
            one.feed("y".repeat(100000));
            return [one.lines.length, Math.max(...one.lines.map(line => line.length))]; })()""")
        self.assertEqual(bounded, [5000, 1000])

    def test_everything_has_a_name_and_can_be_read(self):
        self.choose("s rv64 smp=1")
        for node in self.browser.call("Accessibility.getFullAXTree")["nodes"]:
            if node.get("role", {}).get("value") in ("button", "slider", "searchbox", "combobox", "img"):
                self.assertTrue(node["name"]["value"].strip(), node)
        for dark in (False, True):
            self.browser.screenshot(1200, 800, dark)
            for text, ratio in self.ask(CONTRAST):
                self.assertGreaterEqual(ratio, 4.5, (text, dark))


def main():
    program = chromium.find()
    if not program:
        print("skipped: no Chromium here; ./dev test installs one where the distribution has it")
        return SKIPPED
    parser = argparse.ArgumentParser()
    parser.add_argument("--screenshots", nargs=2, metavar=("FOLDER", "NIGHT"), type=pathlib.Path)
    options, rest = parser.parse_known_args()
    if not options.screenshots:
        return unittest.main(argv=[sys.argv[0], *rest])
    folder, night = options.screenshots
    with tempfile.TemporaryDirectory(prefix="qharness-page-") as place:
        html = pathlib.Path(place) / "night.html"
        subprocess.run([QHARNESS, "report", night, "--html", html], check=True)
        browser = chromium.Chromium(program, f"{place}/profile")
        try:
            for name, data in screenshots.take(browser, html.as_uri()):
                (folder / name).write_bytes(base64.b64decode(data))
        finally:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

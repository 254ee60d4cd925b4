"""A headless Chromium, driven over the DevTools protocol through two pipes; nothing listens anywhere."""

import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import time

PROGRAMS = ("chromium-headless-shell", "chromium", "google-chrome")
# Any single answer; a loaded machine may be slow to start a browser.
LONGEST_WAIT_S = 120


def find():
    """The browser's path, or None."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class BrowserError(Exception):
    pass


class Chromium:
    """One browser with one page. `events` is all that it told, in order."""

    def __init__(self, program, folder):
        commands_read, self.commands = os.pipe()
        self.answers, answers_write = os.pipe()
        high = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 20) for fd in (commands_read, answers_write)]

        def give_pipes():
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--remote-debugging-pipe", f"--user-data-dir={folder}",
             # It shows only what we made, and runs as root in containers.
             "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--host-resolver-rules=MAP * ~NOTFOUND", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=give_pipes, pass_fds=(3, 4), start_new_session=True)
        for fd in (commands_read, answers_write, *high):
            os.close(fd)
        self.buffer = b""
        self.events = []
        self.last_id = 0
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.commands)
        os.close(self.answers)

    def _receive(self, deadline):
        """The next message."""
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.answers], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise BrowserError(f"the browser says nothing for {LONGEST_WAIT_S} s")
            got = os.read(self.answers, 1 << 20)
            if not got:
                raise BrowserError(f"the browser has ended with status {self.process.wait()}")
            self.buffer += got
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        text = json.dumps(message).encode() + b"\0"
        while text:
            text = text[os.write(self.commands, text):]
        deadline = time.monotonic() + LONGEST_WAIT_S
        while True:
            answer = self._receive(deadline)
            if answer.get("id") != self.last_id:
                self.events.append(answer)
            elif "error" in answer:
                raise BrowserError(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def wait_for(self, method):
        """The next event of that name, past ones among them."""
        deadline = time.monotonic() + LONGEST_WAIT_S
        while not any(event["method"] == method for event in self.events):
            self.events.append(self._receive(deadline))

    def load(self, url):
        """Loads a page; `events` then begin with it."""
        self.events.clear()
        # So that another fragment of the same page is a new page, too.
        self.call("Page.navigate", url="about:blank")
        self.wait_for("Page.loadEventFired")
        self.events.clear()
        failure = self.call("Page.navigate", url=url).get("errorText")
        if failure:
            raise BrowserError(f"{url}: {failure}")
        self.wait_for("Page.loadEventFired")

    def evaluate(self, expression):
        """The value of a JavaScript expression; one of a promise when it is there."""
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True,
                           returnByValue=True, userGesture=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def told(self, method):
        """What the browser told under that name since the page was loaded."""
        return [event["params"] for event in self.events if event["method"] == method]

    def press(self, key):
        """A key on the keyboard, by its name in the DOM."""
        codes = {"Enter": 13, "ArrowRight": 39, "ArrowDown": 40, "Tab": 9}
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=codes[key], **(text if kind == "keyDown" else {}))

    def type(self, text):
        self.call("Input.insertText", text=text)

    def screenshot(self, width, height, dark):
        """The page as a PNG, of that many CSS pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        return self.call("Page.captureScreenshot", format="png")["data"]

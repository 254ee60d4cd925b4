"""Pictures of a night's page for the documentation."""

SCREEN = {"width": 1250, "height": 740}


def take(browser, page):
    """(file name, base64 of a PNG) for each picture."""
    browser.load(page)
    browser.screenshot(**SCREEN, dark=False)
    browser.evaluate("choose(night.cells.find(cell => cell.status === 'failed') || night.cells[0])")
    yield "night.png", browser.screenshot(**SCREEN, dark=False)
    browser.evaluate("""{ const passed = night.cells.find(cell => cell.status === "passed");
                          if (passed) choose(passed);
                          const player = document.querySelector(".player");
                          if (player) player.scrollIntoView({ block: "end" }); }""")
    yield "night-console.png", browser.screenshot(**SCREEN, dark=True)

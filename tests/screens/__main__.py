"""``make screens``: pictures of each command and panel at 390 and 1,000 px, from the demo in a headless browser.

It runs in an environment of its own with Playwright, and drives the Chromium that ``CHROMIUM`` names or that is on the
path. ``python -m tests.screens start plan`` takes only what is named;
``formats`` takes a question of each format at 390 px.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.screens.questions import NAMES

ROOT = Path(__file__).parent.parent.parent
SCREENS = ROOT / "docs" / "screens"
WIDTHS = (390, 1000)
HEIGHT = 1600
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
SETTLE_MS = 1200
"""Milliseconds after which the page shows the answer to an action. It polls twice a second."""

MAX_WAITS = 8
TALL = 3000
"""Pixels of a window that shows a case study with its question."""

Shot = tuple[str, Sequence[str]]
"""Who acts, and what they do: ``/command``, the label of a button of the latest message, ``fill label=text`` in a form,
``submit``, or ``choose label`` in the latest select.
"""

SHOTS: dict[str, Shot] = {
    "welcome": ("Ada", ["message Hi, I'm Waymark"]),
    "digest": ("Ada", ["message The AZ-104 group"]),
    "digest-everyone": ("Bruno", ["message The AZ-104 group", "See everyone"]),
    "start-newcomer": ("Noor", ["/start"]),
    "start-form": ("Noor", ["/start", "Get started"]),
    "start": ("Bruno", ["/start"]),
    "start-more": ("Bruno", ["/start", "More"]),
    "calendar": ("Bruno", ["/start", "More", "Study calendar"]),
    "next": ("Bruno", ["/next"]),
    "next-done": ("Bruno", ["/next", "Done"]),
    "paths": ("Bruno", ["/paths"]),
    "paths-open": ("Bruno", ["/paths", "Open"]),
    "overview": ("Noor", ["/overview"]),
    "overview-more": ("Noor", ["/overview", "More"]),
    "complete": ("Noor", ["/complete deploy"]),
    "undo": ("Noor", ["/undo"]),
    "progress": ("Ada", ["/progress"]),
    "plan": ("Ada", ["/plan"]),
    "plan-form": ("Ada", ["/plan", "Edit plan"]),
    "plan-empty": ("Noor", ["/plan"]),
    "days-off": ("Ada", ["/plan", "Days off"]),
    "readiness": ("Bruno", ["/readiness"]),
    "review": ("Bruno", ["/review"]),
    "review-answered": ("Bruno", ["/review", "A"]),
    "drill": ("Bruno", ["/start", "Drill"]),
    "known": ("Bruno", ["/next", "I know this module"]),
    "mock-exam": ("Ada", ["/mock-exam"]),
    "mock-exam-question": ("Ada", ["/mock-exam", "Start"]),
    "quiz": ("Ada", ["/quiz"]),
    "remind": ("Ada", ["/remind"]),
    "privacy": ("Ada", ["/privacy"]),
    "setup": ("Ada", ["/setup"]),
    "setup-checklist": ("Ada", ["/setup", "Checklist"]),
    "setup-courses": ("Ada", ["/setup", "Courses"]),
    "setup-courses-upload": ("Ada", ["/setup", "Courses", "Add"]),
    "help": ("Noor", ["/help"]),
    "help-manager": ("Ada", ["/help"]),
}


def main(names: Sequence[str]) -> None:
    """Take the named shots, or all of them. Each width has a demo of its own, so that both start the same way."""
    formats = not names or "formats" in names
    names = [name for name in names if name != "formats"] if names else list(SHOTS)
    if unknown := set(names) - set(SHOTS):
        sys.exit(f"unknown: {', '.join(sorted(unknown))}")
    SCREENS.mkdir(parents=True, exist_ok=True)
    missed = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        if formats:
            with page_of("tests.screens.formats") as address:
                take_formats(browser, address, WIDTHS[0])
        for width in WIDTHS if names else ():
            with page_of("bot", "demo", "--port", "0") as address:
                missed += [f"{name} at {width} px" for name in names if not take(browser, address, width, name)]
        browser.close()
    if missed:
        sys.exit("not taken: " + ", ".join(missed))


def chromium() -> str:
    """Return the path of a Chromium."""
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    return named or sys.exit("Install Chromium, or set CHROMIUM to its path.")


@contextmanager
def page_of(*module: str) -> Iterator[str]:
    """Run a module that serves a page, such as the demo, and yield its address."""
    command = [str(ROOT / ".venv" / "bin" / "python"), "-m", *module]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stdout or ():
                if found := re.search(r"http://127\S+", line):
                    yield found[0]
                    break
            else:
                sys.exit(f"{module[0]} didn't start")
        finally:
            process.terminate()


def take_formats(browser: Browser, address: str, width: int) -> None:
    """Take one picture of each message of ``formats``. The channel's first message is the welcome message."""
    page = browser.new_page(viewport={"width": width, "height": TALL})
    page.goto(address)
    messages = page.locator("#channel-message-list article, #channel-message-list > *:has(button)")
    page.wait_for_timeout(2 * SETTLE_MS)
    shown = messages.all()[-len(NAMES) :]
    for name, message in zip(NAMES, shown, strict=True):
        message.screenshot(path=SCREENS / f"{name}-{width}.png")
        sys.stdout.write(f"{name}-{width}.png\n")
    page.close()


def take(browser: Browser, address: str, width: int, name: str) -> bool:
    """Take one picture of the latest message, or of an open form. Return whether that worked."""
    viewer, steps = SHOTS[name]
    page = browser.new_page(viewport={"width": width, "height": HEIGHT})
    try:
        page.goto(address)
        page.locator("#viewer-picker option").first.wait_for(state="attached")
        page.locator("#viewer-picker").select_option(label=viewer)
        page.wait_for_timeout(SETTLE_MS)
        target = "#channel-message-list > *:last-child"
        for step in steps:
            before = shown_last = page.locator("#channel-message-list").inner_html()
            target = act(page, step, target)
            for _ in range(MAX_WAITS):
                page.wait_for_timeout(SETTLE_MS)
                if step.startswith("message ") or page.locator("#modal-root").is_visible():
                    break
                shown = page.locator("#channel-message-list").inner_html()
                if before != shown == shown_last:  # buttons are gray until the answer is there
                    break
                shown_last = shown
            page.wait_for_timeout(SETTLE_MS)
        form = page.locator("#modal-root [role=dialog], #modal-root dialog, #modal-root form").first
        pictured = form if form.is_visible() else page.locator(target).last
        pictured.evaluate("element => element.scrollIntoView({block: 'start'})")
        page.mouse.move(1, 1)
        pictured.screenshot(path=SCREENS / f"{name}-{width}.png")
    except Error as error:
        sys.stderr.write(f"{name}: {str(error).splitlines()[0]}\n")
        return False
    finally:
        page.close()
    sys.stdout.write(f"{name}-{width}.png\n")
    return True


def act(page: Page, step: str, target: str) -> str:
    """Do one step. Return the selector of the message that the next step is about."""
    latest = "#channel-message-list > *:last-child"
    if step.startswith("/"):
        box = page.get_by_role("textbox").last
        box.click()
        box.type(step.partition(" ")[0], delay=10)
        page.wait_for_timeout(500)
        page.keyboard.press("Enter")
        if option := step.partition(" ")[2]:
            page.wait_for_timeout(500)
            page.keyboard.type(option, delay=10)
            page.wait_for_timeout(800)
        page.keyboard.press("Escape")
        page.locator("#channel-composer button:visible").last.click()
        return latest
    if step.startswith("message "):
        return f'#channel-message-list > *:has-text("{step.partition(" ")[2]}")'
    page.locator(target).last.get_by_role("button", name=step, exact=step in ("A", "Open")).first.click()
    return latest


if __name__ == "__main__":
    main(sys.argv[1:])

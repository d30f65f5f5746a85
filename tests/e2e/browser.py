"""Chromium without a window, driven over its debugging protocol: a page with a terminal in it.

https://chromedevtools.github.io/devtools-protocol/
"""

import asyncio
import json
import re
import shutil
import time
from pathlib import Path
from types import TracebackType
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
    "--window-size=1280,800",
)
# Keeps the page's terminal (of xterm.js) where its text can be asked for.
CATCH_TERMINAL = """
Object.defineProperty(Object.prototype, "terminal", {
  configurable: true,
  set(terminal) {
    window.caught = window.caught || terminal;
    Object.defineProperty(this, "terminal", {value: terminal, writable: true});
  },
});
"""
TEXT = """
(() => {
  const buffer = window.caught && window.caught.buffer && window.caught.buffer.active;
  if (!buffer) return "";
  const rows = [...Array(window.caught.rows).keys()];
  return rows.map((row) => buffer.getLine(row).translateToString(true)).join("\\n");
})()
"""


class Browser:
    """One page of one browser; an asynchronous context manager."""

    def __init__(self, profile: Path) -> None:
        self._profile = profile
        self._count = 0

    async def __aenter__(self) -> "Browser":
        import aiohttp

        assert CHROMIUM is not None
        self._process = await asyncio.create_subprocess_exec(
            CHROMIUM,
            *FLAGS,
            f"--user-data-dir={self._profile}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        self._session = aiohttp.ClientSession()
        address = await asyncio.wait_for(self._address(), 30)
        async with self._session.get(f"http://{address}/json/list") as answer:
            pages = [item for item in await answer.json() if item["type"] == "page"]
        self._socket = await self._session.ws_connect(
            pages[0]["webSocketDebuggerUrl"], max_msg_size=0
        )
        return self

    async def _address(self) -> str:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            if found := re.search(rb"listening on ws://([^/]+)/", line):
                return found[1].decode()
        raise AssertionError("chromium has ended")

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._session.close()
        self._process.terminate()
        await self._process.wait()

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol; its result."""
        self._count += 1
        number = self._count
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            answer = json.loads((await self._socket.receive(30)).data)
            if answer.get("id") == number:
                result: dict[str, Any] = answer["result"]
                return result

    async def open(self, address: str) -> None:
        """Go to a page that has a terminal."""
        await self.ask("Page.enable")
        await self.ask("Page.addScriptToEvaluateOnNewDocument", source=CATCH_TERMINAL)
        await self.ask("Page.navigate", url=address)

    async def text(self) -> str:
        """What the terminal shows."""
        answer = await self.ask("Runtime.evaluate", expression=TEXT)
        return str(answer["result"].get("value", ""))

    async def wait_for(self, pattern: str, seconds: float = 30) -> re.Match[str]:
        """Wait until the terminal shows a pattern. Raises AssertionError."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := re.search(pattern, await self.text()):
                return found
            await asyncio.sleep(0.1)
        raise AssertionError(f"{pattern!r} is not in:\n{await self.text()}")

    async def press(self, letter: str) -> None:
        """Type one letter into the terminal."""
        await self.ask("Runtime.evaluate", expression="window.caught.focus()")
        for kind in ("keyDown", "keyUp"):
            await self.ask("Input.dispatchKeyEvent", type=kind, text=letter, key=letter)

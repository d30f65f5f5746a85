"""The footer: Textual's own, but with whole entries only."""

from textual.widgets import Footer

from xortui.tui.terminal.textual_private import footer_keys


class WholeFooter(Footer):
    """Shows as many keys as fit, none cut in half; the ones that matter most come first."""

    def on_resize(self) -> None:
        self.fit()

    def fit(self) -> None:
        """Hide the entries that don't fit. Help and quit, the last two, always stay."""
        keys = footer_keys(self)
        widths = [len(key.key_display) + len(key.description) + 2 for key in keys]
        room = self.size.width - sum(widths[-2:])
        for key, width in zip(keys[:-2], widths[:-2], strict=True):
            room -= width
            key.display = room >= 0

    async def recompose(self) -> None:
        await super().recompose()
        self.fit()

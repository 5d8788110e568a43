"""Views become messages. What goes over the wire is tested against the loopback Telegram."""

from hypothesis import given
from hypothesis import strategies as st
from pyrogram.types import InlineKeyboardMarkup

from medusa.telegram.outgoing import keyboard
from medusa.views.view import Button, View

buttons = st.builds(Button, st.text(min_size=1), st.text("abc:123", min_size=1, max_size=64))


@given(st.lists(st.lists(buttons, min_size=1, max_size=4).map(tuple), min_size=1, max_size=5).map(tuple))
def test_every_button_is_in_its_place(rows: tuple[tuple[Button, ...], ...]) -> None:
    markup = keyboard(View("text", rows))
    assert isinstance(markup, InlineKeyboardMarkup)
    assert [[(key.text, key.callback_data) for key in row] for row in markup.inline_keyboard] == [
        [(button.label, button.data) for button in row] for row in rows
    ]


def test_a_view_without_buttons_has_no_keyboard() -> None:
    assert keyboard(View("text")) is None

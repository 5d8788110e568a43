"""Every error of a handler becomes a sentence for the person who caused it."""

from loguru import logger

from medusa.errors import MedusaError
from medusa.telegram.client import Medusa
from medusa.telegram.outgoing import report


@Medusa.on_error()
async def on_error(
    bot: Medusa, error: Exception, handler: object, update: object, users: object, chats: object
) -> None:
    """Tell the person what went wrong; a fault of the program is logged with its traceback."""
    if isinstance(error, MedusaError):
        await report(bot, update, error)
        return
    logger.opt(exception=error).error("a handler failed")
    await report(bot, update, MedusaError("Something went wrong inside me; it has been noted."))

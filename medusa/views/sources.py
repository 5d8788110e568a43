"""What the bot says of the sites that it knows."""

from medusa.survey import Survey
from medusa.text import clip, escape, one_line
from medusa.views.view import View, host, listing

_PROBLEM_LIMIT = 120


def survey(found: Survey) -> View:
    """/sources: all of them."""
    lines = [f"• {escape(one_line(one.name))} ({escape(one_line(one.file))})" for one in found.custom]
    lines += [
        f"⚠️ {escape(one_line(one.file))} cannot be used: {_problem(one.problem)}" for one in found.broken
    ]
    customs = f"\n\n<b>Added here:</b>\n{listing(lines)}" if lines else ""
    return View(
        f"🌐 I know {found.built_in} sites and kinds of pages, and files behind any link.{customs}\n\n"
        "/sources LINK tells whether I know a site."
    )


def matched(url: str, found: Survey) -> View:
    """/sources LINK."""
    if not found.match:
        return View(
            f"🌐 I do not know {host(url)} by name. Send the link anyway: "
            "I look for files and players in the page."
        )
    added = ", which was added here" if found.match_is_custom else ""
    return View(f"✅ This link of {host(url)} is for <b>{escape(one_line(found.match))}</b>{added}.")


def _problem(text: str) -> str:
    return escape(clip(one_line(text), _PROBLEM_LIMIT))

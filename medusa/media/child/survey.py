"""Which extractors there are, and which of them knows a link. Nothing is fetched."""

from typing import Any

import yt_dlp.version
from yt_dlp.extractor import gen_extractor_classes

from medusa.media import drive
from medusa.media.child import customs
from medusa.media.child.delivery import Delivery
from medusa.media.order import SurveyOrder

_LONGEST_PROBLEM = 200


def run(order: SurveyOrder, delivery: Delivery) -> None:
    """Deliver the fields of a medusa.survey.Survey."""
    found = customs.load(order.plugins)
    extractors = [one for one in gen_extractor_classes() if one.ie_key() != "Generic"]
    match = _match(order.url, extractors) if order.url else None
    delivery.summary(
        {
            "version": yt_dlp.version.__version__,
            "built_in": len(extractors) - len(found.extractors),
            "custom": [
                *({"name": one.ie_key(), "file": customs.file_of(one)} for one in found.extractors),
                *({"name": one.IE_NAME, "file": customs.file_of(one)} for one in found.changed),
            ],
            "broken": [
                {"file": f"{name}.py", "problem": problem[:_LONGEST_PROBLEM]}
                for name, problem in found.broken
            ],
            "match": match.ie_key() if match else "",
            "match_is_custom": match in found.extractors,
        }
    )


def _match(url: str, extractors: list[Any]) -> Any:
    """The first that takes the link, as yt-dlp asks them."""
    # Its documents are files of Drive, too: medusa.media.child.lists fetches them.
    asked = "https://drive.google.com/open?id=" + "0" * 28 if drive.export_address(url) else url
    return next((one for one in extractors if one.suitable(asked) and one.working()), None)

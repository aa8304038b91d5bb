"""Make the README's pictures of pages from a graded course: `python docs/take_pictures.py demo-course`."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).resolve().parent / "pictures"
PAGES = {
    "report.png": "report/02-softmax-and-losses.html",
    "feedback.png": "feedback/uma/02-softmax-and-losses/softmax-and-losses.html",
}


def main(course: Path) -> None:
    """Draw the first screen of each page that the course has."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for picture, page in PAGES.items():
            if (course / page).is_file():
                view = browser.new_page(viewport={"width": 1000, "height": 900})
                view.goto((course / page).resolve().as_uri())
                view.screenshot(path=str(PICTURES / picture))
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""How the line between Azure and the site is called, in each direction."""

from typing import Final

LINK: Final = "link"
"""The graph's name for the way between Azure and the site, and the line's name in the direction home."""
LINK_OUT: Final = "link_to_azure"
"""The line's name in the other direction."""

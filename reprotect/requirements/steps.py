"""For every rule: the numbered steps of its remedy, with the names of the objects to be filled in.

A remedy says what has to be done; these steps say where somebody clicks or what they type, up to the click that closes
it. What is tried first comes first; a step that is only for when it is not possible says so. Tables of their own, keyed
by rule, like the proofs. `filled_texts` replaces `{machine}` and its like by real names, inside of backticks only where a
name cannot become part of another command; `cases` chooses between `[[case?this¦that]]`. Pages of the portal and of
vSphere are named as in 2026 and move now and then; how a step is done there is ours to say, unless the rule's source
says it.
"""

from collections.abc import Mapping
from typing import Final

from . import (
    steps_a_modernised,
    steps_fb_failback,
    steps_m_master_target,
    steps_pn_servers,
    steps_r_article,
    steps_tg_way_home,
)
from .predicates_r_article import PRIVILEGES
from .steps_shared import ROLE_COMMAND

STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    **steps_r_article.STEPS,
    **steps_tg_way_home.STEPS,
    **steps_fb_failback.STEPS,
    **steps_m_master_target.STEPS,
    **steps_pn_servers.STEPS,
    **steps_a_modernised.STEPS,
}
"""Rule -> its steps."""
COMMANDS: Final[Mapping[str, str]] = dict.fromkeys(
    ("R10", "A20"), f"`{ROLE_COMMAND.format(privileges=','.join(PRIVILEGES))}`"
)
"""Rule -> a command too long for a step, which `failback explain` prints whole."""

"""What a hostile site would say: attacks by name, and the wing of the newsroom that serves them."""

from attacks.bodies import BODIES as BODIES
from attacks.lines import LINES as LINES
from attacks.names import LINKS as LINKS
from attacks.names import PATHS as PATHS
from attacks.names import TIMES as TIMES
from attacks.wing import SITE_FILE as SITE_FILE
from attacks.wing import Attack as Attack
from attacks.wing import Wing as Wing

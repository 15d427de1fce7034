"""Print the first two shell commands of a README, each ended by a NUL byte.

A command is a fenced ``console`` or ``sh`` block; the README promises that its
first sets up and runs the main job and its second runs the tests.
"""

import re
import sys
from pathlib import Path

blocks = re.findall(r"```(?:sh|bash)\n(.*?)```", Path(sys.argv[1]).read_text("utf-8"), re.DOTALL)
if len(blocks) < 2:
    sys.exit("the README has fewer than two shell commands")
for block in blocks[:2]:
    sys.stdout.write(block.strip() + "\0")

"""One comparison, one voice: is a result right, and if not, what would a good TA say?

``check(softmax)`` under an exercise tries a student's function at once; hidden tests judge it later. Both speak
through :func:`explain`.
"""

from nnlib.checks.asserts import assert_close as assert_close
from nnlib.checks.asserts import assert_shape as assert_shape
from nnlib.checks.asserts import assert_unchanged as assert_unchanged
from nnlib.checks.asserts import require as require
from nnlib.checks.cases import success as success
from nnlib.checks.cases import tolerance as tolerance
from nnlib.checks.compare import CheckFailed as CheckFailed
from nnlib.checks.compare import InputChanged as InputChanged
from nnlib.checks.compare import NotHeld as NotHeld
from nnlib.checks.compare import explain as explain
from nnlib.checks.compare import is_telling as is_telling
from nnlib.checks.compare import same as same
from nnlib.checks.hints import hint as hint
from nnlib.checks.instant import check as check
from nnlib.checks.progress import progress as progress
from nnlib.checks.progress import use_my_nnlib as use_my_nnlib
from nnlib.checks.voice import roughly as roughly

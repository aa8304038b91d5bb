"""The process that runs a student's code, and the channel to it.

``zygote`` is a warm process that forks a ``child`` for each submission; ``confine`` takes the child's rights
away within ``limits``; ``messages``, ``plain`` and ``channel`` are the language both ends speak; ``session`` is the
trusted end, which holds the warm process by ``warm``, waits with ``patience`` and looks at children by ``proc``.
The warm process imports nothing of the project but this package, so no hidden test and no reference solution is in
its memory.
"""

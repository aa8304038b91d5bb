"""What people hand in: found, read once, and told about.

``submission`` reads one student's folder, over ``tree`` and ``archives``; ``candidates`` chooses the notebook that
counts against what was ``expected``; ``beside`` chooses the files that may lie beside it; ``misfiled`` finds work in
the wrong place, and ``lms`` reads the names that learning platforms write.
"""

"""Grades notebooks against hidden tests, with the student's code in a process that knows nothing.

This module stays empty: the sandbox imports ``grader.sandbox`` and must load nothing else of the grader.
"""

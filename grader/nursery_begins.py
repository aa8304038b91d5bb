"""Loaded first in the process that workers are copied from; see ``nursery``."""

from grader.nursery import become_nursery

become_nursery()

#!/usr/bin/env python3
"""Django's command line; bin/manage runs it with the environment and the engines of the data folder."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    execute_from_command_line(sys.argv)

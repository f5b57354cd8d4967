from adapters.settings_file import *

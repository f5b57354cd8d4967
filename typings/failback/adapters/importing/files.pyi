from adapters.importing.files import *

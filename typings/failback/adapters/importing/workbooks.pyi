from adapters.importing.workbooks import *

from adapters.importing.rvtools_columns import *

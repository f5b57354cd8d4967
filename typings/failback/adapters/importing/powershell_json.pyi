from adapters.importing.powershell_json import *

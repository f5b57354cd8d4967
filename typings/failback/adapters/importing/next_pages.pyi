from adapters.importing.next_pages import *

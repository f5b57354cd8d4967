from adapters.importing.unread import *

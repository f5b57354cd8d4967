from adapters.sign_in import *

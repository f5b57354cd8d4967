from adapters.answer_headers import *

from adapters.translation_requests import *

from adapters.translation_fabric import *

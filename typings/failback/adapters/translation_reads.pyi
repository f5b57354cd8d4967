from adapters.translation_reads import *

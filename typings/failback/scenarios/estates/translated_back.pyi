from scenarios.estates.translated_back import *

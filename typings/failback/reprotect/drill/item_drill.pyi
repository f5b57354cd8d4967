from reprotect.drill.item_drill import *

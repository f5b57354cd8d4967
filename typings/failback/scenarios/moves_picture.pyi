from scenarios.moves_picture import *

from scenarios.text.shared_beginnings import *

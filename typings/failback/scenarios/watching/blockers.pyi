from scenarios.watching.blockers import *

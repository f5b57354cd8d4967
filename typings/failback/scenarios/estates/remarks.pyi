from scenarios.estates.remarks import *

from api.page import *

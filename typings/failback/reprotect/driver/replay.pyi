from reprotect.driver.replay import *

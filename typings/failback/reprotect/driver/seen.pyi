from reprotect.driver.seen import *

from reprotect.driver.absent import *

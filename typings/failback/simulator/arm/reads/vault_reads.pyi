from simulator.arm.reads.vault_reads import *

from scenarios.dask_cluster import *

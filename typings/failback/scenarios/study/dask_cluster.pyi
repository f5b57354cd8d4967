from scenarios.study.dask_cluster import *

from scenarios.estates.plan_doubts import *

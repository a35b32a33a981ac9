// bench/gomath.h: logarithm, exponential and log-gamma that give the same last bit as Go's math
// package on this kind of processor. benchstat prints geometric means with every digit and breaks
// ties between binomial terms by their last bit, so the C library's (closer) results will not do.
#ifndef HEAPWISE_BENCH_GOMATH_H
#define HEAPWISE_BENCH_GOMATH_H

double gomath_log(double x);
double gomath_exp(double x);
double gomath_lgamma(unsigned x); // of whole numbers from 1 on

#endif

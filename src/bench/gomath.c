// bench/gomath.c: see gomath.h. The methods are public ones: the logarithm and log-gamma are those
// of Sun's fdlibm (e_log.c, e_lgamma_r.c), the exponential is Shibata's scheme (ISC'10): reduce by
// ln 2, divide by 16, eight Taylor terms, square up. The tables of coefficients are theirs.
// Order of operations matters here; the build must not contract a*b+c (c_std=c17 sees to that).
#include "bench/gomath.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define LN2_HI 6.93147180369123816490e-01
#define LN2_LO 1.90821492927058770002e-10

// frexp; Go's assembly for x86-64 does not normalize subnormal numbers, and neither do we there.
static double split(double x, int *exponent) {
#if defined(__x86_64__)
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    *exponent = (int)(bits >> 52 & 0x7ff) - 0x3fe;
    bits = (bits & 0x000fffffffffffffu) | (uint64_t)0x3fe << 52;
    memcpy(&x, &bits, sizeof x);
    return x;
#else
    return frexp(x, exponent);
#endif
}

double gomath_log(double x) {
    static const double c[] = {6.666666666666735130e-01, 3.999999999940941908e-01,
                               2.857142874366239149e-01, 2.222219843214978396e-01,
                               1.818357216161805012e-01, 1.531383769920937332e-01,
                               1.479819860511658591e-01};
    if (isnan(x) || x <= 0 || isinf(x)) return log(x);
    int exponent;
    double fraction = split(x, &exponent);
    if (fraction < 7.07106781186547524401e-01) {
        fraction *= 2;
        exponent--;
    }
    double f = fraction - 1, k = exponent;
    double s = f / (2 + f), s2 = s * s, s4 = s2 * s2;
    double odd = s2 * (c[0] + s4 * (c[2] + s4 * (c[4] + s4 * c[6])));
    double even = s4 * (c[1] + s4 * (c[3] + s4 * c[5]));
    double half_square = 0.5 * f * f;
    double low = s * (half_square + (odd + even)) + k * LN2_LO;
    return k * LN2_HI - ((half_square - low) - f);
}

#if defined(__x86_64__)

#define LN2_UPPER 0.69314718055966295651160180568695068359375
#define LN2_LOWER 0.28235290563031577122588448175013436025525412068e-12

static const double taylor[] = {2.4801587301587301587e-5,
                                1.9841269841269841270e-4,
                                1.3888888888888888889e-3,
                                8.3333333333333333333e-3,
                                4.1666666666666666667e-2,
                                1.6666666666666666667e-1,
                                0.5,
                                1.0};

// exp(16 r) - 1 is squared up from t = exp(r) - 1 by (1+t)^2 - 1 = t(t+2), four times.
static double exp_fused(double x, double k) {
    double r = fma(-k, LN2_LOWER, fma(-k, LN2_UPPER, x)) * 0.0625;
    double sum = taylor[0];
    for (int i = 1; i < 8; i++) sum = fma(sum, r, taylor[i]);
    double t = r * sum;
    for (int i = 0; i < 3; i++) t *= t + 2;
    return fma(t, t + 2, 1);
}

static double exp_plain(double x, double k) {
    double r = ((x - k * LN2_UPPER) - k * LN2_LOWER) * 0.0625;
    double sum = taylor[0];
    for (int i = 1; i < 8; i++) sum = sum * r + taylor[i];
    double t = r * sum;
    for (int i = 0; i < 4; i++) t *= t + 2;
    return t + 1;
}

// Go takes the fused form where the processor has it, so we must as well.
double gomath_exp(double x) {
    if (isnan(x) || isinf(x) || x > 7.09782712893384e+02 || x < -745.2) return exp(x);
    double k = nearbyint(x * 1.4426950408889634073599246810018920);
    double fraction = __builtin_cpu_supports("fma") ? exp_fused(x, k) : exp_plain(x, k);
    return ldexp(fraction, (int)k);
}

#else

double gomath_exp(double x) { return exp(x); }

#endif

double gomath_lgamma(unsigned x) {
    static const double w[] = {4.18938533204672725052e-01,  8.33333333333329678849e-02,
                               -2.77777777728775536470e-03, 7.93650558643019558500e-04,
                               -5.95187557450339963135e-04, 8.36339918996282139126e-04,
                               -1.63092934096575273989e-03};
    if (x <= 2) return 0;
    if (x < 8) {
        double product = 1; // (x-1)!, as lgamma(1+s) = log(s) + lgamma(s)
        for (unsigned i = x - 1; i >= 2; i--) product *= i;
        return gomath_log(product);
    }
    double v = x, z = 1 / v, y = z * z;
    double tail = w[0] + z * (w[1] + y * (w[2] + y * (w[3] + y * (w[4] + y * (w[5] + y * w[6])))));
    return (v - 0.5) * (gomath_log(v) - 1) + tail;
}

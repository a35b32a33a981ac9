// base/gosort: the pattern-defeating quicksort of Orson Peters (arXiv 2106.05123) with the choices
// of Go's sort and slices packages (Go 1.19 on): limits, pivot places and the random sequence are
// theirs.
#include "base/gosort.h"

enum { INSERTION_MAX = 12, NINTHER_MIN = 50, ALL_SWAPPED = 12 };
enum { FIXES_MAX = 5, SHIFT_MIN = 50 }; // of the attempt on a nearly sorted range

typedef enum Hint { HINT_UNKNOWN, HINT_INCREASING, HINT_DECREASING } Hint;

static bool less(const GoSort *s, size_t i, size_t j) { return s->less(s->ctx, i, j); }

static void swap(const GoSort *s, size_t i, size_t j) { s->swap(s->ctx, i, j); }

static void insertion_sort(const GoSort *s, size_t a, size_t b) {
    for (size_t i = a + 1; i < b; i++)
        for (size_t j = i; j > a && less(s, j, j - 1); j--) swap(s, j, j - 1);
}

// Sinks the element at root of the heap that starts at first and has n elements.
static void sift_down(const GoSort *s, size_t first, size_t root, size_t n) {
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && less(s, first + child, first + child + 1)) child++;
        if (!less(s, first + root, first + child)) return;
        swap(s, first + root, first + child);
    }
}

static void heap_sort(const GoSort *s, size_t a, size_t b) {
    size_t n = b - a;
    for (size_t i = (n - 1) / 2 + 1; i-- > 0;) sift_down(s, a, i, n);
    for (size_t i = n; i-- > 0;) {
        swap(s, a, a + i);
        sift_down(s, a, 0, i);
    }
}

static unsigned bit_length(size_t n) { return n ? 64 - (unsigned)__builtin_clzll(n) : 0; }

// Scatters three elements around the middle, so that a bad pattern does not repeat.
static void break_pattern(const GoSort *s, size_t a, size_t b) {
    size_t n = b - a, mask = ((size_t)1 << bit_length(n)) - 1, middle = a + n / 4 * 2;
    uint64_t random = n; // xorshift64, seeded with the length: the order is the same every time
    if (n < 8) return;
    for (size_t i = middle - 1; i <= middle + 1; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        size_t other = random & mask;
        swap(s, i, a + (other >= n ? other - n : other));
    }
}

static void order(const GoSort *s, size_t *x, size_t *y, int *swaps) {
    if (!less(s, *y, *x)) return;
    (*swaps)++;
    size_t t = *x;
    *x = *y;
    *y = t;
}

static size_t median(const GoSort *s, size_t x, size_t y, size_t z, int *swaps) {
    order(s, &x, &y, swaps);
    order(s, &y, &z, swaps);
    order(s, &x, &y, swaps);
    return y;
}

static size_t choose_pivot(const GoSort *s, size_t a, size_t b, Hint *hint) {
    size_t n = b - a, i = a + n / 4, j = a + n / 4 * 2, k = a + n / 4 * 3;
    int swaps = 0;
    if (n >= NINTHER_MIN) {
        i = median(s, i - 1, i, i + 1, &swaps);
        j = median(s, j - 1, j, j + 1, &swaps);
        k = median(s, k - 1, k, k + 1, &swaps);
    }
    if (n >= 8) j = median(s, i, j, k, &swaps);
    *hint = swaps == 0 ? HINT_INCREASING : swaps == ALL_SWAPPED ? HINT_DECREASING : HINT_UNKNOWN;
    return j;
}

static void reverse(const GoSort *s, size_t a, size_t b) {
    for (; a + 1 < b; a++, b--) swap(s, a, b - 1);
}

// Repairs a few places of a nearly sorted range. True: it is sorted now.
static bool fix_nearly_sorted(const GoSort *s, size_t a, size_t b) {
    size_t i = a + 1;
    for (int fixes = 0; fixes < FIXES_MAX; fixes++) {
        while (i < b && !less(s, i, i - 1)) i++;
        if (i == b) return true;
        if (b - a < SHIFT_MIN) return false;
        swap(s, i, i - 1);
        if (i - a >= 2)
            for (size_t j = i - 1; j >= 1 && less(s, j, j - 1); j--) swap(s, j, j - 1);
        if (b - i >= 2)
            for (size_t j = i + 1; j < b && less(s, j, j - 1); j++) swap(s, j, j - 1);
    }
    return false;
}

// Splits into elements equal to the pivot and greater ones; there are no smaller ones.
static size_t split_equal(const GoSort *s, size_t a, size_t b, size_t pivot) {
    swap(s, a, pivot);
    size_t i = a + 1, j = b; // j is one past the elements left
    for (;;) {
        while (i < j && !less(s, a, i)) i++;
        while (i < j && less(s, a, j - 1)) j--;
        if (i >= j) return i;
        swap(s, i++, --j);
    }
}

// Splits around the pivot and returns its place. *was_split: nothing had to move.
static size_t split(const GoSort *s, size_t a, size_t b, size_t pivot, bool *was_split) {
    swap(s, a, pivot);
    size_t i = a + 1, j = b;
    *was_split = true;
    for (;;) {
        while (i < j && less(s, i, a)) i++;
        while (i < j && !less(s, j - 1, a)) j--;
        if (i >= j) break;
        *was_split = false;
        swap(s, i++, --j);
    }
    swap(s, j - 1, a);
    return j - 1;
}

static void sort_range(const GoSort *s, size_t a, size_t b, unsigned bad_left) {
    bool balanced = true, was_split = true;
    for (;;) {
        size_t n = b - a;
        if (n <= INSERTION_MAX) {
            insertion_sort(s, a, b);
            return;
        }
        if (bad_left == 0) {
            heap_sort(s, a, b);
            return;
        }
        if (!balanced) {
            break_pattern(s, a, b);
            bad_left--;
        }
        Hint hint;
        size_t pivot = choose_pivot(s, a, b, &hint);
        if (hint == HINT_DECREASING) {
            reverse(s, a, b);
            pivot = b - 1 - (pivot - a);
            hint = HINT_INCREASING;
        }
        if (balanced && was_split && hint == HINT_INCREASING && fix_nearly_sorted(s, a, b)) return;
        if (a > 0 && !less(s, a - 1, pivot)) {
            a = split_equal(s, a, b, pivot);
            continue;
        }
        size_t middle = split(s, a, b, pivot, &was_split), left = middle - a, right = b - middle;
        balanced = MIN(left, right) >= n / 8;
        if (left < right) { // the shorter side by recursion: the depth is at most log n
            sort_range(s, a, middle, bad_left);
            a = middle + 1;
        } else {
            sort_range(s, middle + 1, b, bad_left);
            b = middle;
        }
    }
}

void gosort(const GoSort *s, size_t n) {
    if (n) sort_range(s, 0, n, bit_length(n));
}

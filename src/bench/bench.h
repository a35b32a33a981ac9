// bench/bench.h: Go benchmark results: lines -> results -> cells of tables -> summaries, tests and
// a gate. The text format is that of the testing package (design 14313) as benchstat reads it.
// Owns     everything lives in the arena of its BenchSet; inputs are borrowed until the set is
// done. Threads  one at a time per set. Failure  wrong lines are warnings in the set, never errors;
// Err is for queries and unreadable input.
#ifndef HEAPWISE_BENCH_BENCH_H
#define HEAPWISE_BENCH_BENCH_H

#include "base/buf.h"
#include "base/err.h"
#include "base/index.h"
#include "bench/stats.h"

typedef uint32_t BenchStr; // a string of the set; 0 is the empty one

// ---- results, as read -------------------------------------------------------------------------

typedef struct BenchValue {
    double value; // in base units: seconds, bytes
    BenchStr unit;
    BenchStr orig_unit; // as written, when value was converted; else 0
} BenchValue;

typedef struct BenchConfig {
    BenchStr key, value;
    bool from_file; // a "key: value" line; else set by us (".file")
} BenchConfig;

typedef struct BenchResult {
    Str name; // without "Benchmark"; a view of the input
    int64_t iterations;
    VEC(BenchValue) values;
    VEC(BenchConfig) config; // order is benchstat's: a deleted key's place is taken by the last
    uint32_t config_version; // changes whenever config does
    uint32_t line;
} BenchResult;

typedef struct BenchSet BenchSet; // strings, unit metadata and warnings of one command
BenchSet *bench_set_new(Arena *a);
Arena *bench_set_arena(BenchSet *s);
Str bench_str(const BenchSet *s, BenchStr id);
BenchStr bench_intern(BenchSet *s, Str text);    // copies
const StrVec *bench_warnings(const BenchSet *s); // "file:line: what", in order

typedef struct BenchReader {
    BenchSet *set;
    Str rest, file;
    BenchResult result;
    Err failed; // a line too long to be one
} BenchReader;
// file names the input in warnings; label becomes the key ".file".
BenchReader bench_reader(BenchSet *s, Str bytes, Str file, Str label);
bool bench_read(BenchReader *r); // false at the end; then look at failed

// "Unit" lines: what the set's metadata says of a unit (tidied or not).
bool bench_unit_exact(BenchSet *s, BenchStr unit);
int bench_unit_better(BenchSet *s, BenchStr unit); // +1 higher, -1 lower, 0 unknown

// ---- numbers and units as benchstat prints them ------------------------------------------------

typedef struct BenchScale {
    int precision; // digits after the point
    double factor;
    const char *prefix;
} BenchScale;
bool bench_unit_is_bytes(Str unit);
BenchScale bench_scale(const double *values, size_t n, bool bytes); // for the one nearest zero
void bench_put_scaled(Buf *out, BenchScale s, double v);
void bench_put_fixed(Buf *out, double v, int precision, bool plus); // as Go's %.*f, %+.*f
void bench_put_go(Buf *out, double v);                              // as Go's %v
bool bench_parse_number(Arena *scratch, Str text, double *out);     // as strconv.ParseFloat

// ---- queries, tables ---------------------------------------------------------------------------

typedef struct BenchQuery {
    Str table, row, col, ignore, filter; // benchstat's -table -row -col -ignore -filter
} BenchQuery;
extern const BenchQuery bench_query_default;

typedef struct BenchSummary {
    double center, lo, hi;
    StrVec warnings;
} BenchSummary;

typedef struct BenchCompare {
    double p, alpha; // p 0: exact by assumption
    uint32_t n1, n2;
    StrVec warnings;
} BenchCompare;

typedef struct BenchCell {
    VEC(double) values; // sorted once the tables are made
    BenchSummary summary;
    struct BenchCell *base;   // same row, first column; NULL in that column or when absent
    BenchCompare compare;     // with base
    StrVec warnings;          // of the sample: "benchmarks vary in ..."
    uint32_t table, row, col; // places
    struct CellMix *mix;      // what was put together; used while adding
} BenchCell;

typedef struct BenchColumnSummary {
    bool has_center, has_ratio;
    double center, ratio;
    StrVec warnings;
} BenchColumnSummary;

typedef struct BenchHeader {
    Str key;
    StrVec values; // one per column
} BenchHeader;

typedef struct BenchTable {
    BenchStr unit;
    bool exact;     // the unit's metadata says assume=exact
    StrVec changed; // "key: value" lines that differ from the table before
    StrVec keys;    // all of them that are not empty
    StrVec rows;    // labels
    VEC(BenchHeader) col_keys;
    uint32_t col_count;
    BenchCell **cells; // row * col_count + col; NULL where nothing was measured
    BenchColumnSummary *columns;
} BenchTable;
typedef VEC(BenchTable) BenchTables;

typedef struct BenchBuilder BenchBuilder;
// Err is the query's: what benchstat says after "benchstat: ".
Err bench_builder_new(BenchSet *s, const BenchQuery *q, BenchBuilder **out);
void bench_builder_add(BenchBuilder *b, BenchResult *r); // filters r->values in place
// Once, when everything is added.
BenchTables bench_builder_tables(BenchBuilder *b, double confidence, double alpha);
void bench_builder_free(BenchBuilder *b); // compiled expressions; the rest is the arena's

#endif

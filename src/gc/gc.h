// gc/gc.h: what a Go program says about its collector, and what follows from it.
// Readers take bytes (a gctrace stream in any pieces, the MemStats block of a heap profile in text
// form, Prometheus text); the model takes one observation and predicts other settings.
// Owns     nothing: everything lives in the arena given.      Threads  one thread at a time.
// Units    in the names; heap sizes are bytes (a trace rounds them down to 1 MiB unless exact).
#ifndef HEAPWISE_GC_GC_H
#define HEAPWISE_GC_GC_H

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

// ---- gctrace ----

typedef struct GcCycle {
    uint32_t number;      // counts from 1 in each process
    uint32_t epoch;       // how often the trace had started anew before (a restarted service)
    double start_s;       // since the start of the runtime
    uint32_t cpu_percent; // since the start, of GOMAXPROCS x wall: not a share of the CPU used
    double stop_sweep_ms, mark_ms, stop_mark_ms; // wall clock
    double cpu_stop_sweep_ms, cpu_assist_ms, cpu_worker_ms, cpu_idle_ms, cpu_stop_mark_ms; // on a P
    uint64_t heap_start, heap_end, marked, goal, stacks, globals;                          // bytes
    uint32_t procs;
    bool forced, leak_check;
    bool torn;  // foreign text stood inside the line
    bool exact; // heap_start, heap_end and goal come from a pacer line, to the byte
    uint64_t scan_heap, scan_stacks, scan_globals; // bytes scanned, when exact
    uint64_t objs_single, objs_sparse, objs_dense; // gctrace=2; all 0 without
} GcCycle;
typedef VEC(GcCycle) GcCycleVec;

typedef struct GcTraceCounts {
    uint64_t cycles, torn;
    uint64_t lost;     // numbers missing between two cycles read
    uint64_t restarts; // the numbers began again
    uint64_t broken;   // lines that began and never came to their end
    uint64_t runtime;  // other lines of the runtime: scav, pacer, scan, GC forced
} GcTraceCounts;

typedef struct GcTrace GcTrace;
GcTrace *gctrace_new(Arena *a);
void gctrace_feed(GcTrace *t, Str bytes);
void gctrace_settle(GcTrace *t);        // the stream is quiet: decide on what is held back
void gctrace_end(GcTrace *t);           // nothing more comes
GcCycleVec *gctrace_cycles(GcTrace *t); // the caller may set len to 0 after taking them
// Text that is not the collector's, in order; the caller may set len to 0 after taking it.
Buf *gctrace_foreign(GcTrace *t);
GcTraceCounts gctrace_counts(const GcTrace *t);

// ---- counters of a running service ----

// One look at a service: MemStats or Prometheus text. Figures it does not give are 0 and their bit
// in `have` is clear.
#define GC_COUNTERS(X)                                                                             \
    X(TOTAL_ALLOC, "TotalAlloc", "go_memstats_alloc_bytes_total")                                  \
    X(MALLOCS, "Mallocs", "go_memstats_mallocs_total")                                             \
    X(FREES, "Frees", "go_memstats_frees_total")                                                   \
    X(SYS, "Sys", "go_memstats_sys_bytes")                                                         \
    X(HEAP_ALLOC, "HeapAlloc", "go_memstats_heap_alloc_bytes")                                     \
    X(HEAP_SYS, "HeapSys", "go_memstats_heap_sys_bytes")                                           \
    X(HEAP_IDLE, "HeapIdle", "go_memstats_heap_idle_bytes")                                        \
    X(HEAP_INUSE, "HeapInuse", "go_memstats_heap_inuse_bytes")                                     \
    X(HEAP_RELEASED, "HeapReleased", "go_memstats_heap_released_bytes")                            \
    X(HEAP_OBJECTS, "HeapObjects", "go_memstats_heap_objects")                                     \
    X(STACK_INUSE, "Stack", "go_memstats_stack_inuse_bytes")                                       \
    X(GC_SYS, "GCSys", "go_memstats_gc_sys_bytes")                                                 \
    X(NEXT_GC, "NextGC", "go_memstats_next_gc_bytes")                                              \
    X(LAST_GC, "LastGC", "go_memstats_last_gc_time_seconds")                                       \
    X(NUM_GC, "NumGC", "go_gc_duration_seconds_count")                                             \
    X(NUM_FORCED_GC, "NumForcedGC", "go_gc_cycles_forced_gc_cycles_total")                         \
    X(PAUSE_TOTAL, "PauseTotalNs", "go_gc_duration_seconds_sum")                                   \
    X(GC_CPU_FRACTION, "GCCPUFraction", "go_memstats_gc_cpu_fraction")                             \
    X(MAX_RSS, "MaxRSS", "")                                                                       \
    X(RSS, "", "process_resident_memory_bytes")                                                    \
    X(PROCESS_CPU, "", "process_cpu_seconds_total")                                                \
    X(START_TIME, "", "process_start_time_seconds")                                                \
    X(GC_CPU, "", "go_cpu_classes_gc_total_cpu_seconds_total")                                     \
    X(GC_IDLE_CPU, "", "go_cpu_classes_gc_mark_idle_cpu_seconds_total")                            \
    X(GOGC, "", "go_gc_gogc_percent")                                                              \
    X(MEMLIMIT, "", "go_gc_gomemlimit_bytes")                                                      \
    X(HEAP_LIVE, "", "go_gc_heap_live_bytes")                                                      \
    X(SCAN_STACK, "", "go_gc_scan_stack_bytes")                                                    \
    X(SCAN_GLOBALS, "", "go_gc_scan_globals_bytes")                                                \
    X(PROCS, "", "go_sched_gomaxprocs_threads")                                                    \
    X(GOROUTINES, "", "go_goroutines")                                                             \
    X(FLOATING, "", "")
#define X(id, memstats, prometheus) GC_##id,
typedef enum GcCounter { GC_COUNTERS(X) GC_COUNTER_COUNT } GcCounter;
#undef X

typedef struct GcSnapshot {
    double value[GC_COUNTER_COUNT]; // bytes, seconds or a count, as the name says; LAST_GC,
                                    // PAUSE_TOTAL: s; FLOATING: of the last cycle
    uint64_t have;                  // bit per GcCounter
    uint64_t pauses_ns[256];        // MemStats only: the newest stop-the-world times, newest first
    uint32_t pause_count;
    Str go_version; // Prometheus only
} GcSnapshot;

static inline bool gc_has(const GcSnapshot *s, GcCounter c) { return s->have >> c & 1; }

// The "# runtime.MemStats" block at the end of /debug/pprof/heap?debug=1.
Err memstats_read(Arena *a, Str text, GcSnapshot *out);
// Prometheus text: go_memstats_*, go_gc_*, process_*. Other metrics are skipped.
Err prometheus_read(Arena *a, Str text, GcSnapshot *out);

// What happened between two looks. Fails when the service restarted or counters went back.
typedef struct GcRates {
    double seconds;
    double alloc_bytes, alloc_objects; // per second
    double cycles;                     // per second; forced ones included
    double gc_cpu;                     // seconds of GC CPU per second; negative: not known
    double used_cpu;                   // seconds of CPU used per second; negative: not known
    double pause;                      // seconds of stop-the-world per second
} GcRates;
Err gc_rates(Arena *a, const GcSnapshot *before, const GcSnapshot *after, double seconds,
             GcRates *out);

// ---- settings ----

// What Go does with a setting: from fine to fatal.
typedef enum GcVerdict {
    VERDICT_FINE,     // does what it says
    VERDICT_CAUTION,  // does what it says, which is seldom wanted outside debugging
    VERDICT_DEFAULT,  // changes nothing: it is the default already
    VERDICT_IGNORED,  // Go ignores it without a word
    VERDICT_REJECTED, // the build or the start of the program fails
} GcVerdict;

typedef enum GcSettingSource {
    SOURCE_GODEBUG,
    SOURCE_GOGC,
    SOURCE_GOMEMLIMIT,
    SOURCE_GOEXPERIMENT_RUN,   // in the environment of a program that runs
    SOURCE_GOEXPERIMENT_BUILD, // in the environment of a build
    SOURCE_DIRECTIVE,          // //go:debug
    SOURCE_GOMOD,              // godebug line of go.mod
} GcSettingSource;

typedef struct GcNote {
    GcVerdict verdict;
    GcSettingSource source;
    Str name, value;
    Str text;  // what Go does and what to do
    Str where; // file:line, or empty
} GcNote;

typedef struct GcSettings {
    Arena *arena;
    uint32_t minor;           // of Go 1.minor, GC_MINOR_MIN..GC_MINOR_MAX
    uint64_t container_limit; // bytes; 0: none known
    bool has_memlimit;        // a GOMEMLIMIT that binds was seen
    Str collector;            // of the binary in question: "Green Tea", "classic"; "" when unknown
    VEC(GcNote) notes;
} GcSettings;

enum { GC_MINOR_MIN = 18, GC_MINOR_MAX = 27 };

// "1.26", "go1.26.8", "go1.26.8-X:nogreenteagc" -> 26; fails outside what the tables hold.
Err settings_go_version(Arena *a, Str version, uint32_t *minor);
GcSettings settings_new(Arena *a, uint32_t minor);
void settings_check_godebug(GcSettings *s, Str value);
void settings_check_gogc(GcSettings *s, Str value);
void settings_check_memlimit(GcSettings *s, Str value);
void settings_check_experiment(GcSettings *s, Str value, bool building);
// A key=value of a //go:debug line or a go.mod godebug line.
void settings_check_compiled(GcSettings *s, GcSettingSource source, Str pair, Str where);
// The //go:debug lines of a Go file (those before its package clause) and the godebug lines of
// go.mod.
void settings_check_go_file(GcSettings *s, Str text, Str path);
void settings_check_go_mod(GcSettings *s, Str text, Str path);
Str settings_go_mod_version(Str text); // of the "go" line, "" without
// The value as the runtime reads it; false: the runtime refuses it.
bool settings_parse_memlimit(Str value, uint64_t *bytes);
bool settings_experiment_on(uint32_t minor, Str name); // by default

// ---- observations: a program watched for a while ----

#define GC_NO_LIMIT INT64_MAX

typedef struct GcObservation {
    GcCycleVec cycles;
    int64_t gogc;         // percent; negative: off
    uint64_t memlimit;    // bytes; GC_NO_LIMIT: none
    uint32_t procs;       // GOMAXPROCS
    double wall_s, cpu_s; // of the whole run; 0: not known
    double run_s, wait_s; // all threads, on a CPU and waiting for one; 0: not known
    uint64_t peak_rss;    // bytes, everything; 0: not known
    uint64_t peak_anon;   // bytes of it that are no file's pages; 0: not known
    uint64_t early_anon;  // the same before the heap had grown; 0: not known
    uint64_t file_rss;    // bytes of files' pages, the most seen; 0: not known
    Str go_version;
} GcObservation;

// One line per fact and per cycle; what is written reads back the same.
void observation_write(const GcObservation *o, Buf *out);
// Reads that form, or any text with gctrace lines in it (then only cycles and procs are known).
Err observation_read(Arena *a, Str text, GcObservation *out);

// What the cycles of one process say together. Forced cycles count as cycles.
typedef struct GcSummary {
    uint32_t cycles, forced;
    double seconds;        // from the start (or the first cycle, of a cut trace) to the last cycle
    double alloc_bytes;    // in that time
    double live, floating; // bytes, median over the later half: what is reachable, and what was
                           // allocated during the mark and so counted as live
    double stacks, globals, goal, marked; // bytes, at the last cycle
    double gc_cpu_s;    // marking, assists and idle marking; corrected for waiting
    double idle_mark_s; // of it on processors that had nothing else to do
    double on_cpu;      // part of the time asked for that the process got; 1: no contention
    double gc_share;    // of the CPU used; negative: not known
    double pause_s, longest_pause_s;
    bool exact; // to the byte, not to the MiB
} GcSummary;
// The part of the time the runtime counts as marking that was spent on a CPU, of a process that got
// this part of the time it asked for.
double gc_got_of_marking(double on_cpu);
GcSummary observation_summary(Arena *a, const GcObservation *o);

// Per cycle, derived: bytes allocated since the cycle before, allocated during the mark, reachable.
typedef struct GcStep {
    double allocated, during_mark, live, marked;
    double end;   // the heap when the mark ended
    double cpu_s; // GC CPU as the trace has it, not corrected
    double at_s;
} GcStep;
typedef VEC(GcStep) GcStepVec;
GcStepVec observation_steps(Arena *a, const GcObservation *o);
// All bytes the run allocated: those of its cycles, and what followed the last one by the same pace
// (at most up to the next goal).
double observation_allocated(const GcObservation *o, const GcStepVec *steps);
double gc_median(Arena *a, const double *values, uint32_t count); // 0 of none

// ---- what if: other settings for the same work ----

typedef struct GcEstimate {
    double value, low, high; // low..high holds nine of ten outcomes
} GcEstimate;

typedef struct GcPrediction {
    int64_t gogc;      // percent; negative: off
    uint64_t memlimit; // GC_NO_LIMIT: none
    GcEstimate cycles;
    GcEstimate gc_cpu_s;
    GcEstimate gc_share; // of the CPU used, 0..1; not known without the CPU: value < 0
    GcEstimate cpu_s;    // all of the program's; value < 0: not known
    GcEstimate peak_rss; // bytes; of the runtime's memory alone where the RSS is not known
    bool thrash;         // the limit leaves so little room that cycles follow each other
    bool limited;        // the limit decides the goal, not GOGC
} GcPrediction;

typedef struct GcModel GcModel;
// Needs a run (or a trace from its start); at least GC_MODEL_CYCLES cycles.
Err gc_model_new(Arena *a, const GcObservation *o, GcModel **out);
enum { GC_MODEL_CYCLES = 4 };
// Another run of the same work, which is taken over: predictions are then the median of those made
// from each run alone. Credit and cost stay those of the first. Fails where it is not the same
// work.
Err gc_model_add(GcModel *m, GcModel *more);
GcPrediction gc_model_predict(const GcModel *m, int64_t gogc, uint64_t memlimit);
// The largest GOGC (10..2000) whose peak RSS stays within the budget, upper end of the interval
// included; 0 when none does.
int64_t gc_model_largest_gogc(const GcModel *m, uint64_t budget, uint64_t memlimit);
// What the run would save if `part` of the bytes it allocated were not allocated at all: garbage of
// one place in the program that is made to stay on the stack, or reused.
typedef struct GcCredit {
    double bytes, cycles, gc_cpu_s, rss;
} GcCredit;
GcCredit gc_model_credit(const GcModel *m, double part);
GcCredit gc_model_cost(const GcModel *m); // of the whole run; rss is 0
double gc_model_live(const GcModel *m);   // reachable bytes, the most there were

// ---- binaries ----

typedef struct GcBuild {
    Str version;     // "go1.26.8"
    Str module;      // path, mod, dep and build lines
    Str experiments; // GOEXPERIMENT it was built with, "" for the default
} GcBuild;
Err buildinfo_read(Arena *a, Str binary, GcBuild *out);
Str buildinfo_collector(const GcBuild *b); // "Green Tea" or "classic"
bool settings_experiment_known(uint32_t minor, Str name);

// ---- what happened in one stretch of time ----

// Rates are per second. NaN: the source does not say.
typedef struct GcRecord {
    double at_s, seconds; // when it ended, how long it was
    double alloc_bytes, alloc_objects, cycles;
    double live, floating, marked, goal, stacks, globals, rss; // bytes
    double gc_cpu, used_cpu;                                   // CPUs: seconds of CPU per second
    double on_cpu; // part of the CPU asked for that was got
    double pause_s;
    bool restarted; // the process is not the one before
} GcRecord;
typedef VEC(GcRecord) GcRecordVec;
GcRecord gc_record_none(void);
// From a trace: stretches of at least interval_s, ending with a cycle.
GcRecordVec gc_records(Arena *a, const GcObservation *o, uint32_t first_cycle, double interval_s);
// From two looks at a service. Fails where gc_rates does.
Err gc_record_between(Arena *a, const GcSnapshot *before, const GcSnapshot *after, double seconds,
                      GcRecord *out);

#endif

// view/gc.h: pages about the collector. Each takes facts of src/gc and adds to a page.
#ifndef HEAPWISE_VIEW_GC_H
#define HEAPWISE_VIEW_GC_H

#include "doc/doc.h"
#include "gc/gc.h"
#include "profile/profile.h"

typedef struct GcWhatIfPage {
    const GcObservation *seen; // the first of the runs
    uint32_t runs;
    const GcModel *model; // of all of them
    const GcPrediction *grid;
    uint32_t count;
    uint64_t budget; // bytes; 0: none
    const char *budget_from;
    int64_t largest_gogc;
} GcWhatIfPage;
void view_gc_whatif(Doc *d, const GcWhatIfPage *page);

// How long the answers of one run took, in percentiles.
enum { GC_LATENCIES = 5 };
extern const double gc_latency_percents[GC_LATENCIES];
typedef struct GcLatency {
    double at_s[GC_LATENCIES];
    uint32_t answered, failed;
} GcLatency;

typedef struct GcAbSide {
    Str settings, program, collector;
    const double *cpu_s, *bytes; // per run
    const GcLatency *latency;    // per run; NULL: no load was given
} GcAbSide;
typedef struct GcAbPage {
    GcAbSide a, b;
    uint32_t pairs;
    bool same_program;   // only settings differ: what it allocates cannot
    double want_percent; // the difference one would not like to miss
} GcAbPage;
// True: B uses more CPU or memory, beyond chance.
bool view_gc_ab(Doc *d, const GcAbPage *page);

// One record as a line of JSON, as a row of text under a head; many as a table, or as one HTML
// page.
void view_gc_record_json(Buf *out, const GcRecord *r);
void view_gc_record_head(Buf *out);
void view_gc_record_row(Buf *out, const GcRecord *r);
void view_gc_records(Doc *d, const GcRecordVec *records);
// The live view: lines of text for a terminal of that many columns.
void view_gc_live(Buf *out, const GcRecordVec *records, Str source, uint32_t width);
void view_gc_plot(Buf *out, const GcRecordVec *records, Str source);

typedef struct GcCreditPage {
    const Profile *profile;
    const GcObservation *seen;
    const GcModel *model;
    uint32_t top; // sites shown
} GcCreditPage;
// Err: the profile has no allocations.
Err view_gc_credit(Doc *d, const GcCreditPage *page);

// What was checked and what Go makes of it. True: something is ignored or rejected.
// A run or a whole trace: heap, CPU and pauses. counts may be NULL; status < 0: no program was run.
void view_gc_run(Doc *d, const GcObservation *o, const GcTraceCounts *counts, int status);

bool view_gc_env(Doc *d, const GcSettings *s, Str version_from);

#endif

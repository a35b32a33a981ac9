// live/live.h: a Go process seen from outside: its runtime's variables read through any source of
// bytes, never changed. Copy first, while it stands still; name and scale afterwards.
// Units    sizes are bytes; addresses are the process's own unless said to be those of the file.
// Failure  Err: an unknown Go release or GOEXPERIMENT is refused, never guessed; a list that does
//          not end or leads nowhere is an error, and memory is bounded by the limits in the .c
//          files.
#ifndef HEAPWISE_LIVE_LIVE_H
#define HEAPWISE_LIVE_LIVE_H

#include "binary/map/map.h"
#include "profile/profile.h"

typedef struct LivePiece {
    uint64_t addr;
    void *out;
    size_t size;
} LivePiece;

// Bytes at addresses: a process, or a test's own image. All of them or false.
typedef struct LiveMemory {
    bool (*read)(void *context, uint64_t addr, void *out, size_t size);
    void *context;
    bool (*gather)(void *context, const LivePiece *pieces, size_t count); // NULL: one by one
} LiveMemory;

#define X(id, structure, member) LIVE_##id,
typedef enum LiveField {
#include "live/fields.inc"
    LIVE_FIELD_COUNT
} LiveField;
#undef X

// Where the runtime's fields are: from the program's own debugging information, else from the
// table of its release (layouts.inc). -1: the release has no such field.
typedef struct LiveLayout {
    int32_t at[LIVE_FIELD_COUNT];
    bool from_program;
} LiveLayout;

#define LIVE_VARS(X)                                                                               \
    X(MHEAP, "runtime.mheap_")                                                                     \
    X(MEMSTATS, "runtime.memstats")                                                                \
    X(ALLGS, "runtime.allgs")                                                                      \
    X(ALLM, "runtime.allm")                                                                        \
    X(ALLP, "runtime.allp")                                                                        \
    X(CONTROLLER, "runtime.gcController")                                                          \
    X(GCPHASE, "runtime.gcphase")                                                                  \
    X(BIT_ARENAS, "runtime.gcBitsArenas")                                                          \
    X(CHUNKS, "runtime.persistentChunks")                                                          \
    X(BUCKHASH, "runtime.buckhash")                                                                \
    X(BUCKETS, "runtime.mbuckets")                                                                 \
    X(CYCLE, "runtime.mProfCycle")                                                                 \
    X(RATE, "runtime.MemProfileRate")                                                              \
    X(WAIT_REASONS, "runtime.waitReasonStrings")                                                   \
    X(ALLFIN, "runtime.allfin")                                                                    \
    X(CLEANUPS, "runtime.gcCleanups")
#define X(id, name) LIVE_VAR_##id,
typedef enum LiveVar { LIVE_VARS(X) LIVE_VAR_COUNT } LiveVar;
#undef X

typedef struct LiveThread { // of a stopped process
    uint32_t id;
    uint32_t words;         // of registers
    uint64_t registers[34]; // as NT_PRSTATUS has them
    uint64_t sp, pc;
} LiveThread;

typedef struct LiveMapping { // a line of /proc/PID/maps
    uint64_t start, end, offset;
    bool readable, writable, executable;
    Str name; // file, "[heap]", "[anon: ...]" or empty
} LiveMapping;
typedef VEC(LiveMapping) LiveMappingVec;

// A process, or a core of one: what every view starts from.
typedef struct LiveTarget {
    Binary program;
    uint64_t bias;    // to add to an address of the file
    uint32_t pid;     // 0: a core
    uint32_t release; // 26: Go 1.26
    Str exe;
    LiveLayout layout;
    uint64_t vars[LIVE_VAR_COUNT]; // addresses in the process; 0: not found
    LiveMemory memory;
    VEC(LiveThread) threads; // set while it is stopped
    LiveMappingVec mappings; // likewise
} LiveTarget;

// Opens the program a process was started from and finds its runtime; the process runs on. The
// program's bytes stay mapped.
Err live_open_pid(Arena *a, uint32_t pid, LiveTarget *out);
// Fills in the layout: for all but the heap profile.
Err live_learn_layout(Arena *a, LiveTarget *t);

// The same for a core file; its program is the one it names, or exe.
Err live_open_core(Arena *a, Str bytes, Str exe, LiveTarget *out);
// The program a core says it came from; empty: it does not say.
Err live_core_program(Arena *a, Str bytes, Str *out);

typedef struct LiveCore { // written
    uint64_t written_bytes, apparent_bytes, stopped_ns;
    uint64_t at; // of the file, while it is written
    char *piece;
} LiveCore;
// A sparse core file of a process: readable by gdb, delve and live_open_core.
Err live_write_core(Arena *a, LiveTarget *t, Str path, LiveCore *out);

// One stop. The work is done between; stop_ns says how long the process stood still.
typedef struct LiveStop LiveStop;
Err live_stop(Arena *a, LiveTarget *t, LiveStop **out);
uint64_t live_go(LiveStop *s); // nanoseconds it stood; once

bool live_read(const LiveTarget *t, uint64_t addr, void *out, size_t size);
uint64_t live_word(const LiveTarget *t, uint64_t addr); // 0 where nothing can be read
bool live_gather(const LiveTarget *t, const LivePiece *pieces, size_t count);

// ---- the heap, span by span

enum { LIVE_PAGE = 8192, LIVE_CLASSES = 68 }; // of the runtime, not of the kernel
enum { LIVE_SPAN_DEAD, LIVE_SPAN_HEAP, LIVE_SPAN_MANUAL };

typedef struct LiveSpan {
    uint64_t addr; // of its own structure
    uint64_t start, bytes, elem_bytes;
    uint64_t alloc_bits, mark_bits, specials, large_type; // addresses
    uint32_t elems, free_index, alloc_count, before_cache, sweepgen;
    uint32_t bits;  // first word of its objects in LiveWalk.bits: 1 is allocated
    uint32_t live;  // allocated slots
    uint32_t magic; // offset * magic >> 32 is the slot
    uint8_t state, size_class;
    bool noscan, inline_marks; // inline: the collector's marks lie in the span's last bytes
} LiveSpan;
typedef VEC(LiveSpan) LiveSpanVec;

// The runtime's own account, as runtime.ReadMemStats would put it together now.
typedef struct LiveStats {
    int64_t objects, bytes;              // HeapObjects, HeapAlloc
    int64_t allocs, frees, tiny;         // since the start
    int64_t class_objects[LIVE_CLASSES]; // [0]: large ones
    int64_t committed, released, in_heap, in_stacks, in_workbufs;
    int64_t stacks_sys, mspan_sys, mcache_sys, buckhash_sys, gc_sys, other_sys;
    int64_t live, marked, goal, limit; // of the collector
    int32_t percent;                   // GOGC, -1 is off
    uint32_t cycles, phase;            // phase: 0 none, 1 marking, 2 its end
} LiveStats;

typedef struct LiveWalk {
    LiveSpanVec spans; // heap and manual ones, by address
    uint64_t *bits;
    uint64_t *survived; // likewise: it was there when its span was last swept
    uint64_t bit_words;
    uint32_t sweepgen;
    uint64_t objects, bytes;                                         // counted, slot by slot
    uint64_t class_objects[LIVE_CLASSES], class_bytes[LIVE_CLASSES]; // class_bytes: of one
    LiveStats stats;
    uint32_t stops; // how often it had to stand still for that
    bool agrees;    // the two counts are equal, class by class, and those of stacks
} LiveWalk;

// Between live_stop and live_go.
Err live_walk(Arena *a, const LiveTarget *t, LiveWalk *out);
// Stops again (up to `tries`) until both counts agree: a stop in the middle of an allocation does
// not. The process stands still afterwards.
Err live_stop_walk(Arena *a, LiveTarget *t, LiveStop **stop, LiveWalk *out);
// The span an address lies in; NULL.
const LiveSpan *live_span_at(const LiveWalk *w, uint64_t addr);
static inline bool live_is_allocated(const LiveWalk *w, const LiveSpan *s, uint32_t slot) {
    return w->bits[s->bits + slot / 64] >> (slot % 64) & 1;
}

// ---- goroutines

typedef struct LiveGoroutine {
    uint64_t addr, id, gopc, startpc;
    uint64_t stack_lo, stack_hi, sp, pc; // sp: where it stands now
    uint64_t ctxt, defers, panics;
    uint32_t thread; // it runs on; 0: none
    uint8_t status, wait_reason;
    bool unsure; // it runs, but not where its own structure says: its whole stack counts
    bool system; // a thread's own: g0 or signal stack
} LiveGoroutine;
typedef VEC(LiveGoroutine) LiveGoroutineVec;
enum {
    LIVE_G_RUNNING = 2,
    LIVE_G_SYSCALL = 3,
    LIVE_G_WAITING = 4,
    LIVE_G_DEAD = 6,
    LIVE_G_MOVING = 8
};

typedef struct LiveGoroutines {
    LiveGoroutineVec all;  // those with a stack, dead ones that keep one included
    uint64_t cached_bytes; // free stacks kept by Ps
} LiveGoroutines;
Err live_goroutines(Arena *a, const LiveTarget *t, LiveGoroutines *out);
// "running", "chan receive": in the runtime's words, from the program's file.
Str live_state(const LiveTarget *t, const LiveGoroutine *g);

typedef struct LiveSite {
    Str function, file; // empty: not Go code
    int32_t line;
} LiveSite;
// What a return address called from (is_return), or where an address is.
LiveSite live_site(const LiveTarget *t, uint64_t address, bool is_return);

// Where the runtime keeps its heap profile (runtime/mprof.go), in the process.
typedef struct LiveHeapVars {
    uint64_t buckets; // mbuckets
    uint64_t cycle;   // mProfCycle
    uint64_t rate;    // MemProfileRate
    bool counts_only; // Go 1.27 on: a record has no bytes, they are its counts times its size
} LiveHeapVars;

typedef struct LiveHeapRecord { // counts of the samples themselves, not scaled
    uint64_t allocs, frees, alloc_bytes, free_bytes;
    uint64_t addr;         // of its bucket
    uint64_t object_bytes; // of one object, as the endpoint names it in a label; 0: not said
    uint32_t first, depth; // its stack in LiveHeap.stacks: return addresses, leaf first
} LiveHeapRecord;

typedef struct LiveHeap {
    VEC(LiveHeapRecord) records; // in the runtime's order
    VEC(uint64_t) stacks;
    uint64_t rate; // average bytes between two samples
} LiveHeap;

// What runtime.MemProfile(_, true) would give now: the published cycle, with the finished one that
// waits to be added; all of them while there has been no collection.
Err live_heap_read(Arena *a, const LiveMemory *m, const LiveHeapVars *vars, LiveHeap *out);

// The records as /debug/pprof/heap names and scales them, samples in the records' order, a call and
// what was inlined into it as one location. Names are views into the program's bytes.
void live_heap_profile(Arena *a, const Binary *program, uint64_t bias, const LiveHeap *heap,
                       Profile *out);

// The records as the text of /debug/pprof/heap?debug=1, least in use first; without the statistics
// at its end.
void live_heap_text(const Binary *program, uint64_t bias, const LiveHeap *heap, Buf *out);

typedef struct LiveProfileRequest {
    Buf *text;        // NULL, or where live_heap_text's goes
    uint64_t seconds; // not 0: a process whose profiling is off gets it switched on for so long
    Buf *messages;    // says what was changed; with seconds
} LiveProfileRequest;
// The whole way for a process: opens its program, stops it, copies, lets it go, names.
Err live_pid_heap_profile(Arena *a, uint32_t pid, const LiveProfileRequest *q, Profile *out);

// ---- where the resident memory is

#define LIVE_PLACES(X)                                                                             \
    X(TEXT, "text", "program: machine code")                                                       \
    X(RODATA, "rodata", "program: constants, types, line table")                                   \
    X(DATA, "data", "program: data, with pointers")                                                \
    X(NOPTRDATA, "noptrdata", "program: data, pointer-free")                                       \
    X(BSS, "bss", "program: BSS, with pointers")                                                   \
    X(NOPTRBSS, "noptrbss", "program: BSS, pointer-free")                                          \
    X(PROGRAM_REST, "program_rest", "program: other sections, page ends")                          \
    X(OBJECTS, "objects", "heap: objects")                                                         \
    X(FREE_SLOTS, "free_slots", "heap: free slots between objects")                                \
    X(SPAN_ENDS, "span_ends", "heap: ends of spans, pointer bitmaps")                              \
    X(FREE_PAGES, "free_pages", "heap: free pages not given back")                                 \
    X(STACKS_USED, "stacks_used", "stacks: in use")                                                \
    X(STACKS_ROOM, "stacks_room", "stacks: room below the frames")                                 \
    X(STACKS_IDLE, "stacks_idle", "stacks kept for later, work buffers")                           \
    X(METADATA, "metadata", "runtime: spans, caches, profile, other small structures")             \
    X(BITMAPS, "bitmaps", "runtime: mark and allocation bits")                                     \
    X(ARENA_INDEX, "arena_index", "runtime: index of arenas")                                      \
    X(PAGE_INDEX, "page_index", "runtime: page allocator")                                         \
    X(SPAN_LIST, "span_list", "runtime: list of spans")                                            \
    X(BUCKET_TABLE, "bucket_table", "runtime: hash table of the profile")                          \
    X(RUNTIME_REST, "runtime_rest", "runtime: named by it, not known to us")                       \
    X(C_STACKS, "c_stacks", "C: stacks of threads")                                                \
    X(C_HEAP, "c_heap", "C: heap")                                                                 \
    X(LIBRARIES, "libraries", "mapped files, shared libraries")                                    \
    X(KERNEL, "kernel", "kernel: vdso and the like")                                               \
    X(UNEXPLAINED, "unexplained", "unexplained")
#define X(id, key, text) LIVE_PLACE_##id,
typedef enum LivePlace { LIVE_PLACES(X) LIVE_PLACE_COUNT } LivePlace;
#undef X
const char *live_place_key(LivePlace p);
const char *live_place_text(LivePlace p);

typedef struct LiveRun { // resident pages side by side
    uint64_t start, end;
    uint64_t before; // resident bytes before it
} LiveRun;

typedef struct LiveResident {
    VEC(LiveRun) runs;      // by address
    uint64_t total;         // of all mappings
    uint64_t kernel_rss;    // as the kernel counts it; 0: not said
    uint64_t virtual_bytes; // of all mappings that can be read or written
} LiveResident;
// Between live_stop and live_go: which pages are in memory.
Err live_resident(Arena *a, const LiveTarget *t, LiveResident *out);
uint64_t live_resident_in(const LiveResident *r, uint64_t start, uint64_t end);

typedef struct LiveRest {
    LiveMapping mapping;
    uint64_t bytes; // nobody claimed
} LiveRest;

typedef struct LiveWhere {
    uint64_t bytes[LIVE_PLACE_COUNT];    // resident; they add up to LiveResident.total
    uint64_t reserved[LIVE_PLACE_COUNT]; // virtual
    VEC(LiveRest) unexplained;           // mappings that hold what is not explained
} LiveWhere;

// What of the runtime's own lists is needed for that; between live_stop and live_go.
typedef struct LiveRange {
    uint64_t start, end;
    LivePlace place;
} LiveRange;
typedef VEC(LiveRange) LiveRangeVec;
Err live_runtime_ranges(Arena *a, const LiveTarget *t, LiveRangeVec *out);

typedef struct LiveFacts { // one moment
    LiveWalk walk;
    LiveGoroutines goroutines;
    LiveResident resident;
    LiveRangeVec ranges;
    uint64_t stopped_ns;
} LiveFacts;
// Stops, copies, lets go.
Err live_look(Arena *a, LiveTarget *t, LiveFacts *out);
void live_where(Arena *a, const LiveTarget *t, const LiveFacts *f, LiveWhere *out);

#endif

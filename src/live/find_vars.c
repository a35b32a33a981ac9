// live/find_vars.c: the runtime's variables in a program without a symbol table: functions are
// still known by name (the line table), and each variable is what several of them have in common
// among the addresses their code uses. One answer, or none.
#include "binary/asm/asm.h"
#include "live/live_internal.h"

enum { USERS = 5, FUNCTION_BYTES_MAX = 1 << 16, SLICE_BYTES = 24 };

#define NO_FIELD LIVE_FIELD_COUNT

typedef struct User { // a function and the field of the variable it uses
    const char *function;
    LiveField field; // NO_FIELD: its start
} User;

typedef struct Clue {
    LiveVar var;
    bool slice;  // its users use its words, too: the first counts
    bool loaded; // a word that each user reads; what it only takes the address of is another
    User users[USERS];
} Clue;

// Found by reading the runtime of Go 1.24 to 1.27 and looking at what their compilers make of it.
static const Clue clues[] = {
    {LIVE_VAR_MHEAP,
     false,
     false,
     {{"stackpoolalloc", NO_FIELD},
      {"freeStackSpans", NO_FIELD},
      {"(*mcentral).grow", NO_FIELD},
      {"(*mcentral).cacheSpan", LIVE_MHEAP_SWEEPGEN},
      {"(*mcache).prepareForSweep", LIVE_MHEAP_SWEEPGEN}}},
    {LIVE_VAR_MEMSTATS,
     false,
     false,
     {{"(*mheap).grow", LIVE_MSTATS_HEAP},
      {"(*mcache).allocLarge", LIVE_MSTATS_HEAP},
      {"persistentalloc1", LIVE_MSTATS_OTHER},
      {"newArenaMayUnlock", LIVE_MSTATS_GC_MISC},
      {"stkbucket", LIVE_MSTATS_BUCKHASH}}},
    {LIVE_VAR_ALLGS,
     true,
     false,
     {{"forEachG", NO_FIELD},
      {"allgadd", NO_FIELD},
      {"gcPrepareMarkRoots", NO_FIELD},
      {"gcMarkRootPrepare", NO_FIELD}}}, // its name in Go 1.24
    {LIVE_VAR_ALLM,
     false,
     false,
     {{"initMetrics.func1", NO_FIELD}, {"mcommoninit", NO_FIELD}, {"mexit", NO_FIELD}}},
    {LIVE_VAR_ALLP,
     true,
     false,
     {{"flushmcache", NO_FIELD},
      {"gcMarkTinyAllocs", NO_FIELD},
      {"(*m).snapshotAllp", NO_FIELD},
      {"preemptall", NO_FIELD}}},
    {LIVE_VAR_CONTROLLER,
     false,
     false,
     {{"gcinit", LIVE_CONTROL_PERCENT},
      {"mallocinit", LIVE_CONTROL_LIMIT},
      {"deductSweepCredit", LIVE_CONTROL_LIVE},
      {"gcPaceSweeper", LIVE_CONTROL_LIVE}}},
    {LIVE_VAR_GCPHASE,
     false,
     false,
     {{"stackfree", NO_FIELD},
      {"stackpoolfree", NO_FIELD},
      {"(*gcWork).balance", NO_FIELD},
      {"(*gcWork).putObj", NO_FIELD},
      {"gcmarknewobject", NO_FIELD}}},
    {LIVE_VAR_BUCKETS, false, false, {{"mProf_FlushLocked", NO_FIELD}, {"stkbucket", NO_FIELD}}},
    {LIVE_VAR_CYCLE,
     false,
     false,
     {{"gcSweep", NO_FIELD}, {"mProf_Free", NO_FIELD}, {"mProf_Malloc", NO_FIELD}}},
    {LIVE_VAR_RATE,
     false,
     false,
     {{"allocmcache", NO_FIELD}, {"profilealloc", NO_FIELD}, {"mallocgcLarge", NO_FIELD}}},
    {LIVE_VAR_BIT_ARENAS,
     true,
     false,
     {{"newArenaMayUnlock", NO_FIELD},
      {"newMarkBits", NO_FIELD},
      {"nextMarkBitArenaEpoch", NO_FIELD}}},
    {LIVE_VAR_CHUNKS, false, true, {{"persistentalloc1", NO_FIELD}}},
    {LIVE_VAR_ALLFIN, false, true, {{"markroot", NO_FIELD}, {"queuefinalizer", NO_FIELD}}},
    {LIVE_VAR_CLEANUPS,
     false,
     false,
     {{"(*activeSweep).end", NO_FIELD}, {"runCleanups", NO_FIELD}, {"freeSpecial", NO_FIELD}}},
    {LIVE_VAR_WAIT_REASONS,
     false,
     false,
     {{"waitReason.String", NO_FIELD}, {"(*waitReason).String", NO_FIELD}}},
};

typedef VEC(uint64_t) AddressVec;

static bool has(const AddressVec *v, uint64_t addr) {
    for (uint32_t i = 0; i < v->len; i++)
        if (v->v[i] == addr) return true;
    return false;
}

static bool is_variable(const ModuleData *m, uint64_t addr) {
    const AddrSpan spans[] = {m->noptrdata, m->data, m->bss, m->noptrbss};
    for (size_t i = 0; i < COUNT(spans); i++)
        if (addr >= spans[i].start && addr < spans[i].end) return true;
    return false;
}

// Whether the instruction at the front of code computes an address and reads nothing there.
static bool takes_address(AsmArch arch, Str code) {
    enum { LEA = 0x8d, REX = 0x40, ADD_IMMEDIATE = 0x91 };
    if (arch == ASM_ARM64) return code.len >= 4 && (uint8_t)code.ptr[3] == ADD_IMMEDIATE;
    size_t at = code.len && ((uint8_t)code.ptr[0] & 0xf0) == REX;
    return at < code.len && (uint8_t)code.ptr[at] == LEA;
}

// Addresses of variables a function's code uses, and of those it reads or writes.
static void addresses_of(Arena *a, const Binary *p, const PclnFunc *f, AddressVec *out,
                         AddressVec *loaded) {
    AsmArch arch = p->object.arch == OBJECT_AMD64 ? ASM_AMD64 : ASM_ARM64;
    uint64_t size = f->end - f->entry;
    Str code = object_bytes_at(&p->object, f->entry, MIN(size, (uint64_t)FUNCTION_BYTES_MAX));
    AsmPages pages = {0};
    for (size_t at = 0; at < code.len;) {
        uint64_t target = 0;
        Str here = str_from(code, at);
        at += asm_data_target(arch, here, f->entry + at, &pages, &target);
        if (!target || !is_variable(&p->module, target)) continue;
        if (!has(out, target)) vec_push(a, out, target);
        if (!takes_address(arch, here) && !has(loaded, target)) vec_push(a, loaded, target);
    }
}

typedef struct Used {
    bool there;
    AddressVec at, loaded;
} Used;

// The code of the functions named, each decoded once.
static void read_users(Arena *a, const Binary *p, Used used[][USERS]) {
    for (uint32_t i = 0; i < p->table.func_count; i++) {
        PclnFunc f;
        if (!pclntab_func(&p->table, i, &f)) continue;
        Str name = f.name;
        if (!str_cut_prefix(&name, STR("runtime."))) continue;
        for (size_t c = 0; c < COUNT(clues); c++)
            for (int u = 0; u < USERS && clues[c].users[u].function; u++) {
                if (!str_eq_c(name, clues[c].users[u].function)) continue;
                used[c][u].there = true;
                addresses_of(a, p, &f, &used[c][u].at, &used[c][u].loaded);
            }
    }
}

static const AddressVec *addresses(const Clue *clue, const Used *u) {
    return clue->loaded ? &u->loaded : &u->at;
}

// The one address all users have in common; 0: none, or several.
static uint64_t common(const LiveLayout *l, const Clue *clue, const Used used[USERS]) {
    uint64_t found = 0;
    int first = -1, users = 0;
    for (int u = USERS; u-- > 0;) {
        if (used[u].there) first = u;
        users += used[u].there;
    }
    if (users < (clue->loaded ? 1 : 2)) return 0;
    LiveField start = clue->users[first].field;
    uint64_t less = start == NO_FIELD ? 0 : (uint64_t)l->at[start];
    const AddressVec *from = addresses(clue, &used[first]);
    for (uint32_t i = 0; i < from->len; i++) {
        uint64_t addr = from->v[i] - less;
        bool all = true;
        for (int u = 0; u < USERS && all; u++) {
            LiveField field = clue->users[u].field;
            uint64_t more = field == NO_FIELD ? 0 : (uint64_t)l->at[field];
            all = !used[u].there || has(addresses(clue, &used[u]), addr + more);
        }
        if (!all) continue;
        bool near =
            found && clue->slice && (addr > found ? addr - found : found - addr) < SLICE_BYTES;
        if (found && !near) return 0;
        found = near ? MIN(found, addr) : addr;
    }
    return found;
}

void live_guess_vars(Arena *a, const LiveTarget *t, uint64_t out[LIVE_VAR_COUNT]) {
    Used used[COUNT(clues)][USERS] = {0};
    read_users(a, &t->program, used);
    for (size_t c = 0; c < COUNT(clues); c++) {
        uint64_t at = common(&t->layout, &clues[c], used[c]);
        if (at) out[clues[c].var] = at + t->bias;
    }
}

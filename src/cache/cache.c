// The directory of entries.
#include "cache/cache.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/reader.h"
#include "sys/clock.h"
#include "sys/file.h"

enum {
    HEADER = 4 + 16 + 8 + 16, // magic, key, length and checksum of what follows
    KEEP_MIB = 1024,
    TOUCH_S = 60 * 60, // an entry used is marked as used this seldom
    STALE_S = 60 * 60, // a part file this old has no writer any more
};
#define MAGIC STR("hwc1")

struct Cache {
    Str dir;
    uint64_t limit;
    atomic_bool wrote;
};

static Str usual_dir(Arena *a) {
    Str xdg = str_c(getenv("XDG_CACHE_HOME")), home = str_c(getenv("HOME"));
    if (xdg.len && xdg.ptr[0] == '/') return path_join(a, xdg, STR("heapwise"));
    if (home.len && home.ptr[0] == '/') return path_join(a, home, STR(".cache/heapwise"));
    return (Str){0};
}

Cache *cache_open(Arena *a) {
    Str said = str_c(getenv("HEAPWISE_CACHE")), mib = str_c(getenv("HEAPWISE_CACHE_MIB"));
    if (str_eq_c(said, "off")) return NULL;
    Cache *c = NEW(a, Cache);
    c->dir = said.len ? path_absolute(a, said) : usual_dir(a);
    c->limit = KEEP_MIB;
    if (mib.len && !str_to_u64(mib, &c->limit)) c->limit = KEEP_MIB;
    c->limit = MIN(c->limit, UINT64_MAX >> 20) << 20;
    return c->dir.len ? c : NULL;
}

static Str shard_of(const Cache *c, Arena *a, CacheKey key) {
    return str_fmt(a, STR_FMT "/%02x", STR_ARG(c->dir), (unsigned)(key.hi >> 56));
}

static Str file_of(const Cache *c, Arena *a, CacheKey key) {
    return str_fmt(a, STR_FMT "/%014llx%016llx", STR_ARG(shard_of(c, a, key)),
                   (unsigned long long)(key.hi & 0xffffffffffffffu), (unsigned long long)key.lo);
}

static void put_u64(Buf *b, uint64_t n) {
    for (int i = 0; i < 8; i++) buf_byte(b, (char)(n >> (8 * i)));
}

static void put_key(Buf *b, CacheKey k) {
    put_u64(b, k.lo);
    put_u64(b, k.hi);
}

static CacheKey read_key(Reader *r) {
    CacheKey k;
    k.lo = read_u64(r);
    k.hi = read_u64(r);
    return k;
}

// The value, if these are the bytes that were written for the key.
static bool unwrap(Str bytes, CacheKey key, Str *out) {
    Reader r = reader_over(bytes);
    if (!str_eq(read_bytes(&r, MAGIC.len), MAGIC) || !key_eq(read_key(&r), key)) return false;
    uint64_t len = read_u64(&r);
    CacheKey sum = read_key(&r);
    if (r.failed || len != reader_left(&r)) return false;
    Str value = str_from(bytes, HEADER);
    if (!key_eq(key_of_bytes(value), sum)) return false;
    *out = value;
    return true;
}

bool cache_get(Cache *c, Arena *a, CacheKey key, Str *out) {
    Str path = file_of(c, a, key), bytes;
    if (!file_try_read(a, path.ptr, &bytes) || !unwrap(bytes, key, out)) return false;
    if (clock_unix_ns() / 1000000000 - file_modified_s(path) >= TOUCH_S) file_touch(path);
    return true;
}

void cache_put(Cache *c, CacheKey key, Str value) {
    Arena *scratch = arena_new("cache entry");
    Buf b = buf_new(scratch);
    buf_grow(&b, HEADER + value.len);
    buf_str(&b, MAGIC);
    put_key(&b, key);
    put_u64(&b, value.len);
    put_key(&b, key_of_bytes(value));
    buf_str(&b, value);
    if (!dir_make(scratch, shard_of(c, scratch, key)))
        (void)file_write(scratch, file_of(c, scratch, key), buf_view(&b));
    atomic_store(&c->wrote, true);
    arena_free(scratch);
}

// ---- what is there

typedef struct Entry {
    Str path;
    uint64_t bytes;
    int64_t used_s;
} Entry;
typedef VEC(Entry) EntryVec;

static bool is_hex(Str s, size_t digits) {
    if (s.len != digits) return false;
    for (size_t i = 0; i < s.len; i++)
        if (!memchr("0123456789abcdef", s.ptr[i], 16)) return false;
    return true;
}

// Only files of our own making: the directory may be one of somebody's choice.
static bool is_entry(Str name) {
    size_t end = MIN(str_find(name, STR(".tmp-")), name.len);
    return is_hex(str_to(name, end), 30);
}

static void list_entries(Arena *a, const Cache *c, EntryVec *out) {
    DirList shards = {0}, files;
    if (dir_list(a, c->dir, &shards)) return;
    for (uint32_t i = 0; i < shards.len; i++) {
        Str shard = path_join(a, c->dir, shards.v[i].name);
        files = (DirList){0};
        if (shards.v[i].kind != FILE_DIR || !is_hex(shards.v[i].name, 2)) continue;
        if (dir_list(a, shard, &files)) continue;
        for (uint32_t k = 0; k < files.len; k++) {
            if (!is_entry(files.v[k].name)) continue;
            Str path = path_join(a, shard, files.v[k].name);
            int64_t bytes = file_size(path);
            Entry e = {path, bytes < 0 ? 0 : (uint64_t)bytes, file_modified_s(path)};
            if (bytes >= 0) vec_push(a, out, e);
        }
    }
}

static int by_use(const void *x, const void *y) {
    const Entry *a = x, *b = y;
    if (a->used_s != b->used_s) return a->used_s < b->used_s ? -1 : 1;
    return str_cmp(a->path, b->path);
}

// Down to nine tenths of the limit, so that not every run has to. Part files of writers that were
// killed go, too.
static void bound(Cache *c) {
    Arena *scratch = arena_new("cache entries");
    EntryVec all = {0};
    uint64_t bytes = 0;
    int64_t now = clock_unix_ns() / 1000000000;
    list_entries(scratch, c, &all);
    for (uint32_t i = 0; i < all.len; i++) bytes += all.v[i].bytes;
    bool over = bytes > c->limit;
    if (all.len) qsort(all.v, all.len, sizeof *all.v, by_use);
    for (uint32_t i = 0; i < all.len; i++) {
        bool part = str_find(path_base(all.v[i].path), STR(".tmp-")) != STR_NONE;
        bool stale = part && now - all.v[i].used_s > STALE_S;
        bool least = over && !part && bytes > c->limit - c->limit / 10;
        if (!stale && !least) continue;
        file_remove(all.v[i].path);
        bytes -= all.v[i].bytes;
    }
    arena_free(scratch);
}

void cache_close(Cache *c) {
    if (c && atomic_load(&c->wrote)) bound(c);
}

CacheState cache_state(Arena *a, Cache *c) {
    CacheState s = {0};
    if (!c) return s;
    EntryVec all = {0};
    list_entries(a, c, &all);
    s = (CacheState){.dir = c->dir, .entries = all.len, .limit = c->limit};
    for (uint32_t i = 0; i < all.len; i++) s.bytes += all.v[i].bytes;
    return s;
}

Err cache_clean(Arena *a, Cache *c, CacheState *gone) {
    EntryVec all = {0};
    *gone = (CacheState){0};
    if (!c) return NULL;
    *gone = (CacheState){.dir = c->dir, .limit = c->limit};
    list_entries(a, c, &all);
    for (uint32_t i = 0; i < all.len; i++) {
        if (!file_remove(all.v[i].path)) {
            if (!file_lexists(all.v[i].path)) continue; // somebody else was quicker
            return err_new(a, ERR_IO, 0, STR_FMT ": cannot be removed", STR_ARG(all.v[i].path));
        }
        gone->entries++;
        gone->bytes += all.v[i].bytes;
    }
    return NULL;
}

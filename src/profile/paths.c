// profile/paths.c: the stacks of one sample after the other, outermost frame first. Samples that
// follow each other mostly share their callers, whose packed ids are the ends of both: they are
// compared as bytes, and only what differs is decoded.
#include "codec/proto.h"
#include "profile/profile_internal.h"

Path path_new(const Profile *p, Arena *scratch) {
    size_t room = (size_t)p->max_depth + 1;
    return (Path){.locations = NEW_ARRAY(scratch, uint32_t, room),
                  .ends = NEW_ARRAY(scratch, uint32_t, room),
                  .fresh = NEW_ARRAY(scratch, uint32_t, room)};
}

// How many bytes are the same at the ends of both.
static size_t common_end(const uint8_t *x_end, const uint8_t *y_end, size_t most) {
    size_t n = 0;
    for (; most - n >= 8; n += 8) {
        uint64_t x, y;
        memcpy(&x, x_end - n - 8, 8);
        memcpy(&y, y_end - n - 8, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        if (x != y) return n + (size_t)(__builtin_clzll(x ^ y) >> 3);
#else
        if (x != y) return n + (size_t)(__builtin_ctzll(x ^ y) >> 3);
#endif
    }
    while (n < most && x_end[-1 - (ptrdiff_t)n] == y_end[-1 - (ptrdiff_t)n]) n++;
    return n;
}

// Locations of the path that the packed stack has too.
static uint32_t shared_with(const Path *path, const uint8_t *at, const uint8_t *end) {
    if (!path->stack_end) return 0;
    size_t size = (size_t)(end - at), before = (size_t)(path->stack_end - path->stack);
    size_t same = common_end(path->stack_end, end, MIN(size, before));
    uint32_t n = path->depth;
    // An id begins where the stack does, or behind the last byte of another.
    while (n > 0 && (path->ends[n - 1] > same ||
                     (path->ends[n - 1] < size && end[-1 - (ptrdiff_t)path->ends[n - 1]] >= 0x80)))
        n--;
    return n;
}

// The stack's parts lie here and there, or its ids are not places: nothing is known to be shared.
static void decode_all(Cursor *c, Path *path) {
    cursor_stack(c);
    path->shared = 0;
    path->depth = c->depth;
    path->stack = path->stack_end = NULL;
    for (uint32_t i = 0; i < c->depth; i++) path->locations[i] = c->locations[c->depth - 1 - i];
}

void cursor_path(Cursor *c, Path *path) {
    const uint8_t *at = c->stack, *end = c->stack_end;
    if (!at || end - at > UINT32_MAX) {
        decode_all(c, path);
        return;
    }
    uint32_t shared = shared_with(path, at, end), n = 0;
    const uint8_t *stop = end - (shared ? path->ends[shared - 1] : 0);
    uint32_t *fresh = path->fresh, *starts = c->locations;
    for (const uint8_t *p = at; p < stop;) {
        starts[n] = (uint32_t)(end - p);
        uint64_t id = *p;
        if (id < 0x80) {
            p++;
        } else if (stop - p >= 2 && p[1] < 0x80) {
            id = (id & 0x7f) | (uint64_t)p[1] << 7;
            p += 2;
        } else if (stop - p >= 3 && p[2] < 0x80) {
            id = (id & 0x7f) | (uint64_t)(p[1] & 0x7f) << 7 | (uint64_t)p[2] << 14;
            p += 3;
        } else {
            p = proto_varint(p, stop, &id);
            if (!p) BUG("a stack that was found well formed is not");
        }
        fresh[n++] = c->p->location_ids.same && id <= c->p->location_ids.count
                         ? (uint32_t)id
                         : profile_location_at(&c->p->location_ids, id);
    }
    for (uint32_t i = 0; i < n; i++) {
        path->locations[shared + i] = fresh[n - 1 - i];
        path->ends[shared + i] = starts[n - 1 - i];
    }
    path->shared = shared;
    path->depth = shared + n;
    path->stack = at;
    path->stack_end = end;
}

// live/graph_name.c: what nodes and the ways between them are called, and nodes found by name.
#include <stdlib.h>

#include "live/graph_internal.h"

Str graph_type_name(Arena *a, const LiveGraph *g, uint32_t object) {
    uint32_t word = g->type[object];
    if (!word) {
        GraphObject o = graph_object(g, object);
        return str_fmt(a, "(unknown, %llu bytes%s)", (unsigned long long)o.size,
                       o.bytes ? "" : ", no pointers");
    }
    const GoType *t = &g->types->all.v[word / 2];
    Str name = t->name.len ? t->name : STR("struct");
    if (word / 2 == TYPE_STRING_DATA) return STR("string data");
    return word % 2 ? str_join2(a, STR("[...]"), name) : name;
}

Str graph_node_name(Arena *a, const LiveGraph *g, uint32_t node) {
    if (node < g->objects) return graph_type_name(a, g, node);
    if (node == g->top) return STR("(all)");
    const GraphRoot *r = &g->roots.v[node - g->objects];
    switch (r->kind) {
    case ROOT_VARIABLE: return r->name;
    case ROOT_GOROUTINE:
        return r->name.len ? str_join2(a, STR("goroutine "), r->name) : STR("goroutine");
    case ROOT_FINALIZER:
    case ROOT_CLEANUP:
    case ROOT_WEAK:
    case ROOT_QUEUE: return str_join3(a, STR("("), r->name, STR(")"));
    }
    BUG("root kind %d", r->kind);
}

static const DwarfVariable *variable_at(const LiveGraph *g, uint64_t addr) {
    for (uint32_t i = 0; i < g->types->variables.len; i++)
        if (g->types->variables.v[i].addr == addr - g->target->bias)
            return &g->types->variables.v[i];
    return NULL;
}

// The place of a pointer within values of a type: "[3].next".
static Str place(Arena *a, const LiveGraph *g, GraphObject o, uint64_t offset) {
    uint64_t size = o.type ? g->types->all.v[o.type].size : 0;
    if (o.span) offset -= MIN(offset, graph_header_bytes(o.span));
    if (!size) return str_fmt(a, "+%llu", (unsigned long long)offset);
    Str field = gotypes_field(g->types, o.type, offset % size);
    if (!o.many) return field;
    Str index = str_fmt(a, "[%llu]", (unsigned long long)(offset / size));
    if (!field.len) return index;
    return field.ptr[0] == '[' ? str_join2(a, index, field) : str_join3(a, index, STR("."), field);
}

Str graph_step(Arena *a, const LiveGraph *g, uint32_t from, uint32_t to) {
    GraphObject o = {0};
    uint64_t left = 0;
    if (from < g->objects) {
        o = graph_object(g, from);
        left = o.size;
    } else if (from < g->top && g->roots.v[from - g->objects].kind == ROOT_VARIABLE) {
        const GraphRoot *r = &g->roots.v[from - g->objects];
        const DwarfVariable *v = variable_at(g, r->addr);
        o.bytes = graph_static_bytes(g, r->addr, &left);
        o.type = v ? gotypes_dwarf(g->types, v->type) : 0;
        left = MIN(left, r->size);
    }
    for (uint64_t at = 0; o.bytes && at + 8 <= left; at += 8)
        if (graph_object_at(g, graph_word(o.bytes + at)) == to) return place(a, g, o, at);
    return STR("");
}

static bool parse_address(Str s, uint64_t *out) {
    uint64_t v = 0;
    if (!str_cut_prefix(&s, STR("0x")) || !s.len || s.len > 16) return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) return false;
        v = v << 4 | (uint64_t)digit;
    }
    *out = v;
    return true;
}

// Keeps the `room` that retain most, in that order.
static uint32_t offer(const LiveGraph *g, uint32_t *out, uint32_t count, uint32_t room,
                      uint32_t node) {
    uint32_t at = count;
    while (at && g->retained[out[at - 1]] < g->retained[node]) at--;
    if (at == room) return count;
    if (count < room) count++;
    for (uint32_t i = count - 1; i > at; i--) out[i] = out[i - 1];
    out[at] = node;
    return count;
}

uint32_t graph_find(const LiveGraph *g, Str what, uint32_t *out, uint32_t room) {
    uint64_t addr;
    uint32_t n = 0;
    if (parse_address(what, &addr)) {
        uint32_t id = graph_object_at(g, addr);
        if (id != GRAPH_NONE && room) out[n++] = id;
        return n;
    }
    for (uint32_t i = 0; i < g->roots.len; i++)
        if (str_eq(g->roots.v[i].name, what)) n = offer(g, out, n, room, g->objects + i);
    if (n) return n;
    for (uint32_t i = 0; i < g->objects; i++) {
        if (!g->type[i] || g->idom[i] == i) continue;
        Str name = g->types->all.v[g->type[i] / 2].name;
        // "[...]T" is written for many; a bare name means both.
        Str bare = what;
        bool many = str_cut_prefix(&bare, STR("[...]"));
        if (str_eq(name, bare) && (!many || g->type[i] % 2)) n = offer(g, out, n, room, i);
    }
    return n;
}

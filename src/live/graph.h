// live/graph.h: the objects of a stopped process and what leads to what: copied in one stop, worked
// out after it runs again.
// Nodes    objects are 0..objects-1 in the order of their addresses, then roots (a package
//          variable, a goroutine's stack, ...), then one node that leads to every root.
// Memory   the large arrays are pages of their own: graph_free gives them back.
#ifndef HEAPWISE_LIVE_GRAPH_H
#define HEAPWISE_LIVE_GRAPH_H

#include "binary/dwarf/dwarf.h"
#include "live/live.h"

typedef uint32_t TypeId; // place in GoTypes.all; 0 is unknown

typedef enum SlotKind { // of a word that may lead to an object
    SLOT_POINTER,
    SLOT_SLICE,
    SLOT_STRING,
    SLOT_IFACE, // the second word of an interface with methods
    SLOT_EFACE,
    SLOT_MAP,
    SLOT_CHAN,
    SLOT_FUNC,
    SLOT_UNSAFE,
    SLOT_TRIE, // to a node of a sync.Map's tree
    SLOT_POOL, // what a sync.Pool keeps for each P: where, and how many in the next word
    SLOT_ARRAY // count values of a type, stride bytes apart
} SlotKind;

typedef struct TypeSlot {
    uint64_t offset;
    SlotKind kind;
    TypeId type; // what it leads to; of an array: its elements
    uint64_t count, stride;
} TypeSlot;
typedef VEC(TypeSlot) TypeSlotVec;

typedef enum TypeRole { // what an object of the type is
    ROLE_VALUE,
    ROLE_MAP, // the map's own header, its directory, a table of it, its groups of entries
    ROLE_MAP_DIR,
    ROLE_MAP_TABLE,
    ROLE_CHAN,
    ROLE_CLOSURE
} TypeRole;

typedef struct GoType {
    Str name;
    uint64_t key; // where it comes from
    uint64_t size;
    TypeId elem, group; // pointers, slices, arrays, channels; of a map: its groups
    uint8_t kind;       // reflect.Kind
    TypeRole role;
    bool direct; // an interface holds the value itself
    bool built;  // slots are known
    TypeSlotVec slots;
} GoType;

typedef struct ClosureVar {
    uint64_t entry, offset, type; // function; type: in .debug_info
    Str name;
} ClosureVar;

typedef struct GoTypes {
    Arena *arena;
    const LiveTarget *target;
    Index index;
    VEC(GoType) all; // [0] is unknown
    Dwarf dwarf;
    bool has_dwarf, closures_read;
    TypeId pool_local;          // what a sync.Pool has of each P; 0: not asked for yet
    VEC(ClosureVar) closures;   // by function
    DwarfVariableVec variables; // of the package level, by address in the file
} GoTypes;

enum { TYPE_STRING_DATA = 1, TYPE_CLOSURE_DATA, TYPE_TINY, TYPE_FIRST }; // made by gotypes_new

GoTypes *gotypes_new(Arena *a, const LiveTarget *t);
TypeId gotypes_at(GoTypes *ts, uint64_t addr);              // a descriptor of the process
TypeId gotypes_dwarf(GoTypes *ts, uint64_t offset);         // a type of .debug_info
TypeId gotypes_closure(GoTypes *ts, uint64_t pc);           // of the function at pc
TypeId gotypes_role(GoTypes *ts, TypeId of, TypeRole role); // "map[K]V" -> its header
const GoType *gotypes_get(GoTypes *ts, TypeId id);          // with its slots
TypeId gotypes_map_entry(GoTypes *ts, TypeId tree); // of sync.Map, by its inner nodes' type; 0
// "n int, t *main.tree": what a closure's type has captured; empty: nothing, or not known.
Str gotypes_captured(Arena *a, GoTypes *ts, TypeId closure);
// The concrete type an interface's first word names; 0: none.
TypeId gotypes_iface(GoTypes *ts, uint64_t itab);
// "next" for 8 in a list's node: the field at an offset, "[]" within arrays. Empty: none.
Str gotypes_field(GoTypes *ts, TypeId type, uint64_t offset);

// ---- what is copied while it stands still

typedef struct ImageBlock {
    uint64_t addr, size;
    char *bytes;
} ImageBlock;

typedef struct ImageSpecial { // what is attached to an object
    uint64_t object, words[7];
    uint8_t kind;
} ImageSpecial;
// As Go 1.25 numbers them; 1.24 begins one lower.
enum { SPECIAL_FINALIZER = 2, SPECIAL_WEAK = 3, SPECIAL_PROFILE = 4, SPECIAL_CLEANUP = 7 };

typedef struct LiveImage {
    LiveWalk walk;
    LiveGoroutines goroutines;
    char *heap; // the spans with pointers, one after the other
    uint64_t heap_bytes;
    uint64_t *span_at; // of each span in heap; UINT64_MAX: not copied
    ImageBlock data, bss, data_mask, bss_mask;
    VEC(ImageBlock) stacks; // of goroutines, from sp up, in their order
    VEC(ImageSpecial) specials;
    LiveHeap profile;       // no records: there is none
    VEC(ImageBlock) queues; // finalizers and cleanups that wait
    uint64_t stopped_ns, copied_bytes;
} LiveImage;
Err live_copy(Arena *a, LiveTarget *t, LiveImage *out);
void live_image_free(LiveImage *m);

// ---- the graph

typedef enum RootKind {
    ROOT_VARIABLE,
    ROOT_GOROUTINE,
    ROOT_FINALIZER,
    ROOT_CLEANUP,
    ROOT_WEAK,
    ROOT_QUEUE
} RootKind;

typedef struct GraphRoot {
    RootKind kind;
    Str name;
    uint64_t addr; // of the variable; a goroutine's number
    uint64_t size;
} GraphRoot;

// What every pointer followed needs, so small that it stays in the processor's cache.
typedef struct GraphSlots { // 64 of them
    uint64_t allocated;
    uint32_t first; // number of the first object among them
} GraphSlots;
typedef struct GraphSpan {
    uint64_t start, elem_bytes;
    const char *bytes; // NULL: not copied
    uint32_t bits, elems, magic;
} GraphSpan;

typedef struct GraphSlack GraphSlack; // what was seen of arrays and maps while they were scanned

typedef struct LiveGraph {
    const LiveTarget *target;
    LiveImage *image;
    GoTypes *types;
    uint32_t objects, nodes, top; // top: the node that leads to every root
    VEC(GraphRoot) roots;         // node objects + i
    uint32_t *span_first;         // number of each span's first object
    uint32_t *span_hint;          // of every 64th object: its span
    GraphSlots *slots;            // of each word of bits
    GraphSpan *spans;             // what of each span is asked for again and again
    uint32_t *page_span;          // by page from the first span's on: span + 1
    uint64_t first_page, page_count;
    uint32_t *first; // edges of node i: first[i] up to first[i + 1]
    uint32_t *edges;
    uint64_t edge_count, edge_room;
    uint32_t *type; // of each object: TypeId * 2, + 1: many side by side
    GraphSlack *slack;
    // After graph_dominate:
    uint32_t *idom;     // of each node; the node itself: not reached
    uint64_t *retained; // bytes that go when the node goes
    uint32_t reached;
    uint64_t reached_bytes;
} LiveGraph;

enum { GRAPH_NONE = UINT32_MAX };

// keep_copy: the copied heap stays, for graph_step; else it is given back while it is read.
Err graph_build(Arena *a, LiveTarget *t, LiveImage *image, bool keep_copy, LiveGraph *out);
void graph_dominate(LiveGraph *g);
void graph_free(LiveGraph *g);

uint32_t graph_object_at(const LiveGraph *g, uint64_t addr); // any byte of it; GRAPH_NONE
typedef struct GraphObject {
    uint64_t addr, size;
    const LiveSpan *span;
    const char *bytes; // NULL: it has no pointers and was not copied
    TypeId type;
    bool many;
} GraphObject;
GraphObject graph_object(const LiveGraph *g, uint32_t id);
uint64_t graph_size(const LiveGraph *g, uint32_t id);
// The name a page shows: "main.node", "[]string elements", "(unknown, 64 bytes)".
Str graph_type_name(Arena *a, const LiveGraph *g, uint32_t object);
Str graph_node_name(Arena *a, const LiveGraph *g, uint32_t node);

// Shortest way from the top to a node, top first, the node last; empty: not reached.
U32Vec graph_path(Arena *a, const LiveGraph *g, uint32_t node);
// Which field of `from` leads to `to`.
Str graph_step(Arena *a, const LiveGraph *g, uint32_t from, uint32_t to);

// ---- what the graph comes to

typedef struct HeapRow { // a type, or what is called so
    Str name;
    uint64_t objects, bytes;
    uint64_t retained; // of all of them together: what lies below another of the type counts once
    bool unknown;      // no type is known
} HeapRow;

typedef struct HeapNode { // of the dominator tree with equal types below one another made one
    Str name;
    uint32_t parent, depth; // parent: its place + 1, always an earlier one; 0: a root
    uint64_t objects, bytes, retained;
} HeapNode;

typedef struct HeapRoot {
    RootKind kind;
    Str name;
    uint64_t count, retained; // goroutines of one function are one row
} HeapRoot;

typedef struct HeapSite { // of the objects the runtime sampled
    LiveSite at;
    uint64_t sampled; // objects
    double bytes;     // what they stand for, as in a heap profile
    uint32_t object;  // the one of them that retains most
} HeapSite;

typedef struct HeapSummary {
    VEC(HeapRow) types; // each list: most retained first
    VEC(HeapRoot) roots;
    VEC(HeapNode) tree;  // in the order they were met; a node's parent is before it
    VEC(HeapSite) sites; // by what they stand for
    U32Vec largest;      // objects that retain most and are not below one another of that list
    uint64_t unknown_bytes, unreached_objects, unreached_bytes;
    uint64_t survivors; // of the objects not reached: there since before the last collection
} HeapSummary;
void graph_summary(Arena *a, const LiveGraph *g, HeapSummary *out);

// Memory that is held and hardly used.
typedef struct HeapSlackRow {
    Str holder, what;           // what holds it, and its type; of closures: what they captured
    uint64_t count, used, room; // used, room: bytes of arrays, entries of maps
    uint64_t bytes;             // of them all; of pools and closures what they retain
    uint32_t object;            // one of them
} HeapSlackRow;
typedef VEC(HeapSlackRow) HeapSlackRowVec;

typedef struct HeapSlack {    // each list: most bytes first
    HeapSlackRowVec arrays;   // of which slices and strings see an eighth at most
    HeapSlackRowVec maps;     // tables with room for eight times their entries and more
    HeapSlackRowVec pools;    // what a sync.Pool keeps
    HeapSlackRowVec closures; // with what they captured
} HeapSlack;
void graph_slack(Arena *a, const LiveGraph *g, const HeapSummary *s, HeapSlack *out);

// The same as a profile: a sample a node of the tree, its stack the way down from the root.
void graph_profile(Arena *a, const HeapSummary *s, Profile *out);

// An object, variable or type as somebody would write it: 0xc000123450, main.cache, main.node.
// Nodes it may mean, at most `room`, those that retain most first.
uint32_t graph_find(const LiveGraph *g, Str what, uint32_t *out, uint32_t room);

// Dominators alone, for any graph (tests): idom of each node, `nodes` itself is not among them.
typedef struct Digraph {
    uint32_t nodes, top;
    const uint32_t *first;
    const uint32_t *edges;
} Digraph;
uint32_t digraph_dominators(const Digraph *g, uint32_t *idom, uint32_t *order);

#endif

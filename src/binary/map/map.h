// binary/map: what the bytes of a Go program are: the runtime's own description of itself
// (moduledata, build information), the areas of the file and of memory, package-level variables,
// types. Owns     everything is in the arena given or a view into the file's bytes. Failure  parts
// that are missing or broken leave their fields 0; only bytes that are no Go program at
//          all are an Err.
#ifndef HEAPWISE_BINARY_MAP_MAP_H
#define HEAPWISE_BINARY_MAP_MAP_H

#include "binary/object/object.h"
#include "binary/pclntab/pclntab.h"

typedef struct AddrSpan { // [start, end) of the image
    uint64_t start, end;
} AddrSpan;

typedef struct AddrList { // a slice in the image
    uint64_t addr, len;
} AddrList;

// The runtime's moduledata. Spans the linker did not set are empty.
typedef struct ModuleData {
    uint64_t addr; // 0: not found
    AddrSpan text, noptrdata, data, bss, noptrbss, types, itabs;
    uint64_t rodata, gofunc, gofunc_end, findfunctab;
    AddrList typelinks, itablinks;
    AddrSpan type_data;   // where descriptors and their names lie within types
    bool types_in_order;  // Go 1.27 on: descriptors stand side by side from types.start
    uint64_t types_bytes; // length of that run
} ModuleData;

typedef struct BuildInfo {
    Str go_version;        // "go1.26.8"; empty: not found
    Str path, main_module; // package and module of main
    StrVec modules;        // "path version" of each dependency
    Str settings;          // "key=value" lines
} BuildInfo;

// A Go program opened: what all later questions start from.
typedef struct Binary {
    Object object;
    SymbolVec symbols; // empty when stripped
    bool stripped;
    Pclntab table;
    uint64_t table_addr, table_end;
    ModuleData module;
    BuildInfo build;
} Binary;

Err binary_open(Arena *a, Str bytes, Binary *out);

#define AREA_KINDS(X)                                                                              \
    X(TEXT, "text", "machine code")                                                                \
    X(RODATA, "rodata", "constants and strings")                                                   \
    X(TYPES, "types", "type descriptors")                                                          \
    X(ITABS, "itabs", "method tables of interfaces")                                               \
    X(PCLNTAB, "pclntab", "functions, lines, stack maps")                                          \
    X(DATA, "data", "variables with pointers, initialised")                                        \
    X(NOPTRDATA, "noptrdata", "variables without pointers, initialised")                           \
    X(BSS, "bss", "variables with pointers, zero at start")                                        \
    X(NOPTRBSS, "noptrbss", "variables without pointers, zero at start")                           \
    X(GOINFO, "go info", "build information, module data, identification")                         \
    X(LINKAGE, "linkage", "dynamic linking, relocations, unwinding")                               \
    X(FOREIGN, "foreign", "data of C libraries and other languages")                               \
    X(DWARF, "dwarf", "debugging information")                                                     \
    X(SYMBOLS, "symbols", "symbol and string tables")                                              \
    X(HEADERS, "headers", "headers of the file format")                                            \
    X(PADDING, "padding", "alignment between sections")
#define X(id, name, text) AREA_##id,
typedef enum AreaKind { AREA_KINDS(X) AREA_COUNT } AreaKind;
#undef X

typedef struct Area {
    AreaKind kind;
    Str section;                      // empty: outside all sections
    uint64_t addr, size_bytes;        // in memory; 0 when not loaded
    uint64_t file_offset, file_bytes; // in the file
} Area;

typedef VEC(Area) AreaVec;
// The file cut into areas: their file_bytes add up to the file exactly, and none overlap.
AreaVec binary_areas(Arena *a, const Binary *p);
const char *area_name(AreaKind k);
const char *area_text(AreaKind k);
AreaKind binary_area_of(const Binary *p, const Section *s, uint64_t addr);

typedef struct BinaryFrame { // of the source at an address of code
    Str name, file;
    int32_t line, start_line;
    bool inlined; // into the frame that follows
} BinaryFrame;
// A call of f's inline tree (Go 1.13 on). False: none of that number.
typedef struct InlinedCall {
    Str name; // of the function whose code was put in place of the call
    uint32_t name_offset;
    uint32_t parent_pc; // from f's entry on: where the caller, inlined itself or not, is
    int32_t start_line; // 0: not known (before Go 1.20)
} InlinedCall;
bool binary_inlined_call(const Binary *p, const PclnFunc *f, int32_t index, InlinedCall *out);
// Where a function's funcdata lies: an address, 0: it has none.
uint64_t binary_funcdata(const Binary *p, const PclnFunc *f, unsigned which);
// Innermost first, at most `room`; 0: no Go code. pc: an address of the file, within the call.
uint32_t binary_frames(const Binary *p, uint64_t pc, BinaryFrame *out, uint32_t room);

typedef struct Static {
    Str name, package; // package path, empty: none (C)
    uint64_t addr, size_bytes;
    AreaKind area; // DATA, NOPTRDATA, BSS, NOPTRBSS or FOREIGN
    Str section;
    Str type;       // from DWARF, empty: unknown
    bool generated; // the compiler's: literals, initialisation lists
} Static;

typedef VEC(Static) StaticVec;
// Package-level variables in address order, from the symbol table; without one from DWARF.
Err binary_variables(Arena *a, const Binary *p, StaticVec *out);

// ---- type descriptors (internal/abi), of 64-bit programs

enum { // reflect.Kind: 1 bool, 2 to 6 int, int8 to int64, 7 to 12 uint to uintptr, 13 on:
    ABI_FLOAT32 = 13,
    ABI_ARRAY = 17,
    ABI_CHAN,
    ABI_FUNC,
    ABI_INTERFACE,
    ABI_MAP,
    ABI_POINTER,
    ABI_SLICE,
    ABI_STRING,
    ABI_STRUCT,
    ABI_UNSAFE_POINTER,
    ABI_TYPE_BYTES = 48
};

typedef AddrList AbiList;
typedef struct AbiMap { // from Go 1.24 on: where keys and elements stand in a group of eight slots
    uint64_t keys, key_stride, elems, elem_stride;
    uint32_t flags; // 4: keys are pointers to keys; 8: elements are
} AbiMap;

typedef struct AbiType {
    uint64_t addr, size_bytes;           // of the descriptor with what stands right behind it
    uint64_t value_bytes, pointer_bytes; // of a value; of its front part that may hold pointers
    uint64_t mask;                       // address of the mask of pointers; 0: built when needed
    uint64_t name_addr, name_bytes;
    uint64_t package_addr, equal; // of the package's path; of the function value that compares
    uint64_t pointer_to;          // the type of pointers to it, 0 none in the program
    uint64_t elem, key, group;    // of pointers, slices, arrays, channels, maps
    uint64_t length;              // of arrays; of functions: how many parameters are no results
    AbiList fields;               // of structs; of interfaces: their methods
    AbiList methods, params;      // params: pointers to types, results behind parameters
    AbiMap map;
    Str name, package; // "http.Request" in "net/http"; package: empty for unnamed and basic types
    Str owner;         // the package charged with it: its own, else one it is made of or made for
    uint32_t hash;
    uint8_t kind, align;
    bool named, direct, variadic; // direct: an interface holds the value itself
} AbiType;

typedef struct AbiField {
    Str name;
    uint64_t type, offset, name_addr, name_bytes;
    bool exported, embedded;
} AbiField;

typedef struct AbiMethod {
    Str name;
    uint64_t type, name_addr, name_bytes;
    uint64_t by_interface, direct; // code, 0: never called
} AbiMethod;

// One descriptor at an address of the image; false: no bytes there. What stands there is believed.
bool abi_type_at(const Binary *p, uint64_t addr, AbiType *out);
bool abi_type_field(const Binary *p, const AbiType *t, uint64_t i, AbiField *out);
bool abi_type_method(const Binary *p, const AbiType *t, uint64_t i, AbiMethod *out);
// One bit per word of pointer_bytes, the first one lowest; built where the file has none.
bool abi_type_mask(Arena *a, const Binary *p, const AbiType *t, Str *out);
// With the package's path: "net/http.Request". Unnamed types keep the short names.
Str abi_type_path(Arena *a, const AbiType *t);

typedef VEC(AbiType) AbiTypeVec;
typedef struct TypePart { // bytes elsewhere that exist for one type: names, methods, pointer masks
    uint64_t addr, size_bytes, type;
} TypePart;

typedef VEC(TypePart) TypePartVec;
// By address; parts may be NULL.
AbiTypeVec binary_types(Arena *a, const Binary *p, TypePartVec *parts);

// ---- frames

// Bytes between the stack pointer and the frame's return address at pc; -1: unknown.
int32_t frame_bytes(const Binary *p, const PclnFunc *f, uint64_t pc);

typedef struct FrameMap { // one bit per word, the lowest address first
    uint32_t words;
    Str bits;
    bool known; // false: the function has no such map
} FrameMap;

typedef struct FramePointers {
    FrameMap locals; // its words end where the locals do (below the saved frame pointer)
    FrameMap args;   // from the first argument word on
} FramePointers;

// Which words hold pointers while the function waits at pc (for a return address: the byte before
// it). False: the tables are broken.
bool frame_pointers(const Binary *p, const PclnFunc *f, uint64_t pc, FramePointers *out);

typedef struct FrameObject { // a variable whose address is taken: alive while something points at
                             // it
    int32_t offset;          // negative: from the end of the locals; else from the arguments
    uint32_t size_bytes;
    int32_t pointer_bytes; // negative: mask is a program (Go 1.23 and before)
    uint64_t mask;         // address
} FrameObject;
uint32_t frame_object_count(const Binary *p, const PclnFunc *f);
bool frame_object(const Binary *p, const PclnFunc *f, uint32_t i, FrameObject *out);

#define SIZE_KINDS(X)                                                                              \
    X(CODE, "code")                                                                                \
    X(LINES, "lines")                                                                              \
    X(STACKMAPS, "stack maps")                                                                     \
    X(TYPES, "types")                                                                              \
    X(CONSTANTS, "constants")                                                                      \
    X(VARIABLES, "variables")                                                                      \
    X(DWARF, "dwarf")                                                                              \
    X(SYMBOLS, "symbols")                                                                          \
    X(FORMAT, "format")
#define X(id, name) SIZE_##id,
typedef enum SizeKind { SIZE_KINDS(X) SIZE_COUNT } SizeKind;
#undef X

typedef struct SizeItem { // a function or type (folded by origin), or what a package shares
    Str package, name;    // name empty: the package's tables, data and debugging information
    uint64_t bytes[SIZE_COUNT], total;
    bool shared; // of no package: runtime tables, file format
} SizeItem;

typedef VEC(SizeItem) SizeItemVec;

typedef struct SizeMap {
    SizeItemVec items;      // in the order they were met
    uint64_t file_bytes;    // the sum of all totals
    uint64_t shared_bytes;  // of no package: headers, alignment, C
    uint64_t unnamed_bytes; // of those, what lies among code, types or data and nobody knows
} SizeMap;

// Every byte of the file charged to who causes it.
SizeMap binary_size(Arena *a, const Binary *p);
const char *size_kind_name(SizeKind k);
// The module of a package: its path in the build information, "std", or the main module.
Str binary_module_of(const Binary *p, Str package);

// The package path in a symbol's name: "net/http.(*Server).Serve" -> "net/http". Empty: the
// linker's.
Str symbol_package(Arena *a, Str name);
bool symbol_is_linkers(Str name); // "go:string.*", up to Go 1.19 "go.string.*"
// The package of a type in DWARF's words: "map[string]*net/http.Request" -> "net/http"; empty:
// none.
Str type_package(Arena *a, Str name);
// The same name in the runtime's words: "map[string]*http.Request".
Str type_short_name(Arena *a, Str name);
// The name without type arguments: "sort.insertionSort[go.shape.int]" -> "sort.insertionSort[...]".
Str symbol_fold(Arena *a, Str name);
bool package_is_std(Str package);

#endif

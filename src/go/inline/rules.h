// go/inline/rules.h: what the inliner's decisions are made of, and all that differs between
// releases of Go: budgets in nodes, and calls that cost as much as any other node. Rules    the
// constants of cmd/compile/internal/inline/inl.go.
#ifndef HEAPWISE_GO_INLINE_RULES_H
#define HEAPWISE_GO_INLINE_RULES_H

#include "base/base.h"

typedef struct InlineRules {
    int32_t budget;       // a function that costs more is never inlined
    int32_t closure_once; // what a literal called from one place may cost
    int32_t hot;          // what a function may cost that a profile shows as called often
    int32_t call;         // extra cost of a call
    int32_t cheap_call;   // the same with -l=4
    int32_t param_call;   // ... of a parameter
    int32_t panic;
    int32_t closure;                          // a function literal that is made, not called
    int32_t big_function;                     // nodes from which a caller is big
    int32_t big_function_cost;                // what may be inlined into it
    int32_t closure_factor;                   // literals may cost that many times as much
    int32_t simd_factor, simd_capture_factor; // as may functions with vectors, and literals
} InlineRules;

static const InlineRules inline_rules = {
    // Go 1.26
    .budget = 80,
    .closure_once = 800,
    .hot = 2000,
    .call = 57,
    .cheap_call = 1,
    .param_call = 17,
    .panic = 1,
    .closure = 15,
    .big_function = 5000,
    .big_function_cost = 20,
    .closure_factor = 2,
    .simd_factor = 3,
    .simd_capture_factor = 11,
};

// Calls of functions that count as one node, by package path and name. A name that ends in '['
// stands for all instances.
typedef struct CheapCalls {
    const char *path;
    bool methods;
    const char *const *names; // up to NULL
} CheapCalls;

static const char *const cheap_abi[] = {"NoEscape", "EscapeNonString[", NULL};
static const char *const cheap_runtime[] = {"heapBits.nextArena", NULL};
static const char *const cheap_binary[] = {"littleEndian.Uint64",
                                           "littleEndian.Uint32",
                                           "littleEndian.Uint16",
                                           "bigEndian.Uint64",
                                           "bigEndian.Uint32",
                                           "bigEndian.Uint16",
                                           "littleEndian.PutUint64",
                                           "littleEndian.PutUint32",
                                           "littleEndian.PutUint16",
                                           "bigEndian.PutUint64",
                                           "bigEndian.PutUint32",
                                           "bigEndian.PutUint16",
                                           "littleEndian.AppendUint64",
                                           "littleEndian.AppendUint32",
                                           "littleEndian.AppendUint16",
                                           "bigEndian.AppendUint64",
                                           "bigEndian.AppendUint32",
                                           "bigEndian.AppendUint16",
                                           NULL};
static const char *const cheap_byteorder[] = {"LEUint64",
                                              "LEUint32",
                                              "LEUint16",
                                              "BEUint64",
                                              "BEUint32",
                                              "BEUint16",
                                              "LEPutUint64",
                                              "LEPutUint32",
                                              "LEPutUint16",
                                              "BEPutUint64",
                                              "BEPutUint32",
                                              "BEPutUint16",
                                              "LEAppendUint64",
                                              "LEAppendUint32",
                                              "LEAppendUint16",
                                              "BEAppendUint64",
                                              "BEAppendUint32",
                                              "BEAppendUint16",
                                              NULL};

static const CheapCalls cheap_calls[] = {
    {"internal/abi", false, cheap_abi},
    {"internal/byteorder", false, cheap_byteorder},
    {"encoding/binary", true, cheap_binary},
    {"runtime", true, cheap_runtime},
};

#endif

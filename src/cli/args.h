// cli/args.h: command lines. Options are written as the go command writes them: -name or --name,
// a value after '=' or as the next word; "--" ends them. The same table feeds --help, the man pages
// and the completions.
#ifndef HEAPWISE_CLI_ARGS_H
#define HEAPWISE_CLI_ARGS_H

#include "base/err.h"
#include "base/vec.h"

typedef enum OptionKind { OPTION_FLAG, OPTION_VALUE, OPTION_LIST, OPTION_COUNT } OptionKind;

typedef struct Option {
    const char *name;  // without dashes
    OptionKind kind;   // a flag takes only =true or =false, or, with a value, that; a list may be
                       // given more than once; a count is raised by each -name and set by -name=N
    const char *value; // the word for the value in --help: "FILE"
    const char *help;
    char letter; // a second, one-letter name; 0: none
} Option;

typedef struct OptionSet {
    const Option *list;
    uint32_t count;
    // Options may follow other words (heapwise's own way); without it the first other word ends
    // them (as Go's flag package does).
    bool interleaved;
} OptionSet;

typedef struct Args {
    OptionSet known;
    StrVec *values; // per known option: the values given; a flag holds "true" or "false"
    StrVec rest;    // what is no option
    bool dashdash;  // "--" was there; what followed it is in rest
} Args;

Err args_parse(Arena *a, OptionSet known, char *const *argv, int count,
               Args *out); // argv[0..count)
bool args_flag(const Args *args, const char *name);
Str args_value(const Args *args, const char *name, Str absent); // the last one given
bool args_given(const Args *args, const char *name);
const StrVec *args_list(const Args *args, const char *name);
Err args_count(Arena *a, const Args *args, const char *name, int *inout); // unchanged if absent
// "500ms", "90s", "10m", "1.5h"; unchanged if absent.
Err args_duration(Arena *a, const Args *args, const char *name, uint64_t *inout_ns);
Err args_u64(Arena *a, const Args *args, const char *name, uint64_t *inout); // unchanged if absent

#endif

// Reads the lines of constant_values.go, computes the same with go/types' constants and compares.
#include "base/vec.h"
#include "go/types/constant.h"

typedef struct Word {
    const char *text;
    Op op;
} Word;

static const Word arithmetic[] = {{"+", OP_ADD},     {"-", OP_SUB},     {"*", OP_MUL},
                                  {"/", OP_DIV},     {"//", OP_DIV},    {"%", OP_REM},
                                  {"&", OP_AND},     {"|", OP_OR},      {"^", OP_XOR},
                                  {"&^", OP_ANDNOT}, {"&&", OP_ANDAND}, {"||", OP_OROR}};
static const Word comparisons[] = {{"==", OP_EQL}, {"!=", OP_NEQ}, {"<", OP_LSS},
                                   {"<=", OP_LEQ}, {">", OP_GTR},  {">=", OP_GEQ}};

typedef VEC(Const *) Stack;

static const Word *find_word(const Word *words, size_t count, Str text) {
    for (size_t i = 0; i < count; i++)
        if (str_eq_c(text, words[i].text)) return &words[i];
    return NULL;
}

static Const *literal(Arena *a, Str word) {
    Str text = str_from(word, 2);
    switch (word.ptr[0]) {
    case 'i': return const_from_literal(a, text, LIT_INT);
    case 'f': return const_from_literal(a, text, LIT_FLOAT);
    case 'm': return const_from_literal(a, text, LIT_IMAG);
    case 's': return const_from_literal(a, text, LIT_STRING);
    case 'r': return const_from_literal(a, text, LIT_RUNE);
    default: return const_bool(a, str_eq_c(text, "true"));
    }
}

static Const *shifted(Arena *a, Str word, Const *x) {
    uint64_t count = 0;
    if (!str_to_u64(str_from(word, 2), &count)) return NULL;
    return const_shift(a, x, word.ptr[0] == '<' ? OP_SHL : OP_SHR, (uint32_t)count);
}

static Const *unary(Arena *a, Str word, Const *x) {
    if (str_eq_c(word, "neg")) return const_unary(a, OP_SUB, x, 0);
    if (str_eq_c(word, "com")) return const_unary(a, OP_XOR, x, 0);
    if (str_eq_c(word, "com8")) return const_unary(a, OP_XOR, x, 8);
    if (str_eq_c(word, "com64")) return const_unary(a, OP_XOR, x, 64);
    if (str_eq_c(word, "not")) return const_unary(a, OP_NOT, x, 0);
    if (str_eq_c(word, "toint")) return const_to_int(a, x);
    if (str_eq_c(word, "tofloat")) return const_to_float(a, x);
    if (str_eq_c(word, "tocomplex")) return const_to_complex(a, x);
    if (str_eq_c(word, "real")) return const_real(a, x);
    if (str_eq_c(word, "imag")) return const_imag_part(a, x);
    if (str_eq_c(word, "makeimag")) return const_imag(a, x);
    if (str_eq_c(word, "f64")) return const_f64(a, const_to_f64(x));
    if (str_eq_c(word, "f32")) return const_f64(a, (double)const_to_f32(x));
    if (str_eq_c(word, "sign")) return const_i64(a, const_sign(x));
    if (str_eq_c(word, "bitlen")) return const_i64(a, const_bit_len(x));
    return shifted(a, word, x);
}

static Const *step(Arena *a, Str word, Stack *stack) {
    if (word.len > 2 && word.ptr[1] == ':') return literal(a, word);
    if (!stack->len) return NULL;
    Const *y = vec_pop(stack);
    const Word *two = find_word(arithmetic, COUNT(arithmetic), word);
    const Word *order = find_word(comparisons, COUNT(comparisons), word);
    if (!two && !order) return unary(a, word, y);
    if (!stack->len) return NULL;
    Const *x = vec_pop(stack);
    if (order) return const_bool(a, const_compare(a, x, order->op, y));
    return const_binary(a, x, two->op, y, str_eq_c(word, "//"));
}

static Const *run(Arena *a, Str program) {
    Stack stack = {0};
    while (program.len) {
        Const *c = step(a, str_split(&program, ' '), &stack);
        if (!c) return NULL;
        vec_push(a, &stack, c);
    }
    return stack.len == 1 ? stack.v[0] : NULL;
}

static bool same(Str line) {
    Arena *a = arena_new("line");
    Str rest = line, program = str_split(&rest, '\t'), text = str_split(&rest, '\t');
    Const *c = run(a, program);
    Str have = c ? const_str(a, c) : STR("not computed");
    Str exact = c ? const_exact_str(a, c) : have;
    bool ok = str_eq(have, text) && str_eq(exact, rest);
    if (!ok)
        printf(STR_FMT "\n    is   " STR_FMT "   " STR_FMT "\n    want " STR_FMT "   " STR_FMT "\n",
               STR_ARG(program), STR_ARG(have), STR_ARG(str_to(exact, 400)), STR_ARG(text),
               STR_ARG(str_to(rest, 400)));
    arena_free(a);
    return ok;
}

int main(void) {
    char *line = NULL;
    size_t cap = 0;
    unsigned lines = 0, wrong = 0;
    for (ssize_t n; (n = getline(&line, &cap, stdin)) > 0; lines++)
        wrong += !same((Str){line, (size_t)n - (line[n - 1] == '\n')});
    free(line);
    printf("%u expressions, %u differ from go/constant\n", lines, wrong);
    return lines < 1000 || wrong ? 1 : 0;
}

//go:build ignore

// Prints constant expressions, one a line, with what go/constant makes of them:
// RPN words, a tab, String, a tab, ExactString (tabs and newlines cannot occur in the two).
// tests/oracle/constant_values.c reads the lines and compares.
package main

import (
	"bufio"
	"fmt"
	"go/constant"
	"go/token"
	"math/rand"
	"os"
	"strings"
)

var integers = strings.Fields(`0 1 2 3 7 10 255 256 0x7fff 65536 0755 0o17 0b1011 1_000_000 2147483647
	2147483648 4294967295 4294967296 9223372036854775807 9223372036854775808 18446744073709551615
	18446744073709551616 0xffffffffffffffffffffffffffffffff 123456789012345678901234567890 0X_1F`)

var floats = strings.Fields(`0.0 0. .5 1.0 1.5 2.5 3.14159265358979323846264338327950288 1e1 1e5 1e6 1e21
	1e-1 1e-4 1e-5 1e-10 1e100 1e308 1.8e308 1e309 1e-308 4.9e-324 2e-324 1e-400 1e400 1e1000 1e1232
	1e1233 1e1234 1e-1232 1e-1233 1e-1300 1e5000 1e-5000 1e10000 1.2345e-9876 9.99999951e12345
	1e1000000000 1e-1000000000 1e99999999999999999999 1e-99999999999999999999 0e99999999999 1e600000000
	1e-600000000 1e646456993 0x1p-99999999 0x1p99999999 0x1p-9999999999 0x1p9999999999 0x1p2147483647
	0x1p-2147483648 0x1.8p1 0x.8p0 0x1p-1074 0x1p-1075 0x1.fffffffffffffp1023 0x1.fffffffffffff8p1023
	0x1p4094 0x1p4095 0x1p4096 0x1p-4095 0x1p-4096 0x1p-4097 1_0.2_5 0123.5 08e1 123456.7 1234567.5
	100000.25 99999.95 999999.5 0.1 0.2 0.3 1e23 8.41e21 33554432.5 2.2250738585072011e-308
	0.333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333
	340282346638528859811704183484516925440.0 3.4028235677973366e38 1.4e-45 0.7e-45`)

var texts = []string{`""`, `"a"`, `"hello, world"`, `"\a\b\f\n\r\t\v\\\"'"`, `"\x00\x7f\xff"`, `"é世界😀"`,
	`"\u00ad\u200b\U000e0001\ufffd\ufeff"`, "`raw\\n`", `"0123456789012345678901234567890123456789"`,
	`"世界世界世界世界世界世界世界世界世界世界世界世界世界世界世界世界世界世界"`}

var runes = []string{`'a'`, `'\n'`, `'\''`, `'世'`, `'\U0010ffff'`, `'\x41'`, `'\101'`}

var binary = map[string]token.Token{"+": token.ADD, "-": token.SUB, "*": token.MUL, "/": token.QUO,
	"//": token.QUO_ASSIGN, "%": token.REM, "&": token.AND, "|": token.OR, "^": token.XOR,
	"&^": token.AND_NOT, "&&": token.LAND, "||": token.LOR}
var compare = map[string]token.Token{"==": token.EQL, "!=": token.NEQ, "<": token.LSS,
	"<=": token.LEQ, ">": token.GTR, ">=": token.GEQ}

var words = strings.Fields(`+ - * / // % & | ^ &^ + - * / + - * / && || == != < <= > >= neg com com8 com64
	not <<1 <<63 <<100 <<1074 >>1 >>64 toint tofloat tocomplex real imag makeimag f64 f32 sign bitlen`)

var random = rand.New(rand.NewSource(26))

func pick(list []string) string { return list[random.Intn(len(list))] }

func operand() string {
	switch random.Intn(12) {
	case 0, 1, 2:
		return "i:" + pick(integers)
	case 3, 4, 5, 6, 7:
		return "f:" + pick(floats)
	case 8:
		return "m:" + pick(floats) + "i"
	case 9:
		return "s:" + strings.ReplaceAll(pick(texts), " ", "\\x20")
	case 10:
		return "r:" + pick(runes)
	}
	return pick([]string{"b:true", "b:false", "m:0123i", "m:0x10i", "m:0b11i"})
}

func literal(word string) constant.Value {
	kinds := map[byte]token.Token{'i': token.INT, 'f': token.FLOAT, 'm': token.IMAG, 's': token.STRING, 'r': token.CHAR}
	if word[0] == 'b' {
		return constant.MakeBool(word == "b:true")
	}
	return constant.MakeFromLiteral(word[2:], kinds[word[0]], 0)
}

func unary(word string, x constant.Value) constant.Value {
	switch word {
	case "neg":
		return constant.UnaryOp(token.SUB, x, 0)
	case "com":
		return constant.UnaryOp(token.XOR, x, 0)
	case "com8":
		return constant.UnaryOp(token.XOR, x, 8)
	case "com64":
		return constant.UnaryOp(token.XOR, x, 64)
	case "not":
		return constant.UnaryOp(token.NOT, x, 0)
	case "toint":
		return constant.ToInt(x)
	case "tofloat":
		return constant.ToFloat(x)
	case "tocomplex":
		return constant.ToComplex(x)
	case "real":
		return constant.Real(x)
	case "imag":
		return constant.Imag(x)
	case "makeimag":
		return constant.MakeImag(x)
	case "f64":
		f, _ := constant.Float64Val(x)
		return constant.MakeFloat64(f)
	case "f32":
		f, _ := constant.Float32Val(x)
		return constant.MakeFloat64(float64(f))
	case "sign":
		return constant.MakeInt64(int64(constant.Sign(x)))
	case "bitlen":
		return constant.MakeInt64(int64(constant.BitLen(x)))
	}
	var n uint
	fmt.Sscanf(word[2:], "%d", &n)
	if word[0] == '<' {
		return constant.Shift(x, token.SHL, n)
	}
	return constant.Shift(x, token.SHR, n)
}

// The checker never joins numbers, strings and booleans.
func compatible(x, y constant.Value) bool {
	class := func(v constant.Value) constant.Kind { return min(v.Kind(), constant.Int) }
	return class(x) == class(y)
}

// The value of x y word, and whether there is one.
func apply(word string, stack []constant.Value) (out []constant.Value, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	n := len(stack)
	if n >= 2 && !compatible(stack[n-2], stack[n-1]) && len(word) <= 2 {
		return nil, false
	}
	if op, found := binary[word]; found && n >= 2 {
		v := constant.BinaryOp(stack[n-2], op, stack[n-1])
		return append(stack[:n-2:n-2], v), true
	}
	if op, found := compare[word]; found && n >= 2 {
		v := constant.Compare(stack[n-2], op, stack[n-1])
		return append(stack[:n-2:n-2], constant.MakeBool(v)), true
	}
	if len(word) <= 2 || n == 0 {
		return nil, false
	}
	return append(stack[:n-1:n-1], unary(word, stack[n-1])), true
}

func small(v constant.Value) bool {
	return v.Kind() != constant.Int || constant.BitLen(v) < 20000
}

func main() {
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	emit := func(program []string, v constant.Value) {
		fmt.Fprintf(w, "%s\t%s\t%s\n", strings.Join(program, " "), v.String(), v.ExactString())
	}
	for _, f := range floats { // every literal alone, and its conversions
		for _, ops := range [][]string{{}, {"f64"}, {"f32"}, {"toint"}, {"neg"}} {
			stack := []constant.Value{literal("f:" + f)}
			ok := true
			for _, op := range ops {
				stack, ok = apply(op, stack)
			}
			if ok {
				emit(append([]string{"f:" + f}, ops...), stack[0])
			}
		}
	}
	for count := 0; count < 6000; {
		var stack []constant.Value
		var program []string
		for steps := 2 + random.Intn(9); steps > 0 || len(stack) != 1; steps-- {
			word := pick(words)
			if len(stack) < 2 && random.Intn(2) == 0 || len(stack) == 0 {
				word = operand()
				stack = append(stack, literal(word))
			} else if next, ok := apply(word, stack); ok && small(next[len(next)-1]) {
				stack = next
			} else if steps < -200 {
				break
			} else {
				continue
			}
			program = append(program, word)
		}
		if len(stack) == 1 {
			emit(program, stack[0])
			count++
		}
	}
}

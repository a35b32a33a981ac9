"""Tests of GOROOT/test as cmd/internal/testdir reads them: what a file asks for, its ERROR comments, and
whether lines match them."""
import os, re, shlex

DIRS = [".", "ken", "chan", "interface", "internal/runtime/sys", "syntax", "dwarf", "fixedbugs", "codegen", "abi",
        "typeparam", "typeparam/mdempsky", "arenas"]
POSITIVE = {"run", "build", "buildrun", "compile", "rundir", "compiledir", "buildrundir", "builddir", "runoutput",
            "asmcheck", "errorcheckandrundir"}
TAGS = {"linux", "amd64", "gc", "cgo", "test_run"}


def constraint_holds(expr):
    def word(m):
        t = m[0]
        release = re.fullmatch(r"go1\.(\d+)", t)
        return str(t in TAGS or bool(release and int(release[1]) <= 26))
    expr = re.sub(r"[\w.]+", word, expr)
    return eval(expr.replace("&&", " and ").replace("||", " or ").replace("!", " not "))


class Case:
    """One test file: what to do and with which options of the compiler."""

    def __init__(self, top, directory, name):
        self.path, self.name = os.path.join(top, directory, name), os.path.normpath(os.path.join(directory, name))
        self.source = open(self.path, "rb").read().decode("utf-8", "replace")
        self.action, self.flags, self.args = "", [], []
        self.skip = ""
        for line in self.source.split("\n"):
            if line.startswith("//go:build ") or line.startswith("// +build"):
                continue
            words = line.strip()
            if words.startswith("//") and words[2:].strip():
                try:
                    self.action, *self.args = shlex.split(words[2:])
                except ValueError:
                    self.action = ""
            if words:
                break
        for line in self.source.split("\npackage")[0].split("\n"):
            if line.startswith("//go:build ") and not constraint_holds(line[len("//go:build "):]):
                self.skip = line
        self.env = dict(os.environ)
        while self.args and self.args[0].startswith("-"):
            f = self.args.pop(0)
            if f in ("-t", "-goexperiment", "-godebug", "-gomodversion"):
                value = self.args.pop(0) if self.args else ""
                if f == "-goexperiment":
                    self.env["GOEXPERIMENT"] = value
            else:
                self.flags.append(f)


def split_output(text):
    out = []
    for line in text.split("\n"):
        if line.startswith("\t") and out:
            out[-1] += "\n" + line
        elif line.strip() and not line.startswith("#"):
            out.append(line)
    return out


def wanted(path):
    out, short = [], os.path.basename(path)
    for i, line in enumerate(open(path, "rb").read().decode("utf-8", "replace").split("\n"), 1):
        if "////" in line:
            continue
        m = re.search(r"// (?:GC_)?ERROR (.*)", line)
        for pattern in re.findall(r'"([^"]*)"', m[1]) if m else []:
            pattern = re.sub(r"LINE(([+-])(\d+))?", lambda g: f"{short}:{i + int((g[2] or '+') + (g[3] or '0'))}", pattern)
            out.append((f"{short}:{i}", pattern))
    return out


def at_place(line, prefix):
    head = line[:line.find(":")] if ":" in line else ""
    line = line[head.rfind("/") + 1:]
    return line.startswith(prefix) and line[len(prefix):len(prefix) + 1] in ("[", ":")


def compare(files, lines):
    """(expressions, those matched, problems)"""
    want, found, problems = [w for f in files for w in wanted(f)], 0, []
    for prefix, pattern in want:
        here = [l for l in lines if at_place(l, prefix)]
        lines = [l for l in lines if not at_place(l, prefix)]
        rest = [l for l in here if not re.search(pattern, l.split(" ", 1)[-1])]
        if len(rest) < len(here):
            found += 1
        else:
            problems.append(f"missed {prefix}: {pattern}" + "".join("\n    have " + l for l in rest))
        lines += rest
    names = [os.path.basename(f) + ":" for f in files]
    problems += ["unexpected " + l for l in lines if any(l.startswith(n) for n in names)]
    return len(want), found, problems


def packages_of(case):
    """[(import path, files)] of a test's directory, as the test runs them in turn"""
    directory = case.path[:-3] + ".dir"
    by_name, order = {}, []
    for f in sorted(os.listdir(directory)) if os.path.isdir(directory) else []:
        path = os.path.join(directory, f)
        if not f.endswith(".go"):
            continue
        m = re.search(r"^package (\w+)", open(path, encoding="utf-8", errors="replace").read(), re.MULTILINE)
        name = m[1] if m else f
        if name not in by_name or "-s" in case.flags:
            by_name[name] = [name, []]
            order.append(by_name[name])
        by_name[name][1].append(path)
    return [("main" if name == "main" else "test/" + os.path.basename(files[0])[:-3], files) for name, files in order]


def write_package(where, files, module):
    """Files of a test as a package in a directory; "./a" and "test/a", which they import, become module/a. Lines
    stay where they are; constraints go, as the compiler does not read them."""
    os.makedirs(where, exist_ok=True)
    open(os.path.join(where, "bodies.s"), "w").close() # functions without a body are allowed
    for name in files:
        text = open(name, "rb").read().decode("utf-8", "surrogateescape")
        text = re.sub(r'(import (?:\w+ |\. )?|^\s+(?:\w+ |\. )?)"(?:\./|test/)([\w./]+)"', rf'\1"{module}/\2"', text,
                      flags=re.M)
        text = re.sub(r"^//go:build .*", "", text, flags=re.M)
        with open(os.path.join(where, os.path.basename(name)), "w", encoding="utf-8", errors="surrogateescape") as f:
            f.write(text)


def tests(goroot, names):
    """All tests whose path has one of the names in it."""
    out, top = [], os.path.join(goroot, "test")
    for d in DIRS:
        directory = os.path.join(top, d)
        for f in sorted(os.listdir(directory)) if os.path.isdir(directory) else []:
            if f.endswith(".go") and (not names or any(n in os.path.join(d, f) for n in names)):
                out.append(Case(top, d, f))
    return [c for c in out if c.action and not c.skip]
